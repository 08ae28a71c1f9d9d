package dev.dyad.socket;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.Acceptor;
import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.OwnAcceptor;
import dev.dyad.socket.fd.SharedAcceptor;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.fd.SocketNames;
import dev.dyad.socket.fd.StaleFile;
import dev.dyad.socket.jdk.ServerChannels;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.FdOptions;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A socket that listens: others connect to its name, and each connection is accepted as a socket of its own.
///
/// A name in the file system stays there when the listener is closed, and cannot be bound to again until the
/// file is deleted: by its owner, or by the next listener, which may
/// [take the place of a stale file][#bindReplacingStale].
///
/// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="listener"}
///
/// A listener that was taken over and that blocks may be shared with other processes, and stays as it is. One
/// that was opened here blocks as well, as other programs expect it, once it has been [given away][#borrow]: to
/// a child, in a message, or as a [Descriptor]. An [#accept] here then takes 0.1 ms more, because a thread of
/// its own makes the call. Where several calls wait for a connection, one of them gets it. A connection that
/// comes at the moment when a call of [#accept] ends may be taken all the same; the next call then returns it.
/// Once this is closed, it takes nothing more.
///
/// @param <S> what is accepted
/// @see <a href="https://man7.org/linux/man-pages/man2/accept.2.html">accept(2)</a>
public final class Listener<S extends Endpoint> extends Endpoint {

    private static final Platform OS = Platforms.current();
    private static final int EAGAIN = Errno.EAGAIN.code();
    private static final String ACCEPT = "accept4";

    private final Fd ends;
    private final SocketCalls.Kind<S> kind;
    private final Acceptor backlog;
    private final Cleaner.Cleanable watch;
    private volatile boolean listening;

