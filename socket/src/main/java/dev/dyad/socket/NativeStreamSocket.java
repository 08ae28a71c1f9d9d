package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.AdoptedSocket;
import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.ConnectCall;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.PeerInfo;
import dev.dyad.socket.fd.SocketNames;
import dev.dyad.socket.jdk.InternetChannels;
import dev.dyad.socket.jdk.SocketChannels;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.FdOptions;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.BufferVector;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.transfer.MessageVector;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.transfer.SendMessage;
import dev.dyad.socket.transfer.SharedCalls;
import dev.dyad.socket.waiting.BlockingWaiter;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An end that is a descriptor.
///
/// Each call says itself that it must not block: a flag on the descriptor would be seen by every process that
/// shares it. It still waits for the socket's lock, which another process may hold for long that has the same
/// descriptor, as while a page comes that it receives into. So only where nobody else has it are calls
/// critical.
final class NativeStreamSocket extends StreamSocket implements AdoptedSocket {

    private static final Platform OS = Platforms.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    /// How many bytes one `recv` or `send` moves, during which the JVM comes to no safepoint: some 50
    /// microseconds, and more than the kernel keeps for a pair unless it is told to.
    private static final int AT_ONCE = 1 << 18;

    private final Fd ends;
    private final FdMutex fd;
    private final int number; // for the thread that has a turn
    private final Cleaner.Cleanable watch;
    private @Nullable CallState receiving; // room for the errno, once there was a call; of the thread that reads
    private @Nullable CallState sending; // likewise; of the thread that writes

