package dev.dyad.posix.linux;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct epoll_event`, which is packed on x86-64 and nowhere else.
public final class EpollEvent {

    public static final StructLayout LAYOUT = layout(System.getProperty("os.arch"));

    private static final VarHandle EVENTS = LAYOUT.varHandle(PathElement.groupElement("events"));
    private static final VarHandle DATA = LAYOUT.varHandle(PathElement.groupElement("data"));

    private EpollEvent() {}

    /// Returns the layout on a processor by its `os.arch`.
    public static StructLayout layout(String arch) {
        return arch.equals("aarch64")
                ? MemoryLayout.structLayout(
                        C_INT.withName("events"), MemoryLayout.paddingLayout(4), C_LONG.withName("data"))
                : MemoryLayout.structLayout(
                        C_INT.withName("events"), C_LONG.withByteAlignment(4).withName("data"));
    }

    static void set(MemorySegment event, int events, long data) {
        EVENTS.set(event, 0L, events);
        DATA.set(event, 0L, data);
    }

    static int events(MemorySegment events, int index) {
        return (int) EVENTS.get(events, index * LAYOUT.byteSize());
    }

    static long data(MemorySegment events, int index) {
        return (long) DATA.get(events, index * LAYOUT.byteSize());
    }
}
