package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.linkPlainVoid;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<stdlib.h>`.
public final class Stdlib {

    private Stdlib() {}

    private static final class Malloc {
        static final MethodHandle HANDLE = linkPlain("malloc", C_POINTER, C_SIZE_T);
    }

    /// `malloc(size)`: unlike an arena's memory it is not filled with zeros, and a large piece takes up no
    /// memory until it is used; given back by [#free].
    ///
    /// @return so many bytes with anything in them, or `NULL`
    public static MemorySegment malloc(long size) {
        try {
            var memory = (MemorySegment) Malloc.HANDLE.invokeExact(size);
            return memory.equals(MemorySegment.NULL) ? memory : Linking.sized(memory, size);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Free {
        static final MethodHandle HANDLE = linkPlainVoid("free", C_POINTER);
    }

    /// `free(ptr)`
    public static void free(MemorySegment memory) {
        try {
            Free.HANDLE.invokeExact(memory);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