    private Listener(Fd ends, SocketCalls.Kind<S> kind, boolean listening, Acceptor backlog) {
        super(ends.reading, ends.writing);
        this.ends = ends;
        this.kind = kind;
        this.listening = listening;
        this.backlog = backlog;
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.LISTENER);
    }

    /// Listens for streams at an address, with the longest backlog that the system has by default.
    ///
    /// @param address where: a [UnixAddress], a [java.net.UnixDomainSocketAddress] or a
    ///     [java.net.InetSocketAddress], whose port may be zero for one that the kernel chooses
    /// @return the listener
    /// @throws IOException as [#bind(SocketAddress, int)]
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<StreamSocket> stream(SocketAddress address) throws IOException {
        return stream(address, OS.SOMAXCONN());
    }

    /// Listens for streams at an address.
    ///
    /// @param address where
    /// @param backlog how many connections may wait to be accepted, which the kernel limits
    /// @return the listener
    /// @throws IOException as [#bind(SocketAddress, int)]
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<StreamSocket> stream(SocketAddress address, int backlog) throws IOException {
        SocketCalls.requireNative();
        return CloseOnFailure.of(
                openStream(SocketAddresses.family(address)), listener -> listener.bind(address, backlog));
    }

    /// Listens for streams at an address, replacing the file that a former listener left there, with the longest
    /// backlog that the system has by default.
    ///
    /// @param address where, as for [#stream(SocketAddress)]
    /// @return the listener
    /// @throws IOException as [#bindReplacingStale(SocketAddress, int)]
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<StreamSocket> streamReplacingStale(SocketAddress address) throws IOException {
        SocketCalls.requireNative();
        return CloseOnFailure.of(
                openStream(SocketAddresses.family(address)),
                listener -> listener.bindReplacingStale(address, OS.SOMAXCONN()));
    }

    /// Listens for connections of sequenced packets at an address, with the longest backlog that the system has
    /// by default.
    ///
    /// @param address where: a [UnixAddress] or a [java.net.UnixDomainSocketAddress]
    /// @return the listener
    /// @throws IOException as [#bind(SocketAddress, int)]
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<MessageSocket> seqpacket(SocketAddress address) throws IOException {
        return seqpacket(address, OS.SOMAXCONN());
    }

    /// Listens for connections of sequenced packets at an address.
    ///
    /// @param address where
    /// @param backlog how many connections may wait to be accepted, which the kernel limits
    /// @return the listener
    /// @throws IOException as [#bind(SocketAddress, int)]
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<MessageSocket> seqpacket(SocketAddress address, int backlog) throws IOException {
        return CloseOnFailure.of(openSeqpacket(), listener -> listener.bind(address, backlog));
    }

    /// Opens a listener for streams that does not listen yet, for options that must be set before.
    ///
    /// As with the JDK's, `SO_REUSEADDR` is set already where the family has ports.
    ///
    /// @param domain an address family, such as [SocketPair#AF_INET]
    /// @return the listener, which throws [NotYetBoundException] until [#bind]
    /// @throws SystemCallException if `socket(2)` fails, as with `EAFNOSUPPORT`
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<StreamSocket> openStream(int domain) throws IOException {
        return open(domain, OS.SOCK_STREAM(), NativeStreamSocket::new);
    }

    /// Opens a listener for connections of sequenced packets that does not listen yet.
    ///
    /// @return the listener, which throws [NotYetBoundException] until [#bind]
    /// @throws SystemCallException if `socket(2)` fails
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<MessageSocket> openSeqpacket() throws IOException {
        return open(OS.AF_UNIX(), OS.SOCK_SEQPACKET(), MessageSocket::new);
    }

    /// Takes over an open descriptor of a socket that listens, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's.
    ///
    /// @param fd the number
    /// @return a listener for [StreamSocket] or for [MessageSocket]
    /// @throws SystemCallException if it is not open, or not a socket that listens
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<?> adopt(int fd) throws IOException {
        SocketCalls.requireNative();
        return SocketCalls.intOption(fd, OS.SO_TYPE()) == OS.SOCK_SEQPACKET() ? adoptSeqpacket(fd) : adoptStream(fd);
    }

    /// Takes over an open descriptor of a socket that listens for streams, and makes it close-on-exec.
    ///
    /// @param fd the number
    /// @return the listener
    /// @throws SystemCallException if it is not open, or not a stream socket that listens
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<StreamSocket> adoptStream(int fd) throws IOException {
        return adopt(fd, SocketCalls.Types.STREAM, NativeStreamSocket::new);
    }

    /// Takes over an open descriptor of a socket that listens for connections of sequenced packets, and makes it
    /// close-on-exec.
    ///
    /// @param fd the number
    /// @return the listener
    /// @throws SystemCallException if it is not open, or not a socket of sequenced packets that listens
    /// @throws UnsupportedOperationException where there is no native access
    public static Listener<MessageSocket> adoptSeqpacket(int fd) throws IOException {
        return adopt(fd, SocketCalls.Types.SEQPACKET, MessageSocket::new);
    }

    /// Gives an open listener its name, and begins to listen.
    ///
    /// @param address where: an address of its family
    /// @param backlog how many connections may wait to be accepted, which the kernel limits
    /// @return this
    /// @throws SystemCallException if `bind(2)` or `listen(2)` fails, as with `EADDRINUSE` where somebody has the
    ///     address or a file has the name, `EACCES` where the folder may not be written to, and `ENOENT` where it
    ///     is not there
    /// @throws IllegalArgumentException if the backlog is negative
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the family has no such address
    /// @throws java.nio.channels.UnresolvedAddressException if it is a name that is not resolved
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    public Listener<S> bind(SocketAddress address, int backlog) throws IOException {
        requireBacklog(backlog);
        SocketNames.bind(ends, address);
        return listen(address, backlog);
    }

    /// Gives an open listener its name as [#bind] does, in the place of a stale file, and begins to listen.
    ///
    /// A file is stale if it is a socket's and no process has that socket any more: its listener was closed, or
    /// its process killed. Such a file is deleted. Anything that is no socket stays, a symbolic link too, and
    /// so does a socket that a process has, even if that does not answer: because its queue is full, it does
    /// not listen yet, or it is of another type. The process that listens there notices nothing.
    ///
    /// If several processes do this at once, one succeeds. They keep each other out by a lock (`flock(2)`) on a
    /// file next to the socket's, whose name has `.lock` added, as tmux and Wayland do. The lock file is made
    /// when there is a stale one, with access only for its owner, and stays, unless this fails after that. In a
    /// folder where everybody makes files, such as `/tmp`, another user can make it first and so keep the owner
    /// of the socket out: the exception says whose it is. Choose a folder of your own.
    ///
    /// Nothing else is kept out: a program that deletes the file in another way at the same moment may delete
    /// that of the next listener. Nor does this work across machines or kernels that share the folder, as a
    /// virtual machine does: to them, a socket of ours is stale.
    ///
    /// An address that is no path is bound to as by [#bind]. This does not wait.
    ///
    /// @param address where: an address of its family
    /// @param backlog how many connections may wait to be accepted, which the kernel limits
    /// @return this
    /// @throws SystemCallException as [#bind], with `EADDRINUSE` where somebody has the address, where another
    ///     takes it over at this moment, and where the file is no socket's; if `connect(2)` fails, as with
    ///     `EACCES` where the socket is another user's and may not be written to; if `unlink(2)` fails, as with
    ///     `EPERM` where it is another user's in a folder like `/tmp`; or if `open(2)` or `flock(2)` of the lock
    ///     fails
    /// @throws IllegalArgumentException if the backlog is negative
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the family has no such address
    /// @throws java.nio.channels.UnresolvedAddressException if it is a name that is not resolved
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
    public Listener<S> bindReplacingStale(SocketAddress address, int backlog) throws IOException {
        requireBacklog(backlog);
        StaleFile.bindReplacing(ends, address);
        return listen(address, backlog);
    }

    /// Accepts a connection, waiting for one.
    ///
    /// @return the connection, which is the caller's to close
    /// @throws NotYetBoundException if this does not listen yet
    /// @throws java.nio.channels.AsynchronousCloseException if another thread closes this meanwhile
    /// @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes this
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws SystemCallException if `accept4(2)` fails, as with `EMFILE` where no descriptor is left: the
    ///     connection then stays where it is
    public S accept() throws IOException {
        return accept(Deadline.never());
    }

    /// Accepts a connection, waiting for one until `deadline`.
    ///
    /// @param deadline until when to wait
    /// @return the connection, which is the caller's to close
    /// @throws java.net.SocketTimeoutException if nobody came in time
    /// @throws IOException as [#accept()]
    public S accept(Deadline deadline) throws IOException {
        return accept(deadline, Interrupts.CLOSE);
    }

    /// Accepts a connection; `interrupts` says what an interrupt of this thread does.
    S accept(Deadline deadline, Interrupts interrupts) throws IOException {
        requireListening();
        var acceptance = new Acceptance();
        boolean completed = false;
        try {
            long _ = receiving(
                    deadline.limit(),
                    interrupts,
                    SystemCall.of(
                            ACCEPT, () -> acceptance.keep(deadline.hasPassed() ? backlog.takeNow() : backlog.take())));
            completed = true;
        } finally {
            backlog.rest();
            if (!completed) {
                acceptance.discard();
            }
        }
        return accepted(acceptance.descriptor);
    }

    /// Accepts a connection if one is there now, without waiting, not even for its turn.
    ///
    /// A listener that may be shared with other processes takes 0.1 ms where somebody is there, up to 10 ms where
    /// another process is faster, and up to a second on a busy machine.
    ///
    /// @return the connection, which is the caller's to close, or `null` if nobody is there
    /// @throws IOException as [#accept()]
    public @Nullable S tryAccept() throws IOException {
        requireListening();
        long answer;
        try {
            answer = receivingNow(SystemCall.of(ACCEPT, backlog::takeNow));
        } finally {
            backlog.rest();
        }
        return answer == -EAGAIN ? null : accepted((int) answer);
    }

    /// Turns this listener into a server channel of the JDK, for code that accepts only channels: a
    /// [java.nio.channels.Selector], Netty, Jetty. For Netty it is a `NioServerSocketChannel` where this
    /// listens at a port, and a `NioServerDomainSocketChannel` where it listens at a path.
    ///
    /// This listener is consumed: calls under way end as if it were closed, and later ones throw
    /// [java.nio.channels.ClosedChannelException]. Connections that are still in the backlog are accepted by the
    /// channel. Where this fails, the listener is still open and as it was. The only exception: where a thread
    /// cannot leave its call, as when a debugger has suspended it, the listener is ended after ten seconds.
    ///
    /// The channel is the caller's to close. It blocks until it is told not to, and is a TCP channel where this
    /// listens at a port. **The address that it reports is a private one, not this listener's**, as the JDK asks
    /// for the address only at its own `bind`: ask [#localAddress] before. The connections that it accepts have
    /// their own addresses.
    ///
    /// Making it takes a descriptor, and a port or a file, for a moment; none of them remains.
    ///
    /// Unlike this listener, a channel of the JDK sets `O_NONBLOCK`: when it is told not to block, and for good
    /// when a virtual thread uses it. A process that has a copy of the descriptor sees that as well; it also
    /// sees that a listener which did not block does block now. A connection that was taken for a call which
    /// ended at that moment, as it may be where the listener is shared, is closed.
    ///
    /// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="server-socket-channel"}
    ///
    /// @return the channel
    /// @throws java.nio.channels.AsynchronousCloseException if another thread closes this meanwhile
    /// @throws java.nio.channels.ClosedChannelException if this is closed, or was consumed already
    /// @throws NotYetBoundException if this does not listen yet
    /// @throws UnsupportedOperationException if this accepts packets, or if the JDK has no channels of its
    ///     address family, as of IPv6 where this JVM was told not to use it
    /// @throws IOException if no descriptor is left, no folder can be written to, or a thread does not leave its
    ///     call
    /// @see StreamSocket#toSocketChannel()
    public ServerSocketChannel toServerSocketChannel() throws IOException {
        requireStreams();
        requireListening();
        int raw = ends.fd.acquire();
        try {
            return CloseOnFailure.of(ServerChannels.channelOver(raw, ends.family()), this::handOnTo);
        } finally {
            ends.fd.release();
        }
    }

    /// Returns this listener as a [ServerSocket], for a server that accepts nothing else.
    ///
    /// It is this listener under another name. Closing one closes both, and other threads may go on to use the
    /// listener. What it accepts is a [StreamSocket#asSocket()].
    ///
    /// It does what such servers expect. `setSoTimeout` limits each `accept`, which then throws
    /// [java.net.SocketTimeoutException]. A close ends an `accept` that waits, by a [java.net.SocketException].
    /// Its address is this listener's. Where that is no port, `getLocalPort` is zero and `getInetAddress` the
    /// loopback address. Its options are this listener's. It is bound already and has no channel.
    ///
    /// An interrupt acts on `accept` as with every [ServerSocket], not as with this listener's own: it does
    /// nothing to a platform thread; on a virtual thread that waits, it closes the socket, and the call throws a
    /// [java.net.SocketException]. A virtual thread that is in line behind another one's `accept` stays there,
    /// and closes the socket when its turn comes and no connection is there.
    ///
    /// @return the server socket, which listens
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws NotYetBoundException if this does not listen yet
    /// @throws UnsupportedOperationException if this accepts packets
    /// @throws SystemCallException if `getsockname(2)` fails
    public ServerSocket asServerSocket() throws IOException {
        requireStreams();
        requireListening();
        return new ServerSocketView(this);
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        return SocketNames.local(ends);
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.DESCRIPTOR);
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        prepareToShare();
        return ends.lendToShare();
    }

    @Override
    void prepareToShare() throws IOException {
        backlog.share();
    }

    /// Says which number it is, and whether it is closed, for messages to people.
    @Override
    public String toString() {
        return ends.described("Listener", isOpen());
    }

    @Override
    BorrowedFd look() throws IOException {
        return ends.fd.lend();
    }

    @Override
    IOException failure(SystemCall call, Errno errno) {
        return Acceptor.failure(ends, errno);
    }

    @Override
    EndpointOptions options() {
        return new FdOptions(ends);
    }

    @Override
    void shutdown(boolean output) {
        throw new AssertionError("a listener has no direction to end");
    }

    @Override
    boolean closeEnd() throws IOException {
        try (var held = ends.fd.lend()) {
            ends.fd.handOver(handedOn());
            ends.fd.close();
            if (handedOn() == null) {
                ends.endClosed(held.fd()); // nobody connects to it any more, even if a thread is still in a call
            }
        } finally {
            backlog.close();
            watch.clean();
        }
        return ends.fd.isGone();
    }

    @Override
    void endConnection() {
        ends.endHandedOver();
    }

    @Override
    boolean isLeft() {
        return super.isLeft() && backlog.isIdle();
    }

    /// The address is free once the descriptor is closed, which a call of [#accept] holds up, wherever it is.
    /// It does not wait until a borrowed descriptor is given back.
    @Override
    void awaitClosed() {
        if (!reading.isEntered()) {
            boolean _ = BoundedWait.await(() -> ends.fd.isGone() || isLeft(), BoundedWait.MOMENT);
        }
    }

    /// As with the JDK's, a port is free for the next listener though connections of the last one linger.
    private static <S extends Endpoint> Listener<S> open(int domain, int type, SocketCalls.Kind<S> kind)
            throws IOException {
        return SocketCalls.open(domain, type, OS.SOCK_NONBLOCK(), ends -> {
            if (domain != OS.AF_UNIX()) {
                SocketCalls.switchOn(ends, OS.SO_REUSEADDR());
            }
            return new Listener<>(ends, kind, false, new OwnAcceptor(ends, true));
        });
    }

    private static <S extends Endpoint> Listener<S> adopt(int fd, SocketCalls.Types types, SocketCalls.Kind<S> kind)
            throws IOException {
        SocketCalls.requireNative();
        boolean own = SocketCalls.isNonBlocking(fd);
        return SocketCalls.adopt(
                fd,
                types,
                true,
                ends -> new Listener<>(
                        ends, kind, true, own ? new OwnAcceptor(ends, false) : new SharedAcceptor(ends)));
    }

    private static void requireBacklog(int backlog) {
        if (backlog < 0) {
            throw new IllegalArgumentException("a backlog of " + backlog);
        }
    }

    private Listener<S> listen(SocketAddress address, int backlog) throws IOException {
        SocketNames.listen(ends, backlog, address);
        listening = true;
        return this;
    }

    private void handOnTo(ServerSocketChannel channel) throws IOException {
        handOn("ServerSocketChannel");
        channel.configureBlocking(true);
    }

    private void requireStreams() {
        if (ends.type() != OS.SOCK_STREAM()) {
            throw new UnsupportedOperationException("the JDK has nothing that accepts packets");
        }
    }

    private void requireListening() throws IOException {
        if (!listening) {
            requireOpen();
            throw new NotYetBoundException();
        }
    }

    private S accepted(int fd) throws IOException {
        return SocketCalls.made(new Fd(fd, ends.family(), ends.type(), false, true), kind);
    }

    /// What one call accepted, which is closed where the call fails after all.
    private static final class Acceptance {
        private int descriptor = -EAGAIN; // or another error

        long keep(int answer) {
            descriptor = answer;
            return answer;
        }

        void discard() {
            if (descriptor >= 0) {
                SocketCalls.closeNow(descriptor);
            }
        }
    }
}
