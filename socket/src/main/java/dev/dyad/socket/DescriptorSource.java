package dev.dyad.socket;

import java.io.IOException;

/// Something that owns an open file descriptor, and lends it: for a message that carries it, or for a call that
/// wants a number.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="descriptor-source"}
public sealed interface DescriptorSource permits Endpoint, Descriptor, SystemSocket {

    /// Keeps the descriptor open and tells its number, for a call that wants one.
    ///
    /// @return the number, until it is closed
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws UnsupportedOperationException if this has no descriptor to show, as an end of the JDK
    BorrowedFd borrow() throws IOException;
}
