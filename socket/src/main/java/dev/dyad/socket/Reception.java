package dev.dyad.socket;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// One `recvmsg` with all that comes beside the data, tried until there is something.
final class Reception implements Endpoint.Attempt {

    private static final Platform OS = Platform.current();
    private static final int FLAGS = OS.MSG_DONTWAIT() | OS.MSG_CMSG_CLOEXEC();

    private final NativeEnds ends;
    private final Buffers targets;
    private final int asked;
    private final boolean looks;
    private @Nullable Received received;

    /// @param asked how many descriptors to take at most
    Reception(NativeEnds ends, Buffers targets, int asked) {
        this(ends, targets, asked, false);
    }

    private Reception(NativeEnds ends, Buffers targets, int asked, boolean looks) {
        if (asked < 0 || asked > Control.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "a message carries 0 to " + Control.MOST_DESCRIPTORS + " descriptors, not " + asked);
        }
        ends.requirePassing(asked);
        this.ends = ends;
        this.targets = targets.requireWritable().requireOneCall();
        this.asked = asked;
        this.looks = looks;
    }

    /// Returns one that leaves the message where it is, and what is beside it.
    static Reception look(NativeEnds ends, Buffers targets) {
        return new Reception(ends, targets, 0, true);
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
        try (var transfer = Transfer.into(targets, copyable(), scratch)) {
            MemorySegment header = scratch.header();
            MsgHdr.set(header, transfer.vector(), transfer.count());
            if (!looks) { // or each look would open the descriptors anew
                MsgHdr.setControl(header, scratch.control(), Control.room(asked));
            }
            MsgHdr.setName(header, scratch.address(), (int) scratch.address().byteSize());
            long answer;
            do {
                answer = SysSocket.recvmsg(scratch.state, raw, header, flags());
            } while (NativeEnds.interrupted(answer));
            return answer < 0 ? ends.result("recvmsg", answer) : received(answer, transfer, scratch);
        } finally {
            scratch.giveBack();
            ends.fd.release();
        }
    }

    /// Returns how much of what is copied this call offers: of a stream, whose rest is there next time, no more than
    /// there is memory for; of a message all that was given, since nobody knows how long it is before it has come.
    private long copyable() {
        return ends.type() == OS.SOCK_STREAM() ? Scratch.TRANSFER : Long.MAX_VALUE;
    }

    /// A datagram answers its full length where it is asked to; what is in a stream is not touched by it.
    private int flags() {
        int flags = looks ? FLAGS | OS.MSG_PEEK() : FLAGS;
        return ends.type() == OS.SOCK_STREAM() ? flags : flags | OS.MSG_TRUNC();
    }

    private long received(long answer, Transfer transfer, Scratch scratch) throws IOException {
        Control control =
                looks ? Control.unread(scratch.header()) : Control.take(scratch.header(), scratch.control(), asked);
        if (answer == 0 && ends.isEnd(targets.hasRemaining(), control.timestamp())) {
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
