package dev.dyad.socket.transfer;

import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Receives and sends by calls that may wait for the lock of a socket, which another process may hold for as
/// long as it likes: they keep no thread from a safepoint.
public final class SharedCalls {

    private static final Platform OS = Platform.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    private SharedCalls() {}

    /// Receives what is there into a part of `target`, and moves it.
    ///
    /// @return how many bytes, or `-errno`; after `-EINTR` it is made again
    public static long receive(int raw, ByteBuffer target) {
        var scratch = CallMemory.borrow();
        try {
            boolean copied = !BufferMemory.stays(target);
            MemorySegment room = copied ? part(scratch, target) : BufferMemory.of(target);
            long answer = SysSocket.recvfrom(scratch.state, raw, room, RECEIVE, MemorySegment.NULL, MemorySegment.NULL);
            if (answer > 0 && copied) {
                MemorySegment.copy(room, 0, BufferMemory.of(target), 0, answer);
            }
            return moved(target, answer);
        } finally {
            scratch.giveBack();
        }
    }

    /// Sends a part of `source`, and moves it.
    ///
    /// @return how many bytes, or `-errno`; after `-EINTR` it is made again
    public static long send(int raw, ByteBuffer source) {
        var scratch = CallMemory.borrow();
        try {
            MemorySegment bytes = BufferMemory.of(source);
            if (!BufferMemory.stays(source)) {
                MemorySegment room = part(scratch, source);
                bytes = room.copyFrom(bytes.asSlice(0, room.byteSize()));
            }
            long answer = SysSocket.sendto(scratch.state, raw, bytes, SEND, MemorySegment.NULL, 0);
            return moved(source, answer);
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