    NativeStreamSocket(Fd ends) {
        super(ends.reading, ends.writing);
        this.ends = ends;
        fd = ends.fd;
        number = fd.number();
        ends.setBytesOnly();
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.SOCKET);
    }

    @Override
    public void setUnshared() {
        ends.unshare();
    }

    @Override
    public Set<Capability> capabilities() {
        return ends.capabilities();
    }

    @Override
    public StreamSocket bind(SocketAddress address) throws IOException {
        SocketNames.bind(ends, address);
        return this;
    }

    @Override
    StreamSocket connect(SocketAddress remote, Deadline deadline, Interrupts interrupts) throws IOException {
        requireOpen();
        ends.beginConnect();
        boolean connected = false;
        try {
            makeConnection(remote, deadline, interrupts);
            connected = true;
            return this;
        } finally {
            ends.endConnect(connected);
        }
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        return SocketNames.local(ends);
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws IOException {
        return SocketNames.remote(ends);
    }

    @Override
    public @Nullable Credentials peerCredentials() throws IOException {
        return PeerInfo.credentials(ends);
    }

    @Override
    public Descriptor peerProcess() throws IOException {
        return Descriptor.of(PeerInfo.process(ends));
    }

    @Override
    boolean isConnected() {
        return ends.isConnected();
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        return ends.lendToShare();
    }

    /// Says which number it is, and whether it is closed, for messages to people.
    @Override
    public String toString() {
        return ends.described("StreamSocket", isOpen());
    }

    @Override
    BorrowedFd look() throws IOException {
        return ends.fd.lend();
    }

    @Override
    public SocketChannel toSocketChannel() throws IOException {
        int raw = fd.acquire();
        try {
            ends.requireConnected();
            return CloseOnFailure.of(channelOver(raw), this::handOnTo);
        } finally {
            fd.release();
        }
    }

    private SocketChannel channelOver(int raw) throws IOException {
        return remoteAddress() instanceof InetSocketAddress remote && localAddress() instanceof InetSocketAddress local
                ? InternetChannels.channelOver(raw, local, remote)
                : SocketChannels.channelOver(raw);
    }

    private void handOnTo(SocketChannel channel) throws IOException {
        if (isReadingShut()) {
            channel.shutdownInput();
        }
        if (isWritingShut()) {
            channel.shutdownOutput();
        }
        handOn("SocketChannel");
    }

    @Override
    int unread() throws IOException {
        int count = ends.unread();
        return isReadingShut() ? 0 : count;
    }

    @Override
    SystemCall callThatLooks(ByteBuffer target) throws IOException {
        requireConnected();
        return SystemCall.of("recvmsg", () -> target.hasRemaining() ? look(target) : 0);
    }

    @Override
    SystemCall callThatReceives(ByteBuffer target) throws IOException {
        if (!ends.isConnected()) {
            requireConnected();
        }
        return new Receive(target);
    }

    @Override
    SystemCall callThatReceives(BufferList targets) throws IOException {
        requireConnected();
        return targets.isSingle()
                ? new Receive(targets.single())
                : SystemCall.of("recvmsg", () -> targets.hasRemaining() ? receive(targets) : 0);
    }

    @Override
    SystemCall callThatSends(ByteBuffer source) throws IOException {
        if (!ends.isConnected()) {
            requireConnected();
        }
        return new Send(source);
    }

    @Override
    SystemCall callThatSends(BufferList sources) throws IOException {
        requireConnected();
        return sources.isSingle() ? new Send(sources.single()) : SystemCall.of("sendmsg", () -> sendAll(sources));
    }

    /// Receives bytes into one buffer.
    private final class Receive implements SystemCall {
        private final ByteBuffer target;
        private boolean waited; // in a call that may have received it
        private boolean shared; // whether it was, at the last try

        Receive(ByteBuffer target) {
            this.target = target;
        }

        @Override
        public long make() {
            if (!target.hasRemaining()) {
                return 0;
            }
            waited = false;
            shared = ends.isShared();
            long answer = shared ? SharedCalls.receive(number, target) : receive(target);
            return answer == 0 ? ends.end() : answer;
        }

        @Override
        public String name() {
            return shared || waited ? "recvfrom" : "recv";
        }

        @Override
        public boolean waitsFirst() {
            return target.hasRemaining();
        }

        @Override
        public @Nullable ByteBuffer waitBuffer() {
            waited = target.hasRemaining() && target.remaining() <= BlockingWaiter.ROOM;
            return waited ? target : null;
        }
    }

    /// Sends all bytes of one buffer.
    private final class Send implements SystemCall {
        private final ByteBuffer source;
        private boolean shared; // whether it was, at the last try

        Send(ByteBuffer source) {
            this.source = source;
        }

        @Override
        public long make() {
            shared = ends.isShared();
            long answer;
            do {
                answer = shared ? SharedCalls.send(number, source) : send(source);
            } while (answer >= 0 && source.hasRemaining());
            return answer;
        }

        @Override
        public String name() {
            return shared ? "sendto" : "send";
        }
    }

    private long look(ByteBuffer target) {
        var scratch = CallMemory.borrow();
        try (var transfer = MessageVector.into(BufferList.of(target), CallMemory.TRANSFER, scratch)) {
            MsgHdr.set(scratch.header(), transfer.vector(), transfer.count());
            long answer = SysSocket.recvmsg(scratch.state, number, scratch.header(), RECEIVE | OS.MSG_PEEK());
            if (answer <= 0) {
                return answer == 0 ? ends.end() : answer;
            }
            return transfer.received(answer);
        } finally {
            scratch.giveBack();
        }
    }

    @Override
    SendMessage emission(ByteBuffer data, Collection<? extends DescriptorSource> descriptors) throws IOException {
        return new SendMessage(ends, BufferList.of(data), null, descriptors);
    }

    @Override
    ReceiveMessage<Descriptor> reception(ByteBuffer target, int descriptors) {
        return new ReceiveMessage<>(ends, BufferList.of(target), descriptors, Descriptor::of);
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
        fd.handOver(handedOn());
        fd.close();
        watch.clean();
        return fd.isGone();
    }

    @Override
    void endConnection() {
        ends.endHandedOver();
    }

    /// Closes this socket where it fails, as the JDK does: what the kernel has of it by then, nobody can use.
    private void makeConnection(SocketAddress remote, Deadline deadline, Interrupts interrupts) throws IOException {
        try (var connecting = new ConnectCall(ends, remote)) {
            long _ = sending(deadline.limit(), interrupts, connecting);
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private long receive(ByteBuffer target) {
        CallState room = receiving;
        if (room == null) {
            room = CallState.onHeap();
            receiving = room;
        }
        MemorySegment bytes = MemorySegment.ofBuffer(target);
        if (bytes.byteSize() > AT_ONCE) {
            bytes = bytes.asSlice(0, AT_ONCE);
        }
        long answer = SysSocket.recv(room, number, bytes, RECEIVE);
        if (answer > 0) {
            target.position(target.position() + (int) answer);
        }
        return answer;
    }

    private long send(ByteBuffer source) {
        CallState room = sending;
        if (room == null) {
            room = CallState.onHeap();
            sending = room;
        }
        MemorySegment bytes = MemorySegment.ofBuffer(source);
        if (bytes.byteSize() > AT_ONCE) {
            bytes = bytes.asSlice(0, AT_ONCE);
        }
        long answer = SysSocket.send(room, number, bytes, SEND);
        if (answer > 0) {
            source.position(source.position() + (int) answer);
        }
        return answer;
    }

    private long receive(BufferList targets) {
        var scratch = CallMemory.borrow();
        try {
            var vector = new BufferVector(scratch, targets);
            vector.offerRoom();
            MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
            long answer = SysSocket.recvmsg(scratch.state, number, scratch.header(), RECEIVE);
            vector.received(answer);
            return answer == 0 ? ends.end() : answer;
        } finally {
            scratch.giveBack();
        }
    }

    private long sendAll(BufferList sources) {
        long answer;
        do {
            answer = send(sources);
        } while (answer >= 0 && sources.hasRemaining());
        return answer;
    }

    private long send(BufferList sources) {
        var scratch = CallMemory.borrow();
        try {
            var vector = new BufferVector(scratch, sources);
            vector.offerBytes();
            MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
            long answer = SysSocket.sendmsg(scratch.state, number, scratch.header(), SEND);
            vector.sent(answer);
            return answer;
        } finally {
            scratch.giveBack();
        }
    }
}
