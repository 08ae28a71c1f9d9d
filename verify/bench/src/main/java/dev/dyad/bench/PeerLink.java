package dev.dyad.bench;

import java.io.Closeable;
import org.HdrHistogram.Histogram;

/// A connection to a child JVM, of the peer that is named: the child echoes messages, or takes chunks.
interface PeerLink extends Closeable {

    /// What the child does with messages of 64 bytes.
    String ECHO = "echo";
    /// What it does with chunks of 64 KiB.
    String TAKE = "take";

    /// In bytes.
    int CHUNK = 1 << 16;

    /// Asks for so long, one after the other.
    ///
    /// @return how long each took from its ask to its answer
    Histogram ask(double seconds) throws Exception;

    /// Gives for so long.
    ///
    /// @return the GB/s that were taken
    double give(double seconds) throws Exception;
}
