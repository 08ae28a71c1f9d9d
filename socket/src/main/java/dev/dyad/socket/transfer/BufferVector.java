package dev.dyad.socket.transfer;

import dev.dyad.posix.IoVec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The buffers of one `sendmsg` or `recvmsg`, as an array of `struct iovec`.
///
/// Direct buffers stand for themselves; heap buffers, and memory that others may close, share the transfer
/// memory, as far as it goes. What has no place in this call is left for the next.
public final class BufferVector {

    private final MemorySegment vector;
    private final CallMemory scratch;
    private final BufferList buffers;
    private final MemorySegment[] parts = new MemorySegment[CallMemory.VECTOR];
    private final ByteBuffer[] owners = new ByteBuffer[CallMemory.VECTOR];
    private final boolean[] lents = new boolean[CallMemory.VECTOR]; // whether the part is of the transfer memory
    private long transferUsed;
    private int count;

    public BufferVector(CallMemory scratch, BufferList buffers) {
        this.scratch = scratch;
        this.buffers = buffers;
        vector = scratch.vector();
    }

    public int count() {
        return count;
    }

    /// Fills the array with room to receive into.
    public void offerRoom() {
        offer(false);
    }

    /// Fills the array with bytes to send.
    public void offerBytes() {
        offer(true);
    }

    /// Hands what was received to the buffers, in their order.
    public void received(long bytes) {
        move(bytes, true);
    }

    /// Moves the buffers behind what was sent.
    public void sent(long bytes) {
        move(bytes, false);
    }

    private void offer(boolean copy) {
        for (int i = 0; i < buffers.count() && count < CallMemory.VECTOR; i++) {
            ByteBuffer buffer = buffers.get(i);
            if (buffer.hasRemaining() && !add(buffer, copy)) {
                return;
            }
        }
    }

    /// @return whether there may be place for more
    private boolean add(ByteBuffer buffer, boolean copy) {
        MemorySegment part = BufferMemory.of(buffer);
        boolean whole = true;
        boolean lent = !BufferMemory.stays(buffer);
        if (lent) {
            long length = Math.min(buffer.remaining(), CallMemory.TRANSFER - transferUsed);
            whole = length == buffer.remaining();
            MemorySegment room = scratch.transfer().asSlice(transferUsed, length);
            part = copy ? room.copyFrom(part.asSlice(0, length)) : room;
            transferUsed += length;
        }
        if (part.byteSize() > 0) {
            IoVec.set(vector, count, part);
            parts[count] = part;
            owners[count] = buffer;
            lents[count] = lent;
            count++;
        }
        return whole;
    }

    private void move(long bytes, boolean copy) {
        long left = bytes;
        for (int i = 0; i < count && left > 0; i++) {
            ByteBuffer buffer = owners[i];
            long moved = Math.min(left, parts[i].byteSize());
            if (copy && lents[i]) {
                MemorySegment.copy(parts[i], 0, MemorySegment.ofBuffer(buffer), 0, moved);
            }
            buffer.position(buffer.position() + (int) moved);
            left -= moved;
        }
    }
}
