package dev.dyad.socket.waiting;

import dev.dyad.socket.Errno;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where a wait in the call that receives leaves what it has waited for: whoever is woken with it needs no other call.
///
/// Used by the thread that waits.
public final class WaitBuffer {

    /// How many bytes that are: more are worth a call of their own, which needs no copy.
    public static final int ROOM = 4096;

    private final ByteBuffer target;
    private long answer = -Errno.EAGAIN.code();

    private WaitBuffer(ByteBuffer target) {
        this.target = target;
    }

    /// Returns one for what a read wants, or `null` where it is too much.
    public static @Nullable WaitBuffer in(ByteBuffer target) {
        return target.hasRemaining() && target.remaining() <= ROOM ? new WaitBuffer(target) : null;
    }

    /// Returns the part of `room` that is to be received into.
    public MemorySegment part(MemorySegment room) {
        return room.asSlice(0, target.remaining());
    }

    /// Puts what was received into the buffer.
    ///
    /// @param received how many bytes, or zero at the end of the stream
    public void land(MemorySegment room, long received) {
        if (received > 0) {
            target.put(room.asSlice(0, received).asByteBuffer());
        }
        answer = received;
    }

    /// Says that the call failed.
    ///
    /// @param failure `-errno`
    public void fail(long failure) {
        answer = failure;
    }

    /// Returns what the read answers, or `-errno`: `-EAGAIN` where nothing was brought.
    public long answer() {
        return answer;
    }
}
