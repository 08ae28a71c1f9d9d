package dev.dyad.socket.transfer;

import dev.dyad.posix.CallState;
import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.SockAddrStorage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The native memory of one call, borrowed for its length, so that an idle end holds none.
///
/// Kept in a few slots, one of which a thread finds by its id: without contention, borrowing and giving back are
/// one exchange and one store. What finds its slot taken is left to the garbage collector.
public final class CallMemory {

    /// How many buffers one `sendmsg` or `recvmsg` takes; a longer array takes several.
    static final int VECTOR = 64;
    /// How much of a heap buffer is copied for one call.
    public static final int TRANSFER = 1 << 16;

    private static final int SLOTS = 16;
    private static final AtomicReferenceArray<@Nullable CallMemory> IDLE = new AtomicReferenceArray<>(SLOTS);

    public final CallState state;
    private final Arena arena = Arena.ofAuto();
    private @Nullable MemorySegment transfer;
    private @Nullable MemorySegment vector;
    private @Nullable MemorySegment header;
    private @Nullable MemorySegment control;
    private @Nullable MemorySegment address;

    private CallMemory() {
        state = new CallState(arena);
    }

    public static CallMemory borrow() {
        CallMemory idle = IDLE.getAndSet(slot(), null);
        return idle != null ? idle : new CallMemory();
    }

    public void giveBack() {
        IDLE.setRelease(slot(), this);
    }

    /// Memory for what is copied from or to heap buffers.
    public MemorySegment transfer() {
        MemorySegment memory = transfer;
        if (memory == null) {
            memory = arena.allocate(TRANSFER);
            transfer = memory;
        }
        return memory;
    }

    public MemorySegment vector() {
        MemorySegment memory = vector;
        if (memory == null) {
            memory = arena.allocate(IoVec.LAYOUT, VECTOR);
            vector = memory;
        }
        return memory;
    }

    public MemorySegment header() {
        MemorySegment memory = header;
        if (memory == null) {
            memory = arena.allocate(MsgHdr.LAYOUT);
            header = memory;
        }
        return memory;
    }

    /// Memory for the control data of one message.
    MemorySegment control() {
        MemorySegment memory = control;
        if (memory == null) {
            memory = arena.allocate(AncillaryData.MOST, Long.BYTES);
            control = memory;
        }
        return memory;
    }

    /// Memory for an address of any family.
    MemorySegment address() {
        MemorySegment memory = address;
        if (memory == null) {
            memory = arena.allocate(SockAddrStorage.LAYOUT);
            address = memory;
        }
        return memory;
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (SLOTS - 1);
    }
}
