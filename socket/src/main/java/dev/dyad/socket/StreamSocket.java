package dev.dyad.socket;

import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jdk.SocketInput;
import dev.dyad.socket.jdk.SocketOutput;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.transfer.SendMessage;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.SystemCall;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// An end of a byte stream: once it is connected, it reads what the other end writes, and the other way round.
///
/// It works the same on platform and on virtual threads, and may be shared between threads: one reads and one
/// writes at the same time, and others wait their turn. Closing it, or interrupting a thread that is in a call,
/// ends the calls under way as with every [java.nio.channels.InterruptibleChannel]. A call that would wait
/// longer than its [Deadline] ends with [java.net.SocketTimeoutException], loses nothing and leaves the end as
/// it was.
///
/// The opener closes it. One that is lost without being closed is closed by a cleaner some time later,
/// which logs a warning that names it; `-Ddyad.lost=stack` adds where it was opened.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="stream"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
public abstract sealed class StreamSocket extends Endpoint
        implements ByteChannel, ScatteringByteChannel, GatheringByteChannel
        permits NativeStreamSocket, JdkStreamSocket {

    private static final TimeLimit NEVER = Deadline.never().limit();

    StreamSocket(Direction reading, Direction writing) {
        super(reading, writing);
    }

    /// Opens a socket that has no name and is not connected.
    ///
    /// @param domain an address family, such as [SocketPair#AF_UNIX]
    /// @return the socket, which throws [NotYetConnectedException] until it is connected
    /// @throws SystemCallException if `socket(2)` fails, as with `EAFNOSUPPORT`
    /// @throws UnsupportedOperationException where there is no native access
    public static StreamSocket open(int domain) throws IOException {
        return SocketCalls.open(domain, SocketPair.SOCK_STREAM, 0, NativeStreamSocket::new);
    }

    /// Opens a socket and connects it, waiting until that is done.
    ///
    /// @param remote where somebody listens: a [UnixAddress], a [java.net.UnixDomainSocketAddress] or a
    ///     [java.net.InetSocketAddress]
    /// @return the connected end
    /// @throws IOException as [#connect(SocketAddress)]
    /// @throws UnsupportedOperationException where there is no native access
    public static StreamSocket open(SocketAddress remote) throws IOException {
        return open(remote, Deadline.never());
    }

    /// Opens a socket and connects it, waiting until that is done or `deadline` has come.
    ///
    /// @param remote where somebody listens
    /// @param deadline until when to wait
    /// @return the connected end
    /// @throws java.net.SocketTimeoutException if it was not connected in time
    /// @throws IOException as [#connect(SocketAddress)]
    /// @throws UnsupportedOperationException where there is no native access
    public static StreamSocket open(SocketAddress remote, Deadline deadline) throws IOException {
        SocketCalls.requireNative();
        return CloseOnFailure.of(open(SocketAddresses.family(remote)), socket -> socket.connect(remote, deadline));
    }

    /// Takes over an open descriptor of a connected stream socket, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's. Nobody can tell whether a number is the one that was meant: see `Inherited` for one
    /// from a parent.
    ///
    /// @param fd the number
    /// @return the end
    /// @throws SystemCallException if it is not open, or not a stream socket
    /// @throws UnsupportedOperationException where there is no native access
    public static StreamSocket adopt(int fd) throws IOException {
        return SocketCalls.adopt(fd, NativeStreamSocket::new, SocketCalls.Types.STREAM);
    }

    /// Takes over a connected channel of the JDK, such as [System#inheritedChannel], without any native call.
    ///
    /// From then on this object owns the channel, and nothing else may use it. The end has no
    /// [Capability#DESCRIPTOR].
    ///
    /// @param channel a channel that is registered nowhere
    /// @return the end
    /// @throws NotYetConnectedException if it is not connected
    /// @throws ClosedChannelException if it is closed
    public static StreamSocket adopt(SocketChannel channel) throws IOException {
        SocketAddress remote = channel.getRemoteAddress();
        if (remote == null) {
            throw new NotYetConnectedException();
        }
        channel.configureBlocking(false);
        return new JdkStreamSocket(channel, remote instanceof InetSocketAddress);
    }

    /// Gives the socket a name, which its peer sees once it is connected.
    ///
    /// A name in the file system stays there when the socket is closed. Binding to [UnixAddress#unnamed] gives
    /// it an abstract name that the kernel chooses; binding to port zero, a port that the kernel chooses.
    ///
    /// @param address a [UnixAddress], a [java.net.UnixDomainSocketAddress] or a [java.net.InetSocketAddress]
    /// @return this
    /// @throws SystemCallException if `bind(2)` fails, as with `EADDRINUSE`, or with `EINVAL` where it has a name
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the socket's family has no such address
    /// @throws UnsupportedOperationException if this is an end of the JDK
    public abstract StreamSocket bind(SocketAddress address) throws IOException;

    /// Connects this socket to one that listens, waiting until that is done.
    ///
    /// Where it fails, or something ends it early, this socket is closed, as with a
    /// [java.nio.channels.SocketChannel].
    ///
    /// @param remote where somebody listens: a [UnixAddress], a [java.net.UnixDomainSocketAddress] or a
    ///     [java.net.InetSocketAddress]
    /// @return this
    /// @throws java.nio.channels.AlreadyConnectedException if it is connected: it stays so
    /// @throws java.nio.channels.ConnectionPendingException if another thread is connecting it: it goes on
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the socket's family has no such address
    /// @throws java.nio.channels.UnresolvedAddressException if it is a name that is not resolved
    /// @throws AsynchronousCloseException if another thread closes this socket meanwhile
    /// @throws ClosedByInterruptException if this thread is interrupted, which closes this socket
    /// @throws ClosedChannelException if this socket is closed
    /// @throws SystemCallException if `connect(2)` fails, as with `ECONNREFUSED` where nobody listens, and
    ///     `ENOENT` where there is no such path
    /// @see <a href="https://man7.org/linux/man-pages/man2/connect.2.html">connect(2)</a>
    public final StreamSocket connect(SocketAddress remote) throws IOException {
        return connect(remote, Deadline.never());
    }

    /// Connects this socket to one that listens, waiting until that is done or `deadline` has come.
    ///
    /// No event tells that a UNIX listener whose backlog was full has room again: the thread then tries
    /// again after 0.1 to 10 ms.
    ///
    /// @param remote where somebody listens
    /// @param deadline until when to wait
    /// @return this
    /// @throws java.net.SocketTimeoutException if it was not connected in time: this socket is closed then
    /// @throws IOException as [#connect(SocketAddress)]
    public final StreamSocket connect(SocketAddress remote, Deadline deadline) throws IOException {
        return connect(remote, deadline, Interrupts.CLOSE);
    }

    /// Connects this socket; `interrupts` says what an interrupt of this thread does.
    abstract StreamSocket connect(SocketAddress remote, Deadline deadline, Interrupts interrupts) throws IOException;

    /// Returns the name of the peer.
    ///
    /// @return a [UnixAddress] or a [java.net.InetSocketAddress], or `null` if there is no peer
    /// @throws ClosedChannelException if this end is closed
    public abstract @Nullable SocketAddress remoteAddress() throws IOException;

    /// Returns the credentials of the process that made the other end, as the kernel recorded them.
    ///
    /// For a pair, this is the process that opened it, even if another process has the other end by now.
    ///
    /// @return the credentials, or `null` where the kernel recorded none
    /// @throws NotYetConnectedException if it is not connected
    /// @throws UnsupportedOperationException if this lacks [Capability#PEER_CREDENTIALS]
    /// @throws ClosedChannelException if this is closed
    /// @throws SystemCallException if `getsockopt(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SO_PEERCRED</a>
    public abstract @Nullable Credentials peerCredentials() throws IOException;

    /// Returns the process that made the other end, as a descriptor that never comes to stand for another
    /// process.
    ///
    /// It is readable once that process has ended.
    ///
    /// @return a pidfd, which is the caller's to close
    /// @throws SystemCallException with `ENOPROTOOPT` before Linux 6.5, with `ENODATA` where the kernel
    ///     recorded none; also where that process has been reaped, as with `ESRCH`
    /// @throws IOException as [#peerCredentials]
    /// @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
    public abstract Descriptor peerProcess() throws IOException;

    /// Reads some bytes into `target`, waiting for at least one.
    ///
    /// @param target where the bytes go, from its position on
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws ClosedChannelException if this end is closed
    /// @throws NotYetConnectedException if it is not connected
    /// @throws SystemCallException if the call fails, as with `ECONNRESET` where the peer closed its end without
    ///     having read everything
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recv(2)</a>
    @Override
    public final int read(ByteBuffer target) throws IOException {
        return read(target, NEVER, Interrupts.CLOSE);
    }

    /// Reads some bytes into `target`, waiting for at least one until `deadline`.
    ///
    /// @param target where the bytes go, from its position on
    /// @param deadline until when to wait
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#read(ByteBuffer)]
    public final int read(ByteBuffer target, Deadline deadline) throws IOException {
        return read(target, deadline.limit(), Interrupts.CLOSE);
    }

    /// Reads some bytes; `interrupts` says what an interrupt of this thread does.
    final int read(ByteBuffer target, TimeLimit until, Interrupts interrupts) throws IOException {
        boolean hadRoom = requireWritable(target).hasRemaining();
        long answer = perform(reading, until, interrupts, callThatReceives(target));
        return answer > 0 ? (int) answer : none(hadRoom);
    }

    /// Reads what is there now into `target`, without waiting, not even for its turn.
    ///
    /// @param target where the bytes go, from its position on
    /// @return how many bytes were read, zero if there is nothing or no room, or `-1` at the end of the stream
    /// @throws IOException as [#read(ByteBuffer)]
    public final int tryRead(ByteBuffer target) throws IOException {
        boolean hadRoom = requireWritable(target).hasRemaining();
        return answer(receivingNow(callThatReceives(target)), hadRoom);
    }

    /// Looks at the bytes that are next, waiting for at least one until `deadline`: the next read gets them again.
    ///
    /// Descriptors that come with them stay with them. Where another process has this end as well, it may take the
    /// bytes meanwhile.
    ///
    /// @param target where a copy of them goes, from its position on
    /// @param deadline until when to wait
    /// @return how many bytes there were, zero if there is no room, or `-1` at the end of the stream
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws UnsupportedOperationException if this end lacks [Capability#DESCRIPTOR]
    /// @throws IOException as [#read(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recv(2), MSG_PEEK</a>
    public final int peek(ByteBuffer target, Deadline deadline) throws IOException {
        boolean hadRoom = requireWritable(target).hasRemaining();
        return answer(receiving(deadline, callThatLooks(target)), hadRoom);
    }

    /// Looks at the bytes that are there now, without waiting, not even for its turn: the next read gets them
    /// again.
    ///
    /// @param target where a copy of them goes, from its position on; give it room, then zero means that nothing
    ///     is there
    /// @return how many bytes there were, zero if there is nothing or no room, or `-1` at the end of the stream
    /// @throws IOException as [#peek]
    public final int tryPeek(ByteBuffer target) throws IOException {
        boolean hadRoom = requireWritable(target).hasRemaining();
        return answer(receivingNow(callThatLooks(target)), hadRoom);
    }

    /// Reads some bytes into `targets`, one after the other, waiting for at least one.
    ///
    /// @throws IOException as [#read(ByteBuffer)]
    @Override
    public final long read(ByteBuffer[] targets) throws IOException {
        return read(targets, 0, targets.length);
    }

    /// Reads some bytes into `length` of the `targets` from `offset` on, waiting for at least one.
    ///
    /// @throws IOException as [#read(ByteBuffer)]
    @Override
    public final long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return read(targets, offset, length, Deadline.never());
    }

    /// Reads some bytes into `length` of the `targets` from `offset` on, waiting for at least one until
    /// `deadline`.
    ///
    /// @param targets where the bytes go
    /// @param offset the first to use
    /// @param length how many to use
    /// @param deadline until when to wait
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#read(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recvmsg(2)</a>
    public final long read(ByteBuffer[] targets, int offset, int length, Deadline deadline) throws IOException {
        return receive(BufferList.of(targets, offset, length), deadline);
    }

    /// Writes all of `source`, waiting until it has been accepted.
    ///
    /// Where something ends it early, the position of `source` says how much was accepted.
    ///
    /// @param source what to write, from its position to its limit
    /// @return how many bytes it had
    /// @throws AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws ClosedChannelException if this end is closed, or was shut down for writing
    /// @throws SystemCallException if the call fails, as with `EPIPE` where the peer has closed its end; no
    ///     signal is raised
    /// @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">send(2)</a>
    @Override
    public final int write(ByteBuffer source) throws IOException {
        return write(source, NEVER, Interrupts.CLOSE);
    }

    /// Writes all of `source`, waiting until it has been accepted or `deadline` has come.
    ///
    /// @param source what to write, from its position to its limit
    /// @param deadline until when to wait
    /// @return how many bytes it had
    /// @throws java.net.SocketTimeoutException if not everything was accepted in time: the position says how
    ///     much was
    /// @throws IOException as [#write(ByteBuffer)]
    public final int write(ByteBuffer source, Deadline deadline) throws IOException {
        return write(source, deadline.limit(), Interrupts.CLOSE);
    }

    /// Writes everything; `interrupts` says what an interrupt of this thread does.
    final int write(ByteBuffer source, TimeLimit until, Interrupts interrupts) throws IOException {
        int before = source.remaining();
        long _ = perform(writing, until, interrupts, callThatSends(source));
        return before;
    }

    /// Writes as much of `source` as is accepted now, without waiting, not even for its turn.
    ///
    /// @param source what to write, from its position to its limit
    /// @return how many bytes were accepted, by which its position moved
    /// @throws IOException as [#write(ByteBuffer)]
    public final int tryWrite(ByteBuffer source) throws IOException {
        int before = source.remaining();
        long _ = sendingNow(callThatSends(source));
        return before - source.remaining();
    }

    /// Writes all of `sources`, one after the other, waiting until everything has been accepted.
    ///
    /// @throws IOException as [#write(ByteBuffer)]
    @Override
    public final long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    /// Writes `length` of the `sources` from `offset` on, waiting until everything has been accepted.
    ///
    /// @throws IOException as [#write(ByteBuffer)]
    @Override
    public final long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources, offset, length, Deadline.never());
    }

    /// Writes `length` of the `sources` from `offset` on, waiting until everything has been accepted or
    /// `deadline` has come.
    ///
    /// @param sources what to write
    /// @param offset the first to use
    /// @param length how many to use
    /// @param deadline until when to wait
    /// @return how many bytes they had
    /// @throws java.net.SocketTimeoutException if not everything was accepted in time: the positions say how
    ///     much was
    /// @throws IOException as [#write(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">sendmsg(2)</a>
    public final long write(ByteBuffer[] sources, int offset, int length, Deadline deadline) throws IOException {
        return send(BufferList.of(sources, offset, length), deadline);
    }

    /// Writes all of `data` with descriptors, waiting until it has been accepted.
    ///
    /// @param data what to write, which must not be empty
    /// @param descriptors what goes with its first byte
    /// @throws IOException as [#send(ByteBuffer, Collection, Deadline)]
    public final void send(ByteBuffer data, Collection<? extends DescriptorSource> descriptors) throws IOException {
        send(data, descriptors, Deadline.never());
    }

    /// Writes all of `data` with descriptors, waiting until it has been accepted or `deadline` has come.
    ///
    /// The peer gets descriptors of its own for the same open files and sockets; those here stay open, and stay
    /// the caller's to close. They arrive with the first byte of `data`. A read may join that byte to what was
    /// written before, but not to what is written after `data`: [#receive] takes them, and [#read] makes the
    /// kernel close them.
    ///
    /// @param data what to write, from its position to its limit, which must not be empty
    /// @param descriptors what goes with its first byte, at most 253
    /// @param deadline until when to wait
    /// @throws IllegalArgumentException if there are too many descriptors, or no byte for them to go with
    /// @throws ClosedChannelException if this end, or one of the descriptors, is closed
    /// @throws SystemCallException if the call fails, as with `ETOOMANYREFS` where too many are under way
    /// @throws UnsupportedOperationException if this end lacks [Capability#DESCRIPTOR_PASSING]
    /// @throws IOException as [#write(ByteBuffer, Deadline)]
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SCM_RIGHTS</a>
    public final void send(ByteBuffer data, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        if (!data.hasRemaining()) {
            throw new IllegalArgumentException("descriptors go with a byte, and there is none");
        }
        requireConnected();
        ByteBuffer head = data.slice(data.position(), Math.min(data.remaining(), CallMemory.TRANSFER));
        try (SendMessage emission = emission(head, descriptors)) {
            long _ = sending(deadline, new HeadFirst(data, head, emission, callThatSends(data)));
        }
    }

    /// Reads some bytes and the descriptors that came with them, waiting for at least one byte.
    ///
    /// @param target where the bytes go
    /// @param descriptors how many to take, 0 to 253
    /// @return what came
    /// @throws IOException as [#receive(ByteBuffer, int, Deadline)]
    public final Received receive(ByteBuffer target, int descriptors) throws IOException {
        return receive(target, descriptors, Deadline.never());
    }

    /// Reads some bytes and the descriptors that came with them, waiting for at least one byte until `deadline`.
    ///
    /// The descriptors are close-on-exec from the start, and belong to what is returned. Those beyond
    /// `descriptors` are closed, and it says so.
    ///
    /// @param target where the bytes go, which must have room
    /// @param descriptors how many to take, 0 to 253
    /// @param deadline until when to wait
    /// @return what came
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IllegalArgumentException if `target` has no room, or `descriptors` is out of range
    /// @throws UnsupportedOperationException if this end lacks [Capability#DESCRIPTOR_PASSING]
    /// @throws IOException as [#read(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recvmsg(2)</a>
    public final Received receive(ByteBuffer target, int descriptors, Deadline deadline) throws IOException {
        if (!target.hasRemaining()) {
            throw new IllegalArgumentException("descriptors come with a byte, and there is no room for one");
        }
        requireConnected();
        return received(reception(target, descriptors), deadline);
    }

    /// Reads the bytes that are there now, and the descriptors that came with them.
    ///
    /// @param target where the bytes go, which must have room
    /// @param descriptors how many to take, 0 to 253
    /// @return what came, or `null` if nothing is there
    /// @throws IOException as [#receive(ByteBuffer, int, Deadline)], which waits
    public final @Nullable Received tryReceive(ByteBuffer target, int descriptors) throws IOException {
        if (!target.hasRemaining()) {
            throw new IllegalArgumentException("descriptors come with a byte, and there is no room for one");
        }
        requireConnected();
        return receivedNow(reception(target, descriptors));
    }

    /// Ends reading: every later read finds the end of the stream, and the peer's writes fail.
    ///
    /// Does nothing the second time. It applies to all who share this end, in other processes too.
    ///
    /// @return this
    /// @throws ClosedChannelException if this end is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
    public final StreamSocket shutdownInput() throws IOException {
        requireConnected();
        shutdownReading();
        return this;
    }

    /// Ends writing: the peer reads what was written, and then finds the end of the stream.
    ///
    /// Does nothing the second time. It applies to all who share this end, in other processes too.
    ///
    /// @return this
    /// @throws ClosedChannelException if this end is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
    public final StreamSocket shutdownOutput() throws IOException {
        requireConnected();
        shutdownWriting();
        return this;
    }

    /// Turns this end into a channel of the JDK, for code that accepts only channels: a
    /// [java.nio.channels.Selector] that holds TCP channels too, Netty, some servers.
    ///
    /// This end is consumed: calls under way end as if it were closed, and later ones throw
    /// [ClosedChannelException]. The connection goes on in the channel, with everything that was not read yet; a
    /// direction that was shut down stays so. Where this fails, the end is still open and as it was. The only
    /// exception: where a thread cannot leave its call, as when a debugger has suspended it, the connection is
    /// ended after ten seconds.
    ///
    /// The channel is the caller's to close. It blocks until it is told not to. For a TCP connection it is a
    /// TCP channel, with the options and the addresses of the connection; but it reports another local port
    /// where no UDP socket may have the same one, because another has it or because it is below 1024. For any
    /// other connection it is a UNIX channel, whose addresses are not those of the connection.
    ///
    /// Making it takes two more descriptors for a moment. The first UNIX channel takes two that are kept
    /// for all later ones. Neither a port nor a file remains.
    ///
    /// Unlike this end, a channel of the JDK sets `O_NONBLOCK`: when it is told not to block, and for good
    /// when a virtual thread uses it. A process that has a copy of the descriptor sees that as well.
    ///
    /// @return the channel
    /// @throws AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws ClosedChannelException if this end is closed, or was consumed already
    /// @throws java.nio.channels.NotYetConnectedException if this end is not connected
    /// @throws UnsupportedOperationException if it is connected by IPv6, which this JVM was told not to use
    /// @throws IOException if no descriptor is left, no folder can be written to, or a thread does not leave its
    ///     call
    public abstract SocketChannel toSocketChannel() throws IOException;

    /// Returns whether there is a peer, or was one.
    abstract boolean isConnected();

    /// Returns what this end receives, as a stream.
    ///
    /// A read waits for at least one byte, as long as it takes, and throws what [#read(ByteBuffer)] throws.
    /// Where the end has [Capability#DESCRIPTOR], the stream tells how much can be read without waiting.
    /// Closing it closes this end. Any thread may use it, as well as the end itself.
    ///
    /// @return the stream
    public final InputStream inputStream() {
        return new Input();
    }

    /// Returns what this end sends, as a stream.
    ///
    /// It keeps nothing back: a write waits until everything has been accepted, and throws what
    /// [#write(ByteBuffer)] throws. Closing it closes this end. Any thread may use it, as well as the end
    /// itself.
    ///
    /// @return the stream
    public final OutputStream outputStream() {
        return new Output();
    }

    /// Returns this end as a [Socket], for code that accepts nothing else, such as an HTTP client or a
    /// database driver.
    ///
    /// It is this end under another name. Closing one closes both, and other threads may go on to use the
    /// end.
    ///
    /// It does what such clients expect of a TCP socket that they are given. Its first `connect` does nothing
    /// but remember the address, which it then tells as its remote one. `setSoTimeout` limits each read, which
    /// then throws [java.net.SocketTimeoutException]. A dead connection throws a [java.net.SocketException], and
    /// so does a use after the close. The options of a TCP socket are this end's own where it is an internet
    /// socket, and elsewhere are remembered without effect. Urgent data cannot be sent.
    ///
    /// An interrupt acts as with every [Socket], not as with this end's own calls: it does nothing to a
    /// platform thread; on a virtual thread that waits, it closes the socket, and the call throws a
    /// [java.net.SocketException].
    ///
    /// @return the socket, which is connected
    /// @throws NotYetConnectedException if this end is not
    /// @see UnixSocketFactory
    public final Socket asSocket() {
        if (!isConnected()) {
            throw new NotYetConnectedException();
        }
        return SocketView.of(this);
    }

    /// Returns how many bytes can be read without waiting, as far as that is known.
    abstract int unread() throws IOException;

    /// Returns a call that looks at the next bytes, or throws if this is not connected.
    ///
    /// It answers how many bytes; zero where there is no room, or at the end.
    abstract SystemCall callThatLooks(ByteBuffer target) throws IOException;

    /// Returns a call that receives some bytes, or throws if this is not connected.
    ///
    /// It answers how many bytes; zero where there is no room, or at the end.
    abstract SystemCall callThatReceives(ByteBuffer target) throws IOException;

    /// Returns a call that receives some bytes, as [#callThatReceives(ByteBuffer)].
    abstract SystemCall callThatReceives(BufferList targets) throws IOException;

    /// Returns a call that sends all, or throws if this is not connected.
    abstract SystemCall callThatSends(ByteBuffer source) throws IOException;

    /// Returns a call that sends all, as [#callThatSends(ByteBuffer)].
    abstract SystemCall callThatSends(BufferList sources) throws IOException;

    /// Returns the sending of `data` with descriptors.
    abstract SendMessage emission(ByteBuffer data, Collection<? extends DescriptorSource> descriptors)
            throws IOException;

    /// Returns the receiving of data with descriptors.
    abstract ReceiveMessage<Descriptor> reception(ByteBuffer target, int descriptors);

    private static ByteBuffer requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return target;
    }

    /// @param answer as of [#callThatReceives], or `-EAGAIN`
    private int answer(long answer, boolean hadRoom) {
        return answer == 0 ? none(hadRoom) : (int) Math.max(answer, 0);
    }

    /// Returns what a read answers that got nothing.
    private int none(boolean hadRoom) {
        return hadRoom || isReadingShut() ? END : 0;
    }

    private long receive(BufferList targets, Deadline deadline) throws IOException {
        boolean hadRoom = targets.requireWritable().hasRemaining();
        long answer = receiving(deadline, callThatReceives(targets));
        return answer > 0 ? answer : none(hadRoom);
    }

    private long send(BufferList sources, Deadline deadline) throws IOException {
        long before = sources.remaining();
        long _ = sending(deadline, callThatSends(sources));
        return before;
    }

    final void requireConnected() throws ClosedChannelException {
        if (!isConnected()) {
            requireOpen();
            throw new NotYetConnectedException();
        }
    }

    /// Sends what goes with descriptors, and then the rest.
    private static final class HeadFirst implements SystemCall {
        private final ByteBuffer data;
        private final int start;
        private final ByteBuffer head;
        private final SendMessage emission;
        private final SystemCall rest;

        HeadFirst(ByteBuffer data, ByteBuffer head, SendMessage emission, SystemCall rest) {
            this.data = data;
            start = data.position();
            this.head = head;
            this.emission = emission;
            this.rest = rest;
        }

        @Override
        public String name() {
            return head.position() == 0 ? emission.name() : rest.name();
        }

        @Override
        public long make() throws IOException {
            long answer = head.position() == 0 ? emission.make() : 0;
            if (answer < 0) {
                return answer;
            }
            data.position(Math.max(data.position(), start + head.position()));
            return data.hasRemaining() ? rest.make() : 0; // nothing is left that could fail
        }
    }

    /// What this end receives, as a stream that waits as long as it takes.
    private final class Input extends SocketInput {
        @Override
        protected int receive(ByteBuffer target) throws IOException {
            return StreamSocket.this.read(target);
        }

        @Override
        public int available() throws IOException {
            return unread();
        }

        @Override
        public void close() throws IOException {
            StreamSocket.this.close();
        }
    }

    /// What this end sends, as a stream.
    private final class Output extends SocketOutput {
        @Override
        protected void send(ByteBuffer source) throws IOException {
            int _ = StreamSocket.this.write(source);
        }

        @Override
        public void close() throws IOException {
            StreamSocket.this.close();
        }
    }
}
