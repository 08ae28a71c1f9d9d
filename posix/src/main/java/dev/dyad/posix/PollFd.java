package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct pollfd`.
public final class PollFd {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_INT.withName("fd"), C_SHORT.withName("events"), C_SHORT.withName("revents"));

    private static final VarHandle FD = LAYOUT.varHandle(PathElement.groupElement("fd"));
    private static final VarHandle EVENTS = LAYOUT.varHandle(PathElement.groupElement("events"));
    private static final VarHandle RETURNED = LAYOUT.varHandle(PathElement.groupElement("revents"));

    private PollFd() {}

    /// Makes element `index` of the array `fds` ask for `events` of `fd`.
    public static void set(MemorySegment fds, int index, int fd, int events) {
        long offset = index * LAYOUT.byteSize();
        FD.set(fds, offset, fd);
        EVENTS.set(fds, offset, (short) events);
        RETURNED.set(fds, offset, (short) 0);
    }

    /// Returns what the kernel said of element `index`.
    public static int returned(MemorySegment fds, int index) {
        return (short) RETURNED.get(fds, index * LAYOUT.byteSize());
    }
}
