package dev.dyad.socket;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One `recvmsg` with all that comes beside the data, tried until there is something.
final class Reception implements Endpoint.Attempt {

    private static final Platform OS = Platform.current();
    private static final int FLAGS = OS.MSG_DONTWAIT() | OS.MSG_CMSG_CLOEXEC();

    private static final int PEEK = OS.MSG_DONTWAIT() | OS.MSG_PEEK() | OS.MSG_TRUNC();

    private final NativeEnds ends;
    private final ByteBuffer target;
    private final int asked;
    private @Nullable Received received;

    /// @param asked how many descriptors to take at most
    Reception(NativeEnds ends, ByteBuffer target, int asked) {
        if (asked < 0 || asked > Control.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "a message carries 0 to " + Control.MOST_DESCRIPTORS + " descriptors, not " + asked);
        }
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        ends.requirePassing(asked);
        this.ends = ends;
        this.target = target;
        this.asked = asked;
    }

    /// Returns what came.
    Received received() {
        Received result = received;
        return result != null ? result : Received.end();
    }

    /// Closes what came, of which nobody will hear.
    void discard() {
        received().close();
    }

    @Override
    public long make() throws IOException {
        int raw = ends.fd.acquire();
        var scratch = Scratch.borrow();
        try {
            long room = room(scratch, raw);
            return room < 0 ? ends.result("recvfrom", room) : receive(raw, room, scratch);
        } finally {
            scratch.giveBack();
            ends.fd.release();
        }
    }

    private long receive(int raw, long room, Scratch scratch) throws IOException {
        try (var transfer = Transfer.into(target, room, scratch)) {
            MsgHdr.set(scratch.header(), transfer.vector(), 1);
            MsgHdr.setControl(scratch.header(), scratch.control(), Control.room(asked));
            MsgHdr.setName(
                    scratch.header(), scratch.address(), (int) scratch.address().byteSize());
            long answer;
            do {
                answer = SysSocket.recvmsg(scratch.state, raw, scratch.header(), flags());
            } while (NativeEnds.interrupted(answer));
            return answer < 0 ? ends.result("recvmsg", answer) : received(answer, transfer, scratch);
        }
    }

    /// Returns how much of the target this call offers. An array is copied, and may be much longer than what
    /// there is: then the message that is next says how much memory that takes, and none is taken while there
    /// is none.
    ///
    /// @return so many bytes, or `-errno`
    private long room(Scratch scratch, int raw) {
        int all = target.remaining();
        if (all <= Scratch.TRANSFER || Memory.stays(target)) {
            return all;
        }
        if (ends.type() == OS.SOCK_STREAM()) {
            return Scratch.TRANSFER;
        }
        long next;
        do {
            next = SysSocket.recvfrom(
                    scratch.state, raw, scratch.transfer().asSlice(0, 0), PEEK, MemorySegment.NULL, MemorySegment.NULL);
        } while (NativeEnds.interrupted(next));
        return next < 0 ? next : Math.clamp(next, Scratch.TRANSFER, all);
    }

    /// A datagram answers its full length where it is asked to; what is in a stream is not touched by it.
    private int flags() {
        return ends.type() == OS.SOCK_STREAM() ? FLAGS : FLAGS | OS.MSG_TRUNC();
    }

    private long received(long answer, Transfer transfer, Scratch scratch) throws IOException {
        Control control = Control.take(scratch.header(), scratch.control(), asked);
        if (answer == 0 && ends.isEnd(target.hasRemaining(), control.timestamp())) {
            return ends.end("recvmsg");
        }
        long length = transfer.received(answer);
        received = new Received(length, answer, control, sender(scratch.header(), scratch.address()));
        return length;
    }

    private static @Nullable SocketAddress sender(MemorySegment header, MemorySegment address) {
        int length = MsgHdr.nameLength(header);
        SocketAddress sender = length == 0 ? null : Addresses.get(address, length);
        return sender instanceof UnixAddress unix && unix.isUnnamed() ? null : sender;
    }
}
