package dev.dyad.socket.fd;

/// The place of a [RawSocket] in something that watches many of them, which it keeps when a wait is over.
public abstract class Membership {

    public final RawSocket socket;

    /// The socket's number, for as long as this is not [gone][#isGone].
    public final int fd;

    final Object watcher;
    volatile boolean gone; // written under the lock of the socket

    protected Membership(Object watcher, RawSocket socket, int fd) {
        this.watcher = watcher;
        this.socket = socket;
        this.fd = fd;
    }

    /// Returns whether the socket was closed.
    public final boolean isGone() {
        return gone;
    }

    /// Is told that the socket is being closed; its lock is held, and its number still ours.
    protected abstract void lost();

    final void end() {
        gone = true;
        lost();
    }
}
