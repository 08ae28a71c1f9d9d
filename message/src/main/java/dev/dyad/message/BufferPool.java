package dev.dyad.message;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Lends buffers of one size for as long as there are bytes in them, so that an idle channel has none.
final class BufferPool {

    /// How large each is, in bytes.
    static final int SIZE = 1 << 16;

    private static final int KEPT = 2 * Math.max(4, Runtime.getRuntime().availableProcessors());
    private static final AtomicReferenceArray<@Nullable ByteBuffer> FREE = new AtomicReferenceArray<>(KEPT);

    private BufferPool() {}

    /// Returns an empty buffer.
    static ByteBuffer borrow() {
        for (int i = 0; i < KEPT; i++) {
            ByteBuffer free = FREE.get(i);
            if (free != null && FREE.compareAndSet(i, free, null)) {
                return free.clear();
            }
        }
        return ByteBuffer.allocate(SIZE);
    }

    /// Takes a buffer back that nobody uses any more. One of another size is left to the collector.
    static void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() != SIZE) {
            return;
        }
        for (int i = 0; i < KEPT; i++) {
            if (FREE.get(i) == null && FREE.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
