package dev.dyad.socket;

import java.nio.ByteBuffer;
import java.util.Objects;

/// The buffers of one call, from `first` up to `end`.
final class Buffers {

    private final ByteBuffer[] all;
    private final int first;
    private final int end;

    private Buffers(ByteBuffer[] all, int first, int end) {
        this.all = all;
        this.first = first;
        this.end = end;
    }

    static Buffers of(ByteBuffer one) {
        Objects.requireNonNull(one);
        return new Buffers(new ByteBuffer[] {one}, 0, 1);
    }

    static Buffers of(ByteBuffer[] all, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, all.length);
        for (int i = offset; i < offset + length; i++) {
            Objects.requireNonNull(all[i]);
        }
        return new Buffers(all, offset, offset + length);
    }

    /// Throws, before any call is made, if one of them cannot be read into.
    Buffers requireWritable() {
        for (int i = first; i < end; i++) {
            if (all[i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
        }
        return this;
    }

    ByteBuffer[] all() {
        return all;
    }

    int first() {
        return first;
    }

    int count() {
        return end - first;
    }

    ByteBuffer get(int index) {
        return all[first + index];
    }

    boolean isSingle() {
        return count() == 1;
    }

    ByteBuffer single() {
        return all[first];
    }

    boolean hasRemaining() {
        for (int i = first; i < end; i++) {
            if (all[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    long remaining() {
        long sum = 0;
        for (int i = first; i < end; i++) {
            sum += all[i].remaining();
        }
        return sum;
    }
}
