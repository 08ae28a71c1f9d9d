package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysIoctl;
import dev.dyad.posix.SysSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An end that is a descriptor.
///
/// Each call says itself that it must not block: a flag on the descriptor would be seen by every process that
/// shares it.
final class NativeStreamSocket extends StreamSocket {

    private static final Platform OS = Platform.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    private final NativeEnds ends;
    private final OwnedFd fd;
    private final Cleaner.Cleanable watch;

    NativeStreamSocket(NativeEnds ends) {
        super(ends.reading, ends.writing);
        this.ends = ends;
        fd = ends.fd;
        watch = Lost.closeWhenLost(this, fd, "a socket");
    }

    @Override
    public Set<Capability> capabilities() {
        return ends.capabilities();
    }

    @Override
    public StreamSocket bind(SocketAddress address) throws IOException {
        Names.bind(ends, address);
        return this;
    }

    @Override
    public StreamSocket connect(SocketAddress remote, Deadline deadline) throws IOException {
        requireOpen();
        ends.beginConnect();
        boolean connected = false;
        try {
            var connecting = new Connecting(ends, remote);
            makeConnection(connecting, deadline);
            connected = true;
            return this;
        } finally {
            ends.endConnect(connected);
        }
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        return Names.local(ends);
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws IOException {
        return Names.remote(ends);
    }

    @Override
    public @Nullable Credentials peerCredentials() throws IOException {
        return Peer.credentials(ends);
    }

    @Override
    public Descriptor peerProcess() throws IOException {
        return Peer.process(ends);
    }

    @Override
    boolean isConnected() {
        return ends.isConnected();
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        return ends.borrow();
    }

    @Override
    public SocketChannel toSocketChannel() throws IOException {
        int raw = fd.acquire();
        try {
            ends.requireConnected();
            return handOnTo(Adoption.channelOver(raw));
        } finally {
            fd.release();
        }
    }

    private SocketChannel handOnTo(SocketChannel channel) throws IOException {
        boolean done = false;
        try {
            if (isReadingShut()) {
                channel.shutdownInput();
            }
            if (isWritingShut()) {
                channel.shutdownOutput();
            }
            handOn();
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    @Override
    int unread() throws IOException {
        int raw = fd.acquire();
        try (var arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int answer = SysIoctl.ioctl(new CallState(arena), raw, OS.FIONREAD(), count);
            if (answer < 0) {
                throw ends.failure("ioctl", Errno.of(answer));
            }
            return isReadingShut() ? 0 : count.get(ValueLayout.JAVA_INT, 0);
        } finally {
            fd.release();
        }
    }

    @Override
    long tryReceive(Buffers targets) throws IOException {
        int raw = fd.acquire();
        var scratch = Scratch.borrow();
        try {
            long answer;
            do {
                answer = targets.isSingle() ? receive(scratch, raw, targets.single()) : receive(scratch, raw, targets);
            } while (NativeEnds.interrupted(answer));
            return answer == 0 ? END : ends.result(targets.isSingle() ? "recv" : "recvmsg", answer);
        } finally {
            scratch.giveBack();
            fd.release();
        }
    }

    @Override
    long trySend(Buffers sources) throws IOException {
        int raw = fd.acquire();
        var scratch = Scratch.borrow();
        try {
            long answer;
            do {
                answer = sources.isSingle() ? send(scratch, raw, sources.single()) : send(scratch, raw, sources);
            } while (NativeEnds.interrupted(answer));
            return ends.result(sources.isSingle() ? "send" : "sendmsg", answer);
        } finally {
            scratch.giveBack();
            fd.release();
        }
    }

    @Override
    Emission emission(ByteBuffer data, Collection<? extends DescriptorSource> descriptors) throws IOException {
        return new Emission(ends, data, null, descriptors);
    }

    @Override
    Reception reception(ByteBuffer target, int descriptors) {
        return new Reception(ends, target, descriptors);
    }

    @Override
    Options options() {
        return new NativeOptions(ends);
    }

    @Override
    void shutdown(boolean output) throws IOException {
        ends.shutdown(output);
    }

    @Override
    void closeEnd() {
        fd.close();
        watch.clean();
    }

    /// Closes this socket where it fails, as the JDK does: what the kernel has of it by then, nobody can use.
    private void makeConnection(Connecting connecting, Deadline deadline) throws IOException {
        try (connecting) {
            long _ = sending(deadline, connecting);
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private static long receive(Scratch scratch, int raw, ByteBuffer target) {
        if (target.isDirect()) {
            long answer = SysSocket.recv(scratch.state, raw, MemorySegment.ofBuffer(target), RECEIVE);
            advance(target, answer);
            return answer;
        }
        MemorySegment room = scratch.transfer().asSlice(0, Math.min(target.remaining(), Scratch.TRANSFER));
        long answer = SysSocket.recv(scratch.state, raw, room, RECEIVE);
        if (answer > 0) {
            MemorySegment.copy(room, 0, MemorySegment.ofBuffer(target), 0, answer);
            advance(target, answer);
        }
        return answer;
    }

    private static long send(Scratch scratch, int raw, ByteBuffer source) {
        MemorySegment bytes = MemorySegment.ofBuffer(source);
        if (!source.isDirect()) {
            long length = Math.min(source.remaining(), Scratch.TRANSFER);
            bytes = scratch.transfer().asSlice(0, length).copyFrom(bytes.asSlice(0, length));
        }
        long answer = SysSocket.send(scratch.state, raw, bytes, SEND);
        advance(source, answer);
        return answer;
    }

    private static long receive(Scratch scratch, int raw, Buffers targets) {
        var vector = new Vectored(scratch, targets);
        vector.offerRoom();
        MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
        long answer = SysSocket.recvmsg(scratch.state, raw, scratch.header(), RECEIVE);
        vector.received(answer);
        return answer;
    }

    private static long send(Scratch scratch, int raw, Buffers sources) {
        var vector = new Vectored(scratch, sources);
        vector.offerBytes();
        MsgHdr.set(scratch.header(), scratch.vector(), vector.count());
        long answer = SysSocket.sendmsg(scratch.state, raw, scratch.header(), SEND);
        vector.sent(answer);
        return answer;
    }

    private static void advance(ByteBuffer buffer, long moved) {
        if (moved > 0) {
            buffer.position(buffer.position() + (int) moved);
        }
    }
}
