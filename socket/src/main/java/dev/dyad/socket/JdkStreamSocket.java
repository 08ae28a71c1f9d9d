package dev.dyad.socket;

import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.jdk.JdkEnds;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.JdkOptions;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.transfer.SendMessage;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// An end that is a channel of the JDK, for where no native call can be made.
final class JdkStreamSocket extends StreamSocket {

    private static final long EAGAIN = Errno.EAGAIN.code();

    private final SocketChannel channel;
    private final boolean tcp;
    private final FdMutex turns;
    private final Cleaner.Cleanable counted = OpenKind.SOCKET.count.whileOpen(this);

    /// @param channel a connected channel that does not block
    JdkStreamSocket(SocketChannel channel, boolean tcp) {
        this(channel, tcp, new JdkEnds(channel));
    }

    private JdkStreamSocket(SocketChannel channel, boolean tcp, JdkEnds ends) {
        super(ends.reading, ends.writing);
        this.channel = channel;
        turns = ends.fd;
        this.tcp = tcp;
    }

    @Override
    public Set<Capability> capabilities() {
        return tcp ? EnumSet.noneOf(Capability.class) : EnumSet.of(Capability.IMMEDIATE_EPIPE);
    }

    @Override
    public BorrowedFd borrow() {
        throw new UnsupportedOperationException("an end of the JDK has no descriptor to show");
    }

    /// Says which channel of the JDK it is, and whether it is closed, for messages to people.
    @Override
    public String toString() {
        return "StreamSocket[" + channel + (isOpen() ? "" : ", closed") + "]";
    }

    @Override
    BorrowedFd look() {
        return borrow();
    }

    /// The channel blocks again as soon as no selector of ours holds it.
    @Override
    public SocketChannel toSocketChannel() throws IOException {
        handOn("SocketChannel");
        return CloseOnFailure.of(channel, given -> given.configureBlocking(true));
    }

    /// A channel of the JDK does not tell.
    @Override
    int unread() throws IOException {
        requireOpen();
        return 0;
    }

    @Override
    public StreamSocket bind(SocketAddress address) {
        throw new UnsupportedOperationException("an end of the JDK has the name that it was connected with");
    }

    @Override
    StreamSocket connect(SocketAddress remote, Deadline deadline, Interrupts interrupts) throws IOException {
        requireOpen();
        throw new AlreadyConnectedException();
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        return SocketAddresses.of(channel.getLocalAddress());
    }

    @Override
    public SocketAddress remoteAddress() throws IOException {
        return SocketAddresses.of(channel.getRemoteAddress());
    }

    @Override
    public Credentials peerCredentials() {
        throw new UnsupportedOperationException("an end of the JDK does not know its peer");
    }

    @Override
    public Descriptor peerProcess() {
        throw new UnsupportedOperationException("an end of the JDK does not know its peer");
    }

    @Override
    boolean isConnected() {
        return true;
    }

    @Override
    SystemCall callThatReceives(ByteBuffer target) {
        return callThatReceives(BufferList.of(target));
    }

    @Override
    SystemCall callThatReceives(BufferList targets) {
        return SystemCall.of("recv", () -> targets.hasRemaining() ? receive(targets) : 0);
    }

    private long receive(BufferList targets) throws IOException {
        try {
            long answer = channel.read(targets.all(), targets.first(), targets.count());
            return answer > 0 ? answer : answer == 0 ? -EAGAIN : 0;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw failed("recv", Errno.ECONNRESET, e);
        }
    }

    @Override
    SystemCall callThatSends(ByteBuffer source) {
        return callThatSends(BufferList.of(source));
    }

    @Override
    SystemCall callThatSends(BufferList sources) {
        return SystemCall.of("send", () -> sendAll(sources));
    }

    private long sendAll(BufferList sources) throws IOException {
        try {
            long answer;
            do {
                answer = channel.write(sources.all(), sources.first(), sources.count());
            } while (answer > 0 && sources.hasRemaining());
            return sources.hasRemaining() ? -EAGAIN : 0;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw failed("send", e instanceof SocketException ? Errno.ECONNRESET : Errno.EPIPE, e);
        }
    }

    @Override
    SystemCall callThatLooks(ByteBuffer target) {
        throw new UnsupportedOperationException("an end of the JDK takes what it receives");
    }

    @Override
    IOException failure(SystemCall call, Errno errno) {
        return new SystemCallException(call.name(), errno);
    }

    @Override
    SendMessage emission(ByteBuffer data, Collection<? extends DescriptorSource> descriptors) {
        throw noDescriptors();
    }

    @Override
    ReceiveMessage<Descriptor> reception(ByteBuffer target, int descriptors) {
        throw noDescriptors();
    }

    private static UnsupportedOperationException noDescriptors() {
        return new UnsupportedOperationException("an end of the JDK carries no descriptors");
    }

    @Override
    EndpointOptions options() {
        return new JdkOptions(channel);
    }

    @Override
    void shutdown(boolean output) throws IOException {
        if (output) {
            channel.shutdownOutput();
        } else {
            channel.shutdownInput();
        }
    }

    @Override
    boolean closeEnd() throws IOException {
        try {
            if (handedOn() == null) {
                channel.close();
            }
        } finally {
            turns.handOver(handedOn());
            boolean _ = turns.close();
            counted.clean();
        }
        return false; // a thread that waits by a selector has it until then
    }

    /// A thread that has just left closes the selector that it waited by.
    @Override
    boolean isLeft() {
        return super.isLeft() && !channel.isRegistered();
    }

    @Override
    void endConnection() throws IOException {
        channel.close();
    }

    /// The JDK tells what went wrong only by its exception's type and text.
    private static SystemCallException failed(String call, Errno errno, IOException cause) {
        var failure = new SystemCallException(call, errno);
        failure.initCause(cause);
        return failure;
    }
}
