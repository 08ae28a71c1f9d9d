package dev.dyad.socket;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.ConnectCall;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.PeerInfo;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.fd.SocketNames;
import dev.dyad.socket.fd.StaleFile;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.FdOptions;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.transfer.SendMessage;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A socket of messages that keep their boundaries: datagrams, or sequenced packets over a connection.
///
/// One call sends one whole message, and one call receives one. A message for which the buffer has too little
/// room is truncated, and [Received] says so. An empty message is a message: it is told apart from the end of a
/// connection of sequenced packets, and datagrams have no end.
///
/// In the UNIX domain both kinds are reliable and keep their order. A datagram whose receiver has gone fails
/// when it is sent, with `ECONNREFUSED`, or `ECONNRESET` where the two had been connected.
///
/// {@snippet file="dev/dyad/socket/examples/MessageExamplesTest.java" region="message-socket"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
/// @see <a href="https://man7.org/linux/man-pages/man7/udp.7.html">udp(7)</a>
public final class MessageSocket extends Endpoint {

    private static final Platform OS = Platforms.current();

    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
    private static final int RECEIVE = OS.MSG_DONTWAIT() | OS.MSG_CMSG_CLOEXEC() | OS.MSG_TRUNC();

    private final Fd ends;
    private final Cleaner.Cleanable watch;

