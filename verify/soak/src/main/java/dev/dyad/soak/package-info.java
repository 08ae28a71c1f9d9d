/// Everything at once, at random, for as long as one likes: whether what it takes comes back.
@NullMarked
package dev.dyad.soak;

import org.jspecify.annotations.NullMarked;
