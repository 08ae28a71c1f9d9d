package dev.dyad.socket;

import static dev.dyad.socket.waiting.Attempt.END;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.ConnectCall;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.PeerInfo;
import dev.dyad.socket.fd.SocketNames;
import dev.dyad.socket.jdk.InternetChannels;
import dev.dyad.socket.jdk.SocketChannels;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.FdOptions;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.BufferVector;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.transfer.MessageVector;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.transfer.SendMessage;
import dev.dyad.socket.transfer.SharedCalls;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.WaitBuffer;
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
final class NativeStreamSocket extends StreamSocket {

    private static final Platform OS = Platform.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    /// How many bytes one `recv` or `send` moves, during which the JVM comes to no safepoint: some 50
    /// microseconds, and more than the kernel keeps for a pair unless it is told to.
    private static final int AT_ONCE = 1 << 18;

    private final Fd ends;
    private final FdMutex fd;
    private final Cleaner.Cleanable watch;

    NativeStreamSocket(Fd ends) {
        super(ends.reading, ends.writing);
        this.ends = ends;
        fd = ends.fd;
        ends.reading.blockFor(ends);
        watch = LeakCleaner.closeWhenLost(this, ends, "a socket");
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
    long tryReceive(ByteBuffer target) throws IOException {
        int raw = ends.reading.keep();
        return ends.isShared()
                ? ends.receivedBytes("recvfrom", SharedCalls.receive(raw, target))
                : ends.receivedBytes("recv", receive(raw, target));
    }

    @Override
    long tryReceive(BufferList targets) throws IOException {
        return targets.isSingle() ? tryReceive(targets.single()) : receive(targets);
    }

    private long receive(BufferList targets) throws IOException {
        return ends.receivedBytes("recvmsg", receive(ends.reading.keep(), targets));
    }

    @Override
    long awaitInto(ByteBuffer target, Deadline deadline, Interrupts interrupts) throws IOException {
        ends.reading.landIn(WaitBuffer.in(target, deadline));
        return super.awaitInto(target, deadline, interrupts);
    }

    @Override
    long trySend(ByteBuffer source) throws IOException {
        int raw = ends.writing.keep();
        return ends.isShared()
                ? ends.result("sendto", SharedCalls.send(raw, source))
                : ends.result("send", send(raw, source));
    }

    @Override
    long trySend(BufferList sources) throws IOException {
        return sources.isSingle() ? trySend(sources.single()) : send(sources);
    }

    private long send(BufferList sources) throws IOException {
        return ends.result("sendmsg", send(ends.writing.keep(), sources));
    }

    @Override
    long look(ByteBuffer target) throws IOException {
        int raw = fd.acquire();
        var scratch = CallMemory.borrow();
        try (var transfer = MessageVector.into(BufferList.of(target), CallMemory.TRANSFER, scratch)) {
            MsgHdr.set(scratch.header(), transfer.vector(), transfer.count());
            long answer;
            do {
                answer = SysSocket.recvmsg(scratch.state, raw, scratch.header(), RECEIVE | OS.MSG_PEEK());
            } while (Fd.interrupted(answer));
            if (answer <= 0) {
                return answer == 0 ? END : ends.result("recvmsg", answer);
            }
            return transfer.received(answer);
        } finally {
            scratch.giveBack();
            fd.release();
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
    EndpointOptions options() {
        return new FdOptions(ends);
    }

    @Override
    void shutdown(boolean output) throws IOException {
        ends.shutdown(output);
    }

    @Override
    void closeEnd() {
        fd.handOver(handedOn());
        fd.close();
        watch.clean();
    }

    @Override
    void endConnection() {
        ends.endHandedOver();
    }

    /// Closes this socket where it fails, as the JDK does: what the kernel has of it by then, nobody can use.
    private void makeConnection(SocketAddress remote, Deadline deadline, Interrupts interrupts) throws IOException {
        try (var connecting = new ConnectCall(ends, remote)) {
            long _ = sending(deadline, interrupts, connecting);
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private long receive(int raw, ByteBuffer target) {
        MemorySegment room = firstPart(target);
        long answer;
        do {
            answer = SysSocket.recv(ends.reading.state(), raw, room, RECEIVE);
        } while (Fd.interrupted(answer));
        advance(target, answer);
        return answer;
    }

    private long send(int raw, ByteBuffer source) {
        MemorySegment bytes = firstPart(source);
        long answer;
        do {
            answer = SysSocket.send(ends.writing.state(), raw, bytes, SEND);
        } while (Fd.interrupted(answer));
        advance(source, answer);
        return answer;
    }

    private static MemorySegment firstPart(ByteBuffer buffer) {
        MemorySegment whole = MemorySegment.ofBuffer(buffer);
        return whole.byteSize() <= AT_ONCE ? whole : whole.asSlice(0, AT_ONCE);
    }

    private static long receive(int raw, BufferList targets) {
        var scratch = CallMemory.borrow();
        try {
            var vector = new BufferVector(scratch, targets);
            vector.offerRoom();
            MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
            long answer;
            do {
                answer = SysSocket.recvmsg(scratch.state, raw, scratch.header(), RECEIVE);
            } while (Fd.interrupted(answer));
            vector.received(answer);
            return answer;
        } finally {
            scratch.giveBack();
        }
    }

    private static long send(int raw, BufferList sources) {
        var scratch = CallMemory.borrow();
        try {
            var vector = new BufferVector(scratch, sources);
            vector.offerBytes();
            MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
            long answer;
            do {
                answer = SysSocket.sendmsg(scratch.state, raw, scratch.header(), SEND);
            } while (Fd.interrupted(answer));
            vector.sent(answer);
            return answer;
        } finally {
            scratch.giveBack();
        }
    }

    private static void advance(ByteBuffer buffer, long moved) {
        if (moved > 0) {
            buffer.position(buffer.position() + (int) moved);
        }
    }
}
