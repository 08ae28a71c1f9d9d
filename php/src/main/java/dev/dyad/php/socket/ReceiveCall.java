package dev.dyad.php.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.Stdlib;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.RawSocket;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// One call that receives and does not wait, tried until it answers.
///
/// With `MSG_WAITALL`, which the kernel does not know of a call that must not wait, it is made again until there is
/// enough.
///
/// Used by one thread.
public final class ReceiveCall implements RawSocket.Call, AutoCloseable {

    /// The most that one call takes: an absurd length must not become an absurd allocation. No more is ever
    /// queued in a socket with default buffers.
    public static final int LONGEST = 1 << 20;

    private static final Platform OS = Platforms.current();
    private static final byte[] NOTHING = new byte[0];

    private final int length;
    private final int flags;
    private final @Nullable ByteArrayOutputStream all; // what has come, where it is to be all
    private final MemorySegment name;
    private final MemorySegment nameRoom; // how long the name may be
    private @Nullable MemorySegment larger; // for what the call's room is too small for
    private byte[] bytes = NOTHING;

    private ReceiveCall(int length, int flags, boolean all, MemorySegment name, MemorySegment nameRoom) {
        this.length = all ? length : Math.min(length, LONGEST);
        this.flags = flags;
        this.all = all ? new ByteArrayOutputStream() : null;
        this.name = name;
        this.nameRoom = nameRoom;
    }

    /// A call for what the flags say.
    public static ReceiveCall of(PhpSocket socket, String function, int length, int flags) {
        return new ReceiveCall(
                length, flags, isForAll(socket, function, flags), MemorySegment.NULL, MemorySegment.NULL);
    }

    /// A call for what the flags say, and for the address of its sender.
    public static ReceiveCall named(PhpSocket socket, String function, int length, int flags, Arena arena) {
        MemorySegment name = arena.allocate(SockAddrStorage.LAYOUT);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) socket.domain()); // which stays where nobody has a name
        MemorySegment nameRoom = arena.allocate(ValueLayout.JAVA_INT);
        return new ReceiveCall(length, flags, isForAll(socket, function, flags), name, nameRoom);
    }

    /// Returns whether a call with these flags is for all: of a stream, and what is only looked at is not gathered.
    private static boolean isForAll(PhpSocket socket, String function, int flags) {
        int which = OS.MSG_WAITALL() | OS.MSG_PEEK() | OS.MSG_OOB();
        return (flags & which) == OS.MSG_WAITALL() && socket.isStream(function);
    }

    /// Returns what came: no more than there was room for, where the answer says that it was longer.
    public byte[] bytes() {
        return all == null ? bytes : all.toByteArray();
    }

    /// Makes the call, and returns how much came, or what it answered where nothing came.
    public long by(PhpSocket socket, String function) {
        long answer = socket.receiving(function, flags, this);
        return all == null || all.size() == 0 ? answer : all.size();
    }

    /// Returns the sender of what came last: an address of the socket's family that is nothing where the kernel
    /// does not say so, as on an Internet stream, or of a sender without a name.
    public MemorySegment name() {
        return name;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        return all == null ? some(state, fd, room) : gather(all, state, fd, room);
    }

    private long some(CallState state, int fd, MemorySegment room) {
        MemorySegment target = length <= room.byteSize() ? room.asSlice(0, length) : larger();
        long answer = target.byteSize() < length ? -OS.errno("ENOMEM") : receive(state, fd, target);
        if (answer > 0) {
            bytes = target.asSlice(0, Math.min(answer, length)).toArray(ValueLayout.JAVA_BYTE);
        }
        return answer;
    }

    private long gather(ByteArrayOutputStream gathered, CallState state, int fd, MemorySegment room) {
        long answer = 0;
        while (gathered.size() < length) {
            MemorySegment target = room.asSlice(0, Math.min(room.byteSize(), length - gathered.size()));
            answer = receive(state, fd, target);
            if (answer <= 0) {
                break;
            }
            gathered.writeBytes(target.asSlice(0, answer).toArray(ValueLayout.JAVA_BYTE));
            if (SysSocket.sockatmark(state, fd) > 0) {
                break; // as the kernel does before urgent data
            }
        }
        return answer;
    }

    private long receive(CallState state, int fd, MemorySegment target) {
        if (name.byteSize() > 0) {
            nameRoom.set(ValueLayout.JAVA_INT, 0, (int) name.byteSize());
        }
        return SysSocket.recvfrom(state, fd, target, flags | OS.MSG_DONTWAIT(), name, nameRoom);
    }

    @Override
    public void close() {
        if (larger != null) {
            Stdlib.free(larger);
        }
    }

    /// Returns memory as large as the caller says, however little then comes, or `NULL` where there is not so much.
    /// What it holds before the call has written to it is anybody's.
    private MemorySegment larger() {
        MemorySegment memory = larger;
        if (memory == null) {
            memory = Stdlib.malloc(length);
            larger = memory;
        }
        return memory;
    }
}
