package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<net/if.h>`.
public final class NetIf {

    private NetIf() {}

    private static final class IfNametoindex {
        static final MethodHandle HANDLE = linkPlain("if_nametoindex", C_INT, C_POINTER);
    }

    /// `if_nametoindex(ifname)`
    ///
    /// @return the index of an interface, or zero where there is none of that name
    public static int if_nametoindex(MemorySegment name) {
        try {
            return (int) IfNametoindex.HANDLE.invokeExact(name);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
