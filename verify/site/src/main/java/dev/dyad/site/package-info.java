/// The pages of this repository as a site of static HTML, for people who do not read Markdown.
@NullMarked
package dev.dyad.site;

import org.jspecify.annotations.NullMarked;
