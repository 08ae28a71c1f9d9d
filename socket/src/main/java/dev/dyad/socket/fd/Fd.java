package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysIoctl;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.BlockingWaiter;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The descriptor of a socket with its two directions, which know each other before there is a socket.
public final class Fd implements FdMutex.Closer, LeakCleaner.Closing, WaitStrategy.Source, BlockingWaiter.Source {

    /// The family of what is no socket, or may be none.
    public static final int NO_SOCKET = 0;

    private static final Platform OS = Platforms.current();

    public final FdMutex fd;
    public final Direction reading;
    public final Direction writing;
    private final int family;
    private final int type;
    private final boolean adopted;
    private volatile boolean connected;
    private volatile boolean shared; // once another process may have it, too: for good, as nobody tells of its close
    private volatile boolean reset; // the peer went without having received everything; never unset
    private boolean connecting; // guarded by this

    // -- set before anybody waits
    private boolean bytesOnly;
    private boolean tellsOfShutdown;

    /// @param family its address family, or [#NO_SOCKET]
    /// @param type the type of the socket
    /// @param adopted whether the number came from outside, so that an error of ours is not the only way to a bad
    ///     one
    /// @param connected whether it may be connected: one that came from outside is taken to be
    public Fd(int raw, int family, int type, boolean adopted, boolean connected) {
        fd = new FdMutex(raw, this);
        reading = new Direction(fd, FdMutex.Turn.READING, this);
        writing = new Direction(fd, FdMutex.Turn.WRITING, this);
        this.family = family;
        this.type = type;
        this.adopted = adopted;
        this.connected = connected;
        shared = adopted;
    }

    /// Says what has them, by which number, for messages to people.
    public String described(String what, boolean isOpen) {
        return what + "[" + fd.number() + (isOpen ? "" : ", closed") + "]";
    }

    /// Says that readers wait for bytes only, so that they may wait in the call that receives these.
    public void setBytesOnly() {
        bytesOnly = true;
    }

    /// Says that a look for a shutdown goes before each wait: a socket of datagrams tells of one only to a call that
    /// waits.
    void tellOfShutdown() {
        tellsOfShutdown = true;
    }

    /// A writer does not spin: it would be in the reader's way.
    @Override
    public WaitStrategy strategyFor(Direction direction) {
        return direction.turn == FdMutex.Turn.WRITING
                ? FdWaitStrategy.of(direction)
                : new FdWaitStrategy(direction, Spin.ON, bytesOnly ? this : null, tellsOfShutdown);
    }

    /// Closes the descriptor, once the last call under way has left.
    @Override
    public void closeNumber(int raw) {
        reading.forget(raw);
        writing.forget(raw);
        SocketCalls.closeNow(raw);
    }

    @Override
    public boolean isClosed() {
        return fd.isClosed();
    }

    @Override
    public String describe() {
        return FdDescription.of(this);
    }

    /// Closes the descriptor of a socket that nobody uses any more.
    @Override
    public boolean close() {
        return fd.close();
    }

    /// Says that nobody else has the descriptor, of an end that nobody uses yet.
    public void unshare() {
        shared = false;
    }

    /// Says that somebody else may have the descriptor from now on, too.
    public void share() {
        shared = true;
    }

    /// Lends the descriptor to a caller that may hand it on to another process.
    public BorrowedFd lendToShare() throws ClosedChannelException {
        shared = true;
        return fd.lend();
    }

    /// Returns whether another process may have the descriptor, too, and hold up what needs the socket's locks.
    public boolean isShared() {
        return shared;
    }

    public int type() {
        return type;
    }

    public int family() {
        return family;
    }

    /// Returns what a socket of its family can do.
    public Set<Capability> capabilities() {
        return family == OS.AF_UNIX() ? EnumSet.allOf(Capability.class) : EnumSet.of(Capability.DESCRIPTOR);
    }

    public boolean isConnected() {
        return connected;
    }

    public void setConnected() {
        connected = true;
    }

    /// Begins to connect, as one thread at a time may; [#endConnect] must follow.
    ///
    /// One that came from outside may be unconnected, which only the kernel knows.
    public synchronized void beginConnect() throws IOException {
        if (connecting) {
            throw new ConnectionPendingException();
        }
        if (connected && !(adopted && SocketNames.remote(this) == null)) {
            throw new AlreadyConnectedException();
        }
        connecting = true;
    }

