package dev.dyad.socket;

import java.io.IOException;

/// Something that owns an open file descriptor, and lends it: for a message that carries it, or for a call that
/// wants a number.
///
/// The ends and [Descriptor] are such. A class of yours may be one, too: it passes on what another one lends, or
/// lends a number by [BorrowedFd#of].
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="descriptor-source"}
public interface DescriptorSource {

    /// Keeps the descriptor open and tells its number, for a call that wants one.
    ///
    /// @return the number, until it is closed
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws UnsupportedOperationException if this has no descriptor to show, as an end of the JDK
    BorrowedFd borrow() throws IOException;
}
