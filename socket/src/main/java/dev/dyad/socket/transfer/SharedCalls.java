package dev.dyad.socket.transfer;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Moves the bytes of one buffer by a call that may wait for the lock of a socket or pipe, which another process may
/// hold for as long as it likes: it keeps no thread from a safepoint.
public final class SharedCalls {

    private static final Platform OS = Platforms.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    private SharedCalls() {}

    /// A call that receives into memory, or sends from it.
    @FunctionalInterface
    public interface Transfer {

        /// @return how many bytes, or `-errno`
        long make(CallState state, MemorySegment bytes);
    }

    /// Receives what is there at a socket into a part of `target`, and moves it.
    ///
    /// @return how many bytes, or `-errno`; after `-EINTR` it is made again
    public static long receive(int raw, ByteBuffer target) {
        return receive(
                target,
                (state, bytes) ->
                        SysSocket.recvfrom(state, raw, bytes, RECEIVE, MemorySegment.NULL, MemorySegment.NULL));
    }

    /// Sends a part of `source` by a socket, and moves it.
    ///
    /// @return how many bytes, or `-errno`; after `-EINTR` it is made again
    public static long send(int raw, ByteBuffer source) {
        return send(source, (state, bytes) -> SysSocket.sendto(state, raw, bytes, SEND, MemorySegment.NULL, 0));
    }

    /// Receives into a part of `target` by a call, and moves it.
    public static long receive(ByteBuffer target, Transfer call) {
        var scratch = CallMemory.borrow();
        try {
            boolean copied = !BufferMemory.stays(target);
            MemorySegment room = copied ? part(scratch, target) : BufferMemory.of(target);
            long answer = call.make(scratch.state, room);
            if (answer > 0 && copied) {
                MemorySegment.copy(room, 0, BufferMemory.of(target), 0, answer);
            }
            return moved(target, answer);
        } finally {
            scratch.giveBack();
        }
    }

    /// Sends a part of `source` by a call, and moves it.
    public static long send(ByteBuffer source, Transfer call) {
        var scratch = CallMemory.borrow();
        try {
            MemorySegment bytes = BufferMemory.of(source);
            if (!BufferMemory.stays(source)) {
                MemorySegment room = part(scratch, source);
                bytes = room.copyFrom(bytes.asSlice(0, room.byteSize()));
            }
            return moved(source, call.make(scratch.state, bytes));
        } finally {
            scratch.giveBack();
        }
    }

    private static MemorySegment part(CallMemory scratch, ByteBuffer buffer) {
        return scratch.transfer().asSlice(0, Math.min(buffer.remaining(), CallMemory.TRANSFER));
    }

    private static long moved(ByteBuffer buffer, long answer) {
        if (answer > 0) {
            buffer.position(buffer.position() + (int) answer);
        }
        return answer;
    }
}
