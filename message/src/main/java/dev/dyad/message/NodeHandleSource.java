package dev.dyad.message;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;

/// Lends a descriptor as Node expects one: a stream socket on which no call blocks.
///
/// Node has one thread. On a socket that blocks it would wait for a client that does not read, and it
/// aborts at a descriptor that is a file.
final class NodeHandleSource implements DescriptorSource {

    private final DescriptorSource handle;
    private final boolean listens;

    /// @param listens whether it is to be a listener
    NodeHandleSource(DescriptorSource handle, boolean listens) {
        this.handle = handle;
        this.listens = listens;
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        BorrowedFd lent = handle.borrow();
        boolean isLent = false;
        try {
            isLent = SocketCalls.setStreamNonBlocking(lent.fd());
            if (isLent && listens && !SocketCalls.isListening(lent.fd())) {
                isLent = false;
                throw new IllegalArgumentException("Node would end at a server that does not listen: " + handle);
            }
        } finally {
            if (!isLent) {
                lent.close();
            }
        }
        if (!isLent) {
            throw new IllegalArgumentException("Node would end at a handle that is no stream socket: " + handle);
        }
        return lent;
    }
}
