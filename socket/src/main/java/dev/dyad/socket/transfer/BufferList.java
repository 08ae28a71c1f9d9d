package dev.dyad.socket.transfer;

import dev.dyad.posix.Platforms;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;

/// The buffers of one call, from `first` up to `end`.
public final class BufferList {

    private static final int MOST = Platforms.current().IOV_MAX() - 1; // as one of them may take two elements
    private static final int FEW = 16; // that many are compared with each other, without an object more

    private final ByteBuffer[] all;
    private final int first;
    private final int end;

    private BufferList(ByteBuffer[] all, int first, int end) {
        this.all = all;
        this.first = first;
        this.end = end;
    }

    public static BufferList of(ByteBuffer one) {
        Objects.requireNonNull(one);
        return new BufferList(new ByteBuffer[] {one}, 0, 1);
    }

    public static BufferList of(ByteBuffer[] all, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, all.length);
        for (int i = offset; i < offset + length; i++) {
            Objects.requireNonNull(all[i]);
        }
        return areDistinct(all, offset, offset + length)
                ? new BufferList(all, offset, offset + length)
                : once(all, offset, offset + length);
    }

    @SuppressWarnings("ReferenceEquality") // buffers with the same content are others
    private static boolean areDistinct(ByteBuffer[] all, int first, int end) {
        if (end - first > FEW) {
            return once(all, first, end).count() == end - first;
        }
        for (int i = first; i < end; i++) {
            for (int j = first; j < i; j++) {
                if (all[i] == all[j]) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Returns each where it comes first: there it is used up, so that nothing is left for its other places.
    private static BufferList once(ByteBuffer[] all, int first, int end) {
        Set<ByteBuffer> seen = Collections.newSetFromMap(new IdentityHashMap<>(end - first));
        var once = new ByteBuffer[end - first];
        int count = 0;
        for (int i = first; i < end; i++) {
            if (seen.add(all[i])) {
                once[count++] = all[i];
            }
        }
        return new BufferList(once, 0, count);
    }

    /// Throws, before any call is made, if one of them cannot be read into.
    public BufferList requireWritable() {
        for (int i = first; i < end; i++) {
            if (all[i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
        }
        return this;
    }

    /// Throws, before any call is made, if they are more than one call takes.
    BufferList requireOneCall() {
        if (count() > MOST) {
            throw new IllegalArgumentException("a message has at most " + MOST + " buffers, not " + count());
        }
        return this;
    }

    public ByteBuffer[] all() {
        return all;
    }

    public int first() {
        return first;
    }

    public int count() {
        return end - first;
    }

    ByteBuffer get(int index) {
        return all[first + index];
    }

    public boolean isSingle() {
        return count() == 1;
    }

    public ByteBuffer single() {
        return all[first];
    }

    public boolean hasRemaining() {
        for (int i = first; i < end; i++) {
            if (all[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    public long remaining() {
        long sum = 0;
        for (int i = first; i < end; i++) {
            sum += all[i].remaining();
        }
        return sum;
    }
}
