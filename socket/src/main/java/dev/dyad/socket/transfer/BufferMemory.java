package dev.dyad.socket.transfer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The memory of a buffer, for a call that gets no more than its address and so cannot keep it from being closed.
final class BufferMemory {

    private static final Class<?> SHARED = sharedKind();

    private BufferMemory() {}

    private static Class<?> sharedKind() {
        try (var shared = Arena.ofShared()) {
            return shared.scope().getClass();
        }
    }

    /// Returns the memory of a buffer that this thread may use now.
    ///
    /// @throws IllegalStateException if it is no longer there
    /// @throws WrongThreadException if it is another thread's
    static MemorySegment of(ByteBuffer buffer) {
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("Already closed");
        }
        if (!memory.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the buffer's memory belongs to another thread");
        }
        return memory;
    }

    /// Returns whether the kernel can use the memory of a buffer itself: it is native, and no other thread can
    /// close it meanwhile, as one can that of a shared arena.
    static boolean stays(ByteBuffer buffer) {
        return buffer.isDirect() && MemorySegment.ofBuffer(buffer).scope().getClass() != SHARED;
    }
}