    /// Has the kernel tell the time of each sequenced packet, which is how an empty one is told from the end.
    MessageSocket(Fd ends) throws IOException {
        super(ends.reading, ends.writing);
        this.ends = ends;
        if (ends.type() == OS.SOCK_SEQPACKET()) {
            SocketCalls.switchOn(ends, OS.SO_TIMESTAMP());
        }
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.SOCKET);
    }

    /// Opens a socket that has no name and is not connected.
    ///
    /// @param domain an address family, such as [SocketPair#AF_UNIX]
    /// @param type [SocketPair#SOCK_DGRAM] or [SocketPair#SOCK_SEQPACKET]
    /// @return the socket
    /// @throws SystemCallException if `socket(2)` fails, as where the family has no such type
    /// @throws IllegalArgumentException if the type is of another kind
    /// @throws UnsupportedOperationException where there is no native access
    public static MessageSocket open(int domain, int type) throws IOException {
        if (!SocketCalls.Types.MESSAGE.include(type)) {
            throw new IllegalArgumentException("a message socket is SOCK_DGRAM or SOCK_SEQPACKET, not " + type);
        }
        return SocketCalls.open(domain, type, 0, MessageSocket::new);
    }

    /// Takes over an open descriptor of a message socket, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's.
    ///
    /// @param fd the number
    /// @return the socket
    /// @throws SystemCallException if it is not open, or not a socket of messages
    /// @throws UnsupportedOperationException where there is no native access
    public static MessageSocket adopt(int fd) throws IOException {
        return SocketCalls.adopt(fd, MessageSocket::new, SocketCalls.Types.MESSAGE);
    }

    /// Gives the socket a name, under which others send to it.
    ///
    /// The file of a socket that was closed, or of a process that was killed, stays, and its name is in use:
    /// [#bindReplacingStale] replaces such a file.
    ///
    /// @param address a [UnixAddress], a [java.net.UnixDomainSocketAddress] or a [java.net.InetSocketAddress]
    /// @return this
    /// @throws SystemCallException if `bind(2)` fails, as with `EADDRINUSE`
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the socket's family has no such address
    public MessageSocket bind(SocketAddress address) throws IOException {
        SocketNames.bind(ends, address);
        return this;
    }

    /// Gives the socket a name as [#bind] does, in the place of a stale file.
    ///
    /// See [Listener#bindReplacingStale] for what is stale, and for the lock file by which several processes
    /// that do this at once keep each other out. The file of a socket that a process has stays, of whatever type
    /// that is, and nothing is sent to it. An address that is no path is bound to as by [#bind]. This does not
    /// wait.
    ///
    /// @param address as for [#bind]
    /// @return this
    /// @throws SystemCallException as [#bind], with `EADDRINUSE` where somebody has the address, where another
    ///     takes it over at this moment, and where the file is no socket's; as [Listener#bindReplacingStale] where
    ///     the stale file cannot be replaced
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the socket's family has no such address
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
    public MessageSocket bindReplacingStale(SocketAddress address) throws IOException {
        StaleFile.bindReplacing(ends, address);
        return this;
    }

    /// Makes another socket the one to which this sends; a datagram socket then only receives from that one.
    ///
    /// A socket of sequenced packets is connected once; one of datagrams may be connected again and again.
    ///
    /// @param address where the other is
    /// @return this
    /// @throws SystemCallException if `connect(2)` fails, as with `ECONNREFUSED`
    /// @throws AlreadyConnectedException if this is a connection already
    public MessageSocket connect(SocketAddress address) throws IOException {
        return connect(address, Deadline.never());
    }

    /// Makes another socket the one to which this sends, waiting until it has room for a connection.
    ///
    /// @param address where the other is
    /// @param deadline until when to wait
    /// @return this
    /// @throws java.net.SocketTimeoutException if it had no room in time
    /// @throws IOException as [#connect(SocketAddress)]
    public MessageSocket connect(SocketAddress address, Deadline deadline) throws IOException {
        if (ends.type() == OS.SOCK_SEQPACKET() && ends.isConnected()) {
            throw new AlreadyConnectedException();
        }
        try (var connecting = new ConnectCall(ends, address)) {
            long _ = sending(deadline, connecting);
        }
        ends.setConnected();
        return this;
    }

    /// Sends one message to the peer, waiting until there is room for it.
    ///
    /// @param message the message, from its position to its limit, which may be empty; all of it is sent or
    ///     nothing
    /// @throws java.nio.channels.NotYetConnectedException if there is no peer
    /// @throws java.nio.channels.ClosedChannelException if this is closed, or was shut down for writing
    /// @throws SystemCallException if it fails, as with `EMSGSIZE` where it is too long, `EPIPE` where the peer
    ///     of a connection has gone, `ECONNREFUSED` or `ECONNRESET` where the receiver of datagrams has
    public void send(ByteBuffer message) throws IOException {
        send(message, List.of(), Deadline.never());
    }

    /// Sends one message to the peer, waiting until there is room for it or `deadline` has come.
    ///
    /// @param message the message
    /// @param deadline until when to wait
    /// @throws java.net.SocketTimeoutException if there was no room in time: then nothing was sent
    /// @throws IOException as [#send(ByteBuffer)]
    public void send(ByteBuffer message, Deadline deadline) throws IOException {
        send(message, List.of(), deadline);
    }

    /// Sends one message with descriptors to the peer.
    ///
    /// @throws IOException as [#send(ByteBuffer, Collection, Deadline)]
    /// @param message the message
    /// @param descriptors what goes with it
    public void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors) throws IOException {
        send(message, descriptors, Deadline.never());
    }

    /// Sends one message with descriptors to the peer, waiting until there is room for it or `deadline` has come.
    ///
    /// The peer gets descriptors of its own for the same open files and sockets; those here stay open, and stay
    /// the caller's to close.
    ///
    /// @param message the message
    /// @param descriptors what goes with it, at most 253
    /// @param deadline until when to wait
    /// @throws IllegalArgumentException if there are too many descriptors
    /// @throws SystemCallException if it fails, as with `ETOOMANYREFS` where too many are under way
    /// @throws IOException as [#send(ByteBuffer, Deadline)]
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SCM_RIGHTS</a>
    public void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        ends.requireConnected();
        emit(BufferList.of(message), null, descriptors, deadline);
    }

    /// Sends one message that lies in several buffers, waiting until there is room for it.
    ///
    /// @param parts what the message is made of, one after the other
    /// @throws IOException as [#send(ByteBuffer\[\], Collection, Deadline)]
    public void send(ByteBuffer[] parts) throws IOException {
        send(parts, List.of(), Deadline.never());
    }

    /// Sends one message that lies in several buffers, with descriptors, waiting until there is room for it or
    /// `deadline` has come.
    ///
    /// @param parts what the message is made of, one after the other: at most 1023, the same buffer
    ///     given twice is sent once
    /// @param descriptors what goes with it, at most 253
    /// @param deadline until when to wait
    /// @throws IllegalArgumentException if there are too many buffers or descriptors
    /// @throws IOException as [#send(ByteBuffer, Collection, Deadline)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">sendmsg(2)</a>
    public void send(ByteBuffer[] parts, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        ends.requireConnected();
        emit(BufferList.of(parts, 0, parts.length), null, descriptors, deadline);
    }

    /// Sends one datagram to an address, waiting until there is room for it.
    ///
    /// No event tells that a UNIX socket that was full has room again: the thread then tries again after 0.1
    /// to 10 ms.
    ///
    /// @param message the datagram
    /// @param receiver where it goes
    /// @throws SystemCallException if it fails, as with `ECONNREFUSED` or `ENOENT` where nobody is there
    public void sendTo(ByteBuffer message, SocketAddress receiver) throws IOException {
        sendTo(message, receiver, List.of(), Deadline.never());
    }

    /// Sends one datagram with descriptors to an address, waiting until there is room or `deadline` has come.
    ///
    /// @param message the datagram
    /// @param receiver where it goes
    /// @param descriptors what goes with it, at most 253
    /// @param deadline until when to wait
    /// @throws java.net.SocketTimeoutException if there was no room in time: then nothing was sent
    /// @throws IOException as [#sendTo(ByteBuffer, SocketAddress)]
    public void sendTo(
            ByteBuffer message,
            SocketAddress receiver,
            Collection<? extends DescriptorSource> descriptors,
            Deadline deadline)
            throws IOException {
        int _ = SocketAddresses.family(receiver); // so that a bad one is told before anything is done
        emit(BufferList.of(message), receiver, descriptors, deadline);
    }

    /// Sends one message to the peer if there is room for it now.
    ///
    /// @param message the message
    /// @return whether it was sent
    /// @throws IOException as [#send(ByteBuffer)]
    public boolean trySend(ByteBuffer message) throws IOException {
        ends.requireConnected();
        return emitNow(message, null);
    }

    /// Sends one datagram to an address if there is room for it now.
    ///
    /// @param message the datagram
    /// @param receiver where it goes
    /// @return whether it was sent
    /// @throws IOException as [#sendTo(ByteBuffer, SocketAddress)]
    public boolean trySendTo(ByteBuffer message, SocketAddress receiver) throws IOException {
        int _ = SocketAddresses.family(receiver);
        return emitNow(message, receiver);
    }

    /// Receives one message, waiting for it.
    ///
    /// Descriptors that come with it are not taken: the kernel closes them, and [Received] says so.
    ///
    /// @param target where it goes, from its position on
    /// @return what came
    /// @throws java.nio.channels.AsynchronousCloseException if another thread closes this meanwhile
    /// @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes this
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws SystemCallException if the call fails
    public Received receive(ByteBuffer target) throws IOException {
        return receive(target, 0, Deadline.never());
    }

    /// Receives one message, waiting for it until `deadline`.
    ///
    /// @param target where it goes, from its position on
    /// @param deadline until when to wait
    /// @return what came
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#receive(ByteBuffer)]
    public Received receive(ByteBuffer target, Deadline deadline) throws IOException {
        return receive(target, 0, deadline);
    }

    /// Receives one message with its descriptors, waiting for it until `deadline`.
    ///
    /// The descriptors are close-on-exec from the start, and belong to what is returned. Those beyond
    /// `descriptors` are closed.
    ///
    /// @param target where the message goes, from its position on
    /// @param descriptors how many to take, 0 to 253
    /// @param deadline until when to wait
    /// @return what came
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#receive(ByteBuffer)]
    public Received receive(ByteBuffer target, int descriptors, Deadline deadline) throws IOException {
        return received(reception(target, descriptors), deadline);
    }

    /// Receives one message into several buffers, with its descriptors, waiting for it until `deadline`.
    ///
    /// @param targets where the message goes, one after the other: at most 1023
    /// @param descriptors how many to take, 0 to 253
    /// @param deadline until when to wait
    /// @return what came
    /// @throws IllegalArgumentException if there are too many buffers, or one of them cannot be written to
    /// @throws IOException as [#receive(ByteBuffer, int, Deadline)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recvmsg(2)</a>
    public Received receive(ByteBuffer[] targets, int descriptors, Deadline deadline) throws IOException {
        return received(
                new ReceiveMessage<>(ends, BufferList.of(targets, 0, targets.length), descriptors, Descriptor::of),
                deadline);
    }

    /// Looks at the message that is next, waiting for it until `deadline`: the next receive gets it again.
    ///
    /// Only the receive returns what came with it: there are neither descriptors nor credentials here. Where
    /// another process has the socket as well, it may take the message meanwhile.
    ///
    /// @param target where a copy of it goes, from its position on; it may be full:
    ///     then only the length is told
    /// @param deadline until when to wait
    /// @return what is next, and its sender
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#receive(ByteBuffer)]
    public Received peek(ByteBuffer target, Deadline deadline) throws IOException {
        return received(ReceiveMessage.look(ends, BufferList.of(target), Descriptor::of), deadline);
    }

    /// Looks at the message that is next if one is there now: the next receive gets it again.
    ///
    /// @param target where a copy of it goes, from its position on
    /// @return what is next, as of [#peek], or `null` if nothing is there
    /// @throws IOException as [#receive(ByteBuffer)]
    public @Nullable Received tryPeek(ByteBuffer target) throws IOException {
        return receivedNow(ReceiveMessage.look(ends, BufferList.of(target), Descriptor::of));
    }

    /// Receives one message if one is there now.
    ///
    /// @param target where it goes, from its position on
    /// @param descriptors how many to take, 0 to 253
    /// @return what came, or `null` if nothing is there
    /// @throws IOException as [#receive(ByteBuffer)]
    public @Nullable Received tryReceive(ByteBuffer target, int descriptors) throws IOException {
        return receivedNow(reception(target, descriptors));
    }

    /// Sends the messages of a batch to the peer, waiting until there is room for all of them.
    ///
    /// @param batch the messages; where something ends this early, [MessageBatch#sent] says how many were sent
    /// @throws IOException as [#send(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>
    public void send(MessageBatch batch) throws IOException {
        send(batch, Deadline.never());
    }

    /// Sends the messages of a batch to the peer, waiting until there is room or `deadline` has come.
    ///
    /// @param batch the messages; where something ends this early, [MessageBatch#sent] says how many were sent,
    ///     and the next call goes on behind them
    /// @param deadline until when to wait
    /// @throws java.net.SocketTimeoutException if there was no room for all in time
    /// @throws IOException as [#send(ByteBuffer)]
    public void send(MessageBatch batch, Deadline deadline) throws IOException {
        ends.requireConnected();
        long _ = sending(deadline, SystemCall.of("sendmmsg", () -> sendMany(batch)));
    }

    /// Receives as many messages as are there and a batch has room for, waiting for one.
    ///
    /// Descriptors that come with them are not taken.
    ///
    /// @param batch where they go, in the place of what it had
    /// @return how many came, or `-1` at the end
    /// @throws IOException as [#receive(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
    public int receive(MessageBatch batch) throws IOException {
        return receive(batch, Deadline.never());
    }

    /// Receives as many messages as are there and a batch has room for, waiting for one until `deadline`.
    ///
    /// @param batch where they go, in the place of what it had
    /// @param deadline until when to wait
    /// @return how many came, or `-1` at the end
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#receive(ByteBuffer)]
    public int receive(MessageBatch batch, Deadline deadline) throws IOException {
        int count = (int) receiving(deadline, SystemCall.of("recvmmsg", () -> receiveMany(batch)));
        return count == 0 ? END : count;
    }

    /// Ends receiving: what comes later is refused, and a thread that waits for it finds the end.
    ///
    /// @return this
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    public MessageSocket shutdownInput() throws IOException {
        shutdownReading();
        return this;
    }

    /// Ends sending: the peer of a connection receives what was sent, and then finds the end.
    ///
    /// @return this
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    public MessageSocket shutdownOutput() throws IOException {
        shutdownWriting();
        return this;
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        return SocketNames.local(ends);
    }

    /// Returns the name of the peer.
    ///
    /// @return a [UnixAddress] or a [java.net.InetSocketAddress], or `null` if there is no peer
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    public @Nullable SocketAddress remoteAddress() throws IOException {
        return SocketNames.remote(ends);
    }

    /// Returns the credentials of the process that made the other end, as the kernel recorded them.
    ///
    /// For a pair, this is the process that opened it, even if another process has the other end by now.
    ///
    /// @return the credentials, or `null` where the kernel recorded none, as for a datagram socket that
    ///     was connected
    /// @throws java.nio.channels.NotYetConnectedException if it is not connected
    /// @throws UnsupportedOperationException if this lacks [Capability#PEER_CREDENTIALS]
    /// @throws java.nio.channels.ClosedChannelException if this is closed
    /// @throws SystemCallException if `getsockopt(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SO_PEERCRED</a>
    public @Nullable Credentials peerCredentials() throws IOException {
        return PeerInfo.credentials(ends);
    }

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
    public Descriptor peerProcess() throws IOException {
        return Descriptor.of(PeerInfo.process(ends));
    }

    @Override
    public Set<Capability> capabilities() {
        return ends.capabilities();
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        return ends.lendToShare();
    }

    /// Says which number it is, and whether it is closed, for messages to people.
    @Override
    public String toString() {
        return ends.described("MessageSocket", isOpen());
    }

    @Override
    BorrowedFd look() throws IOException {
        return ends.fd.lend();
    }

    @Override
    IOException failure(SystemCall call, Errno errno) {
        return ends.failure(call.name(), errno, call.address());
    }

    @Override
    EndpointOptions options() {
        return new FdOptions(ends);
    }

    @Override
    void shutdown(boolean output) throws IOException {
        ends.shutdown(output);
    }

    @Override
    boolean closeEnd() {
        ends.fd.handOver(handedOn());
        ends.fd.close();
        watch.clean();
        return ends.fd.isGone();
    }

    @Override
    void endConnection() {
        ends.endHandedOver();
    }

    private long sendMany(MessageBatch batch) {
        var scratch = CallMemory.borrow();
        try {
            int answer = 0;
            while (answer >= 0 && batch.sent() < batch.count()) {
                int left = batch.count() - batch.sent();
                answer = OS.sendMany(scratch.state, ends.fd.number(), batch.unsent(), left, SEND);
                batch.sent(Math.max(answer, 0));
            }
            return answer;
        } finally {
            scratch.giveBack();
        }
    }

    private long receiveMany(MessageBatch batch) {
        var scratch = CallMemory.borrow();
        try {
            int answer = OS.receiveMany(scratch.state, ends.fd.number(), batch.room(), batch.capacity(), RECEIVE);
            if (answer < 0) {
                return answer;
            }
            int count = batch.received(answer, ends);
            return count > 0 ? count : ends.end();
        } finally {
            scratch.giveBack();
        }
    }

    private ReceiveMessage<Descriptor> reception(ByteBuffer target, int descriptors) {
        return new ReceiveMessage<>(ends, BufferList.of(target), descriptors, Descriptor::of);
    }

    private boolean emitNow(ByteBuffer message, @Nullable SocketAddress receiver) throws IOException {
        try (var emission = new SendMessage(ends, BufferList.of(message), receiver, List.of())) {
            return sendingNow(emission) != -EAGAIN;
        }
    }

    private void emit(
            BufferList parts,
            @Nullable SocketAddress receiver,
            Collection<? extends DescriptorSource> descriptors,
            Deadline deadline)
            throws IOException {
        try (var emission = new SendMessage(ends, parts, receiver, descriptors)) {
            long _ = sending(deadline, emission);
        }
    }
}
