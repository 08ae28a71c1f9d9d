package dev.dyad.message;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Lends buffers of one size for as long as there are bytes in them, so that an idle channel has none.
final class BufferPool {

    /// How large each is that holds messages, in bytes.
    static final int SIZE = 1 << 16;

    private static final int KEPT = 2 * Math.max(4, Runtime.getRuntime().availableProcessors());

    /// What messages go through that nobody has in memory: outside the heap, so that what is read from a file is
    /// copied once less, and as long as a send is, which a stream takes in one go.
    private static final BufferPool PIECES = new BufferPool(1 << 18, ByteBuffer::allocateDirect);

    private static final BufferPool MESSAGES = new BufferPool(SIZE, ByteBuffer::allocate);

    private final int size;
    private final IntFunction<ByteBuffer> allocator;
    private final AtomicReferenceArray<@Nullable ByteBuffer> free = new AtomicReferenceArray<>(KEPT);

    private BufferPool(int size, IntFunction<ByteBuffer> allocator) {
        this.size = size;
        this.allocator = allocator;
    }

    /// Returns the pool that a message of so many bytes goes through.
    static BufferPool of(long length) {
        return length > SIZE ? PIECES : MESSAGES;
    }

    /// Returns an empty buffer for messages.
    static ByteBuffer borrow() {
        return MESSAGES.take();
    }

    /// Takes a buffer for messages back that nobody uses any more. One of another size is left to the collector.
    static void giveBack(ByteBuffer buffer) {
        MESSAGES.put(buffer);
    }

    /// Returns an empty buffer.
    ByteBuffer take() {
        for (int i = 0; i < KEPT; i++) {
            ByteBuffer buffer = free.get(i);
            if (buffer != null && free.compareAndSet(i, buffer, null)) {
                return buffer.clear();
            }
        }
        return allocator.apply(size);
    }

    /// Takes a buffer back that nobody uses any more. One of another size is left to the collector.
    void put(ByteBuffer buffer) {
        if (buffer.capacity() != size) {
            return;
        }
        for (int i = 0; i < KEPT; i++) {
            if (free.get(i) == null && free.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
