package dev.dyad.socket.transfer;

import dev.dyad.posix.IoVec;
import dev.dyad.posix.Stdlib;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The buffers of one message, whole, as an array of `struct iovec`: their own memory, or memory that stands for it.
///
/// What is copied goes through the borrowed transfer memory, and what that has no room for through memory of its own.
public final class MessageVector implements AutoCloseable {

    private final List<Part> parts;
    private final MemorySegment vector;
    private final @Nullable Arena longer; // for an array that the borrowed one has no room for
    private final MemorySegment larger; // for what the transfer memory has no room for, or NULL

    /// @param at where it is in its buffer
    /// @param copied whether `memory` stands for that of the buffer
    private record Part(ByteBuffer buffer, int at, MemorySegment memory, boolean copied) {

        MemorySegment original() {
            return MemorySegment.ofBuffer(buffer).asSlice(at, memory.byteSize());
        }
    }

    private MessageVector(List<Part> parts, MemorySegment vector, @Nullable Arena longer, MemorySegment larger) {
        this.parts = parts;
        this.vector = vector;
        this.longer = longer;
        this.larger = larger;
    }

    /// @param copyable how much of what is copied there is room for at most
    public static MessageVector into(BufferList targets, long copyable, CallMemory scratch) {
        return over(targets, copyable, scratch);
    }

    static MessageVector from(BufferList sources, CallMemory scratch) {
        MessageVector transfer = over(sources, Long.MAX_VALUE, scratch);
        boolean done = false;
        try {
            for (Part part : transfer.parts) {
                if (part.copied) {
                    part.memory.copyFrom(part.original());
                }
            }
            done = true;
            return transfer;
        } finally {
            if (!done) {
                transfer.close();
            }
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // what is returned is closed, and it with that
    private static MessageVector over(BufferList buffers, long copyable, CallMemory scratch) {
        long copied = Math.min(copyable, copied(buffers));
        MemorySegment larger = memory(copied - CallMemory.TRANSFER);
        Arena longer = null;
        boolean done = false;
        try {
            List<Part> parts = parts(buffers, copied, scratch, larger);
            longer = parts.size() > CallMemory.VECTOR ? Arena.ofConfined() : null;
            MemorySegment vector = longer == null ? scratch.vector() : longer.allocate(IoVec.LAYOUT, parts.size());
            for (int i = 0; i < parts.size(); i++) {
                IoVec.set(vector, i, parts.get(i).memory);
            }
            done = true;
            return new MessageVector(parts, vector, longer, larger);
        } finally {
            if (!done) {
                release(larger, longer);
            }
        }
    }

    /// Returns how many bytes of the buffers are copied.
    static long copied(BufferList buffers) {
        long sum = 0;
        for (int i = 0; i < buffers.count(); i++) {
            ByteBuffer buffer = buffers.get(i);
            sum += BufferMemory.stays(buffer) ? 0 : buffer.remaining();
        }
        return sum;
    }

    private static MemorySegment memory(long size) {
        if (size <= 0) {
            return MemorySegment.NULL;
        }
        MemorySegment memory = Stdlib.malloc(size);
        if (memory.equals(MemorySegment.NULL)) {
            throw new OutOfMemoryError("no native memory for a message of " + size + " bytes");
        }
        return memory;
    }

    private static List<Part> parts(BufferList buffers, long copied, CallMemory scratch, MemorySegment larger) {
        var parts = new ArrayList<Part>(buffers.count() + 1);
        long used = 0;
        for (int i = 0; i < buffers.count(); i++) {
            ByteBuffer buffer = buffers.get(i);
            MemorySegment own = BufferMemory.of(buffer);
            if (BufferMemory.stays(buffer)) {
                parts.add(new Part(buffer, 0, own, false));
                continue;
            }
            int at = 0;
            while (at < own.byteSize() && used < copied) {
                MemorySegment room = used < CallMemory.TRANSFER
                        ? scratch.transfer().asSlice(used)
                        : larger.asSlice(used - CallMemory.TRANSFER);
                long length = Math.min(Math.min(own.byteSize() - at, copied - used), room.byteSize());
                parts.add(new Part(buffer, at, room.asSlice(0, length), true));
                at += (int) length;
                used += length;
            }
        }
        return parts;
    }

    /// Returns the array.
    public MemorySegment vector() {
        return vector;
    }

    /// Returns how many elements the array has.
    public int count() {
        return parts.size();
    }

    /// Hands what came to the buffers, and moves them.
    ///
    /// @param length how long it was, which may be more than there was room for
    /// @return how many bytes the buffers took
    public long received(long length) {
        return move(length, true);
    }

    /// Moves the buffers behind what was sent.
    void sent(long length) {
        long _ = move(length, false);
    }

    private long move(long length, boolean copy) {
        long left = length;
        for (Part part : parts) {
            long moved = Math.min(left, part.memory.byteSize());
            if (copy && part.copied && moved > 0) {
                MemorySegment.copy(part.memory, 0, MemorySegment.ofBuffer(part.buffer), 0, moved);
            }
            part.buffer.position(part.buffer.position() + (int) moved);
            left -= moved;
        }
        return length - left;
    }

    @Override
    public void close() {
        release(larger, longer);
    }

    private static void release(MemorySegment larger, @Nullable Arena longer) {
        if (!larger.equals(MemorySegment.NULL)) {
            Stdlib.free(larger);
        }
        if (longer != null) {
            longer.close();
        }
    }
}
