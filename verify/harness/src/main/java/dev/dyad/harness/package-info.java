/// What all tests share: counting what they leave behind, seeds, fresh JVMs.
@NullMarked
package dev.dyad.harness;

import org.jspecify.annotations.NullMarked;
