package dev.dyad.socket;

import dev.dyad.posix.IoVec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One buffer in one call, whole, as a `struct iovec`: its own memory, or memory that stands for it.
final class Transfer implements AutoCloseable {

    private final ByteBuffer buffer;
    private final MemorySegment vector;
    private final MemorySegment memory;
    private final boolean copied;
    private final @Nullable Arena larger; // for what the borrowed memory has no room for

    @SuppressWarnings("MustBeClosedChecker") // this is closed, and it with this
    private Transfer(ByteBuffer buffer, long length, Scratch scratch) {
        this.buffer = buffer;
        vector = scratch.vector();
        MemorySegment own = Memory.of(buffer);
        copied = !Memory.stays(buffer);
        if (!copied) {
            larger = null;
            memory = own.asSlice(0, length);
        } else if (length <= Scratch.TRANSFER) {
            larger = null;
            memory = scratch.transfer().asSlice(0, length);
        } else {
            larger = Arena.ofConfined();
            memory = larger.allocate(length);
        }
        IoVec.set(vector, 0, memory);
    }

    /// @param length how much of the buffer there is to be filled
    static Transfer into(ByteBuffer target, long length, Scratch scratch) {
        return new Transfer(target, length, scratch);
    }

    static Transfer from(ByteBuffer source, Scratch scratch) {
        var transfer = new Transfer(source, source.remaining(), scratch);
        if (transfer.copied) {
            transfer.memory.copyFrom(MemorySegment.ofBuffer(source));
        }
        return transfer;
    }

    /// Returns the array with the one element.
    MemorySegment vector() {
        return vector;
    }

    MemorySegment memory() {
        return memory;
    }

    /// Hands what came to the buffer, and moves it.
    ///
    /// @param length how long it was, which may be more than there was room for
    /// @return how many bytes the buffer took
    long received(long length) {
        long taken = Math.min(length, memory.byteSize());
        if (copied) {
            MemorySegment.copy(memory, 0, MemorySegment.ofBuffer(buffer), 0, taken);
        }
        sent(taken);
        return taken;
    }

    /// Moves the buffer behind what was sent.
    void sent(long length) {
        buffer.position(buffer.position() + (int) length);
    }

    @Override
    public void close() {
        if (larger != null) {
            larger.close();
        }
    }
}
