package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct ucred`.
public final class Ucred {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_INT.withName("pid"), C_INT.withName("uid"), C_INT.withName("gid"));

    private static final VarHandle PID = LAYOUT.varHandle(PathElement.groupElement("pid"));
    private static final VarHandle UID = LAYOUT.varHandle(PathElement.groupElement("uid"));
    private static final VarHandle GID = LAYOUT.varHandle(PathElement.groupElement("gid"));

    private Ucred() {}

    public static void set(MemorySegment credentials, int pid, int uid, int gid) {
        PID.set(credentials, 0L, pid);
        UID.set(credentials, 0L, uid);
        GID.set(credentials, 0L, gid);
    }

    /// Zero where the process is not in our namespace.
    public static int pid(MemorySegment credentials) {
        return (int) PID.get(credentials, 0L);
    }

    /// Unsigned.
    public static int uid(MemorySegment credentials) {
        return (int) UID.get(credentials, 0L);
    }

    /// Unsigned.
    public static int gid(MemorySegment credentials) {
        return (int) GID.get(credentials, 0L);
    }
}
