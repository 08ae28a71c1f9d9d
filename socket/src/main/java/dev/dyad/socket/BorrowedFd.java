package dev.dyad.socket;

import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import java.nio.channels.ClosedChannelException;

/// The number of a descriptor, which stays open until this is closed.
///
/// For handing an end to a call that wants a number: a spawn, a native library, another runtime's event loop. It
/// may be used from any thread; whoever borrowed it closes it, and closing it twice does nothing. The end may be
/// closed meanwhile; its descriptor then closes with this.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="borrowed-fd"}
public final class BorrowedFd implements AutoCloseable {

    private final FdMutex owner;
    private final int fd;
    private boolean returned;

    private BorrowedFd(FdMutex owner, int fd) {
        this.owner = owner;
        this.fd = fd;
    }

    /// Keeps a descriptor open for a look at it.
    static BorrowedFd of(FdMutex owner) throws ClosedChannelException {
        return new BorrowedFd(owner, owner.acquire());
    }

    /// Keeps the descriptor of a socket open for somebody who may hand it on to another process.
    static BorrowedFd toShare(Fd ends) throws ClosedChannelException {
        ends.share();
        return of(ends.fd);
    }

    /// Returns the number, which is this descriptor's until [#close].
    ///
    /// @return zero or more
    public int fd() {
        return fd;
    }

    @Override
    public synchronized void close() {
        if (!returned) {
            returned = true;
            owner.release();
        }
    }
}
