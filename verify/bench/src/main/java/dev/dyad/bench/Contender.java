package dev.dyad.bench;

import java.io.IOException;

/// Something that can be measured again and again.
@FunctionalInterface
interface Contender {

    /// Measures once, in the unit of the case that this belongs to.
    double measure() throws IOException, InterruptedException;
}
