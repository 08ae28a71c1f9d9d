package dev.dyad.soak;

import java.util.Random;

/// One kind of work, which a soak repeats until it is over.
interface Workload {

    String name();

    /// Does it once: opens what it needs, compares every byte, and closes all of it.
    ///
    /// @param random decides all that is random in it, but for the order in which threads come to run
    /// @return how many bytes have been compared
    /// @throws Exception if a byte, a message, a descriptor or an end is not what it should be
    long round(Random random, KillTargets targets) throws Exception;
}
