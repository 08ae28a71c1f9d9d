package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// One `send` that does not wait, made again with what is left until all was accepted.
///
/// Used by one thread.
final class Sending implements SystemCall, AutoCloseable {

    private static final Platform OS = Platform.current();

    private final byte[] data;
    private final int length;
    private final int flags;
    private @Nullable Arena larger;
    private @Nullable MemorySegment memory; // for what the call's room is too small for
    private int sent;

    Sending(byte[] data, int length, int flags) {
        this.data = data;
        this.length = Math.min(length, data.length);
        this.flags = flags | OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
    }

    /// Returns how much was accepted, or what a call answered that accepted nothing.
    long result(long answer) {
        return sent > 0 ? sent : answer;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        MemorySegment source = length <= room.byteSize() ? copy(room) : memory();
        long answer;
        do {
            answer = SysSocket.sendto(state, fd, source.asSlice(sent, length - sent), flags, MemorySegment.NULL, 0);
            if (answer > 0) {
                sent += (int) answer;
            }
        } while (answer > 0 && sent < length);
        return answer;
    }

    @Override
    public void close() {
        if (larger != null) {
            larger.close();
        }
    }

    private MemorySegment copy(MemorySegment room) {
        MemorySegment.copy(data, sent, room, ValueLayout.JAVA_BYTE, sent, length - sent);
        return room;
    }

    @SuppressWarnings("MustBeClosedChecker") // it is closed with this
    private MemorySegment memory() {
        MemorySegment allocated = memory;
        if (allocated == null) {
            var arena = Arena.ofConfined();
            larger = arena;
            allocated = arena.allocate(length);
            MemorySegment.copy(data, 0, allocated, ValueLayout.JAVA_BYTE, 0, length);
            memory = allocated;
        }
        return allocated;
    }
}
