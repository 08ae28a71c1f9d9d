package dev.dyad.php.socket;

import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stdlib;
import java.lang.foreign.MemorySegment;

/// Memory for what the room of a call is too small for, as large as the caller says, however little then comes.
///
/// A program may say 100 MB and mean "enough". So it is not filled with zeros, and what the system does not
/// write to takes up no memory. What it holds before a call has written to it is anybody's: only what came may
/// be read.
public final class MallocBuffer implements AutoCloseable {

    private static final int ENOMEM = Platforms.current().errno("ENOMEM");

    private final MemorySegment memory;

    /// @throws NoMemory if there is none
    public MallocBuffer(long size) throws NoMemory {
        memory = Stdlib.malloc(size);
        if (memory.equals(MemorySegment.NULL)) {
            throw new NoMemory();
        }
    }

    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        Stdlib.free(memory);
    }

    /// There is not so much memory.
    public static final class NoMemory extends Exception {

        private static final long serialVersionUID = 1L;

        /// What a call would have answered.
        public long answer() {
            return -ENOMEM;
        }
    }
}
