package dev.dyad.socket;

import java.util.Objects;

/// The number of a descriptor, which stays open until this is closed.
///
/// For calls that want a number: a spawn, a native library, another runtime's event loop. It may be used from any
/// thread; the borrower closes it, and closing it twice does nothing. The end may be closed
/// meanwhile; its descriptor then closes with this.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="borrowed-fd"}
public final class BorrowedFd implements AutoCloseable {

    private final int fd;
    private final Runnable giveBack;
    private boolean returned;

    private BorrowedFd(int fd, Runnable giveBack) {
        this.fd = fd;
        this.giveBack = giveBack;
    }

    /// Lends a number that something else keeps open, such as a native library: for your own [DescriptorSource].
    ///
    /// @param fd the number, which stays open until it is given back
    /// @param giveBack what is run once, by the first [#close]
    /// @return the number
    public static BorrowedFd of(int fd, Runnable giveBack) {
        if (fd < 0) {
            throw new IllegalArgumentException("a descriptor is zero or more, not " + fd);
        }
        return new BorrowedFd(fd, Objects.requireNonNull(giveBack));
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
            giveBack.run();
        }
    }
}