    public synchronized void endConnect(boolean successful) {
        connecting = false;
        connected |= successful;
    }

    /// Throws if nothing can be sent or received yet, before any call is made.
    public void requireConnected() {
        if (!connected) {
            throw new NotYetConnectedException();
        }
    }

    /// Throws, before any call is made, if there are descriptors to be passed that the family would drop.
    public void requirePassing(int descriptors) {
        if (descriptors > 0 && !capabilities().contains(Capability.DESCRIPTOR_PASSING)) {
            throw new UnsupportedOperationException("only sockets of the UNIX domain pass descriptors");
        }
    }

    /// Waits until the descriptor can be read, or nobody can read from it any more.
    ///
    /// @return more than zero, or `-errno`: `-EAGAIN` when the time is up, `-EINTR` if this thread is interrupted,
    ///     `-EBADF` where it is closed
    public long awaitReadable(TimeLimit until) throws IOException {
        Attempt look = () -> SocketCalls.isReadable(fd.number()) ? 1 : -Errno.EAGAIN.code();
        return reading.perform(look, until, Interrupts.RETURN, new InterruptHook(reading::wake));
    }

    /// `shutdown(2)` of one direction.
    public void shutdown(boolean output) throws IOException {
        int raw = fd.acquire();
        try (var call = CallState.open()) {
            int answer = SysSocket.shutdown(call, raw, output ? OS.SHUT_WR() : OS.SHUT_RD());
            if (answer < 0 && !Errno.of(answer).equals(Errno.ENOTCONN)) { // the peer has gone, which is an end as well
                throw failure("shutdown", Errno.of(answer));
            }
        } finally {
            fd.release();
        }
    }

    /// Ends a connection that was closed while a thread cannot leave a call, so that both it and the peer learn
    /// of it, or a listener, so that nobody connects; but not what somebody else may have, too, or goes on
    /// elsewhere.
    ///
    /// @param raw the number, which the caller keeps open
    @Override
    public void endClosed(int raw) {
        if (fd.isClosed() && !shared && !fd.isHandedOver()) {
            try (var call = CallState.open()) {
                int _ = SysSocket.shutdown(call, raw, OS.SHUT_RDWR()); // ENOTCONN: it has ended
            }
        }
    }

    /// Ends, as [#endClosed], what was to go on elsewhere and cannot; the caller keeps the number open.
    public void endHandedOver() {
        fd.handOver(null);
        endClosed(fd.number());
    }

    /// Returns how many bytes can be received without waiting.
    public int unread() throws IOException {
        int raw = fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment count = call.allocate(ValueLayout.JAVA_INT);
            int answer = SysIoctl.ioctl(call, raw, OS.FIONREAD(), count);
            if (answer < 0) {
                throw failure("ioctl", Errno.of(answer));
            }
            return count.get(ValueLayout.JAVA_INT, 0);
        } finally {
            fd.release();
        }
    }

    @Override
    public boolean isAtEnd() {
        return !fd.isClosed() && !reset;
    }

    /// Returns whether a call that received no byte has found the end.
    ///
    /// Datagrams know no end. A sequenced packet has a time, and the end of such a connection has none.
    public boolean isEnd(boolean hadRoom, boolean hadTime) {
        if (type == OS.SOCK_STREAM()) {
            return hadRoom;
        }
        return type == OS.SOCK_SEQPACKET() && !hadTime;
    }

    /// Returns what a call answers that has found the end: zero, or `-ECONNRESET` where what came broke off.
    ///
    /// The kernel tells of a reset once, and later calls of an end.
    public long end() {
        return reset ? -Errno.ECONNRESET.code() : 0;
    }

    /// Returns what to throw for a call that failed.
    public IOException failure(String call, Errno errno) {
        return failure(call, errno, null);
    }

    /// Returns what to throw for a call that failed, and that named another socket where `address` is not `null`.
    public IOException failure(String call, Errno errno, @Nullable SocketAddress address) {
        if (!adopted && (errno.equals(Errno.EBADF) || errno.equals(Errno.EFAULT) || errno.equals(Errno.ENOTSOCK))) {
            throw new AssertionError(call + ": " + errno);
        }
        reset |= errno.equals(Errno.ECONNRESET);
        return new SystemCallException(call, errno, address == null ? null : SocketAddresses.text(address));
    }

    public static boolean interrupted(long answer) {
        return answer < 0 && Errno.of(answer).equals(Errno.EINTR);
    }
}
