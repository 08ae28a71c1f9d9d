package dev.dyad.socket.transfer;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.UnixAddress;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.waiting.SystemCall;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One `recvmsg` with its control data, tried until there is something.
///
/// @param <D> what owns a descriptor that came
public final class ReceiveMessage<D> implements SystemCall {

    private static final Platform OS = Platforms.current();
    private static final int FLAGS = OS.MSG_DONTWAIT() | OS.MSG_CMSG_CLOEXEC();

    private final Fd ends;
    private final BufferList targets;
    private final int asked;
    private final boolean looks;
    private final IntFunction<D> owner;
    private @Nullable Message<D> message;

    /// A message that came.
    ///
    /// @param <D> what owns a descriptor that came
    /// @param length how many bytes of it were received
    /// @param fullLength how many it had
    /// @param control what comes with them
    /// @param sender who sent it, where that is known
    public record Message<D>(
            long length,
            long fullLength,
            AncillaryData<D> control,
            @Nullable SocketAddress sender) {}

    /// @param asked how many descriptors to take at most
    /// @param owner what makes an owner of each
    public ReceiveMessage(Fd ends, BufferList targets, int asked, IntFunction<D> owner) {
        this(ends, targets, asked, owner, false);
    }

    private ReceiveMessage(Fd ends, BufferList targets, int asked, IntFunction<D> owner, boolean looks) {
        if (asked < 0 || asked > AncillaryData.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "a message carries 0 to " + AncillaryData.MOST_DESCRIPTORS + " descriptors, not " + asked);
        }
        ends.requirePassing(asked);
        this.ends = ends;
        this.targets = targets.requireWritable().requireOneCall();
        this.asked = asked;
        this.owner = owner;
        this.looks = looks;
    }

    /// Returns one that leaves the message where it is, and what comes with it.
    public static <D> ReceiveMessage<D> look(Fd ends, BufferList targets, IntFunction<D> owner) {
        return new ReceiveMessage<>(ends, targets, 0, owner, true);
    }

    /// Returns what came, or `null` at the end of the connection.
    @Nullable
    public Message<D> message() {
        return message;
    }

    @Override
    public String name() {
        return "recvmsg";
    }

    @Override
    public long make() {
        var scratch = CallMemory.borrow();
        try (var transfer = MessageVector.into(targets, copyable(), scratch)) {
            MemorySegment header = scratch.header();
            MsgHdr.set(header, transfer.vector(), transfer.count());
            if (!looks) { // or each look would open the descriptors anew
                MsgHdr.setControl(header, scratch.control(), AncillaryData.room(asked));
            }
            MsgHdr.setName(header, scratch.address(), (int) scratch.address().byteSize());
            long answer = SysSocket.recvmsg(scratch.state, ends.fd.number(), header, flags());
            return answer < 0 ? answer : received(answer, transfer, scratch);
        } finally {
            scratch.giveBack();
        }
    }

    /// Returns how much of what is copied this call offers: of a stream, whose rest is there next time, no more
    /// than there is memory for; of a message all that was given, since nobody knows how long it is before it
    /// has come.
    private long copyable() {
        return ends.type() == OS.SOCK_STREAM() ? CallMemory.TRANSFER : Long.MAX_VALUE;
    }

    /// A datagram answers its full length where it is asked to; what is in a stream is not touched by it.
    private int flags() {
        int flags = looks ? FLAGS | OS.MSG_PEEK() : FLAGS;
        return ends.type() == OS.SOCK_STREAM() ? flags : flags | OS.MSG_TRUNC();
    }

    private long received(long answer, MessageVector transfer, CallMemory scratch) {
        AncillaryData<D> control = looks
                ? AncillaryData.unread(scratch.header())
                : AncillaryData.take(scratch.header(), scratch.control(), asked, owner);
        if (answer == 0 && ends.isEnd(targets.hasRemaining(), control.timestamp())) {
            return ends.end();
        }
        long length = transfer.received(answer);
        message = new Message<>(length, answer, control, sender(scratch.header(), scratch.address()));
        return length;
    }

    private static @Nullable SocketAddress sender(MemorySegment header, MemorySegment address) {
        int length = MsgHdr.nameLength(header);
        SocketAddress sender = length == 0 ? null : SocketAddresses.get(address, length);
        return sender instanceof UnixAddress unix && unix.isUnnamed() ? null : sender;
    }
}
