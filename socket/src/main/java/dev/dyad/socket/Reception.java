package dev.dyad.socket;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.waiting.Attempt;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One `recvmsg` with all that comes beside the data, tried until there is something.
///
/// @param <D> what owns a descriptor that came
final class Reception<D> implements Attempt {

    private static final Platform OS = Platform.current();
    private static final int FLAGS = OS.MSG_DONTWAIT() | OS.MSG_CMSG_CLOEXEC();

    private final NativeEnds ends;
    private final Buffers targets;
    private final int asked;
    private final boolean looks;
    private final IntFunction<D> owner;
    private @Nullable Message<D> message;

    /// A message that came.
    ///
    /// @param <D> what owns a descriptor that came
    /// @param length how many bytes of it were received
    /// @param fullLength how many it had
    /// @param control what is beside them
    /// @param sender who sent it, where that is known
    record Message<D>(long length, long fullLength, Control<D> control, @Nullable SocketAddress sender) {}

    /// @param asked how many descriptors to take at most
    /// @param owner what makes an owner of each
    Reception(NativeEnds ends, Buffers targets, int asked, IntFunction<D> owner) {
        this(ends, targets, asked, owner, false);
    }

    private Reception(NativeEnds ends, Buffers targets, int asked, IntFunction<D> owner, boolean looks) {
        if (asked < 0 || asked > Control.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "a message carries 0 to " + Control.MOST_DESCRIPTORS + " descriptors, not " + asked);
        }
        ends.requirePassing(asked);
        this.ends = ends;
        this.targets = targets.requireWritable().requireOneCall();
        this.asked = asked;
        this.owner = owner;
        this.looks = looks;
    }

    /// Returns one that leaves the message where it is, and what is beside it.
    static <D> Reception<D> look(NativeEnds ends, Buffers targets, IntFunction<D> owner) {
        return new Reception<>(ends, targets, 0, owner, true);
    }

    /// Returns what came, or `null` at the end of the connection.
    @Nullable
    Message<D> message() {
        return message;
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
        Control<D> control = looks
                ? Control.unread(scratch.header())
                : Control.take(scratch.header(), scratch.control(), asked, owner);
        if (answer == 0 && ends.isEnd(targets.hasRemaining(), control.timestamp())) {
            return ends.end("recvmsg");
        }
        long length = transfer.received(answer);
        message = new Message<>(length, answer, control, sender(scratch.header(), scratch.address()));
        return length;
    }

    private static @Nullable SocketAddress sender(MemorySegment header, MemorySegment address) {
        int length = MsgHdr.nameLength(header);
        SocketAddress sender = length == 0 ? null : Addresses.get(address, length);
        return sender instanceof UnixAddress unix && unix.isUnnamed() ? null : sender;
    }
}
