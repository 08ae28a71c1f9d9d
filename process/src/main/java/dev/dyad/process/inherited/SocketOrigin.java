package dev.dyad.process.inherited;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Ucred;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What the kernel remembers of how a socket came about.
final class SocketOrigin {

    private static final Platform OS = Platforms.current();
    private static final int LENGTH_OF_NO_NAME = 2; // only the address family

    private SocketOrigin() {}

    /// Returns whether a descriptor is an end of an unnamed pair that another process made, as an inherited one is.
    ///
    /// What this JVM opened by itself under that number meanwhile is not: its own pairs have its own pid, and its
    /// connections have a name on one side.
    static boolean isAnother(int fd) {
        try (var call = CallState.open()) {
            MemorySegment domain = call.allocate(ValueLayout.JAVA_INT);
            MemorySegment credentials = call.allocate(Ucred.LAYOUT);
            return option(fd, OS.SO_DOMAIN(), domain, call)
                    && domain.get(ValueLayout.JAVA_INT, 0) == OS.AF_UNIX()
                    && name(fd, SysSocket::getsockname, call) == LENGTH_OF_NO_NAME
                    && name(fd, SysSocket::getpeername, call) == LENGTH_OF_NO_NAME
                    && option(fd, OS.SO_PEERCRED(), credentials, call)
                    && Ucred.pid(credentials) != ProcessHandle.current().pid();
        }
    }

    /// Returns whether a descriptor is a socket that is connected.
    static boolean hasPeer(int fd) {
        try (var call = CallState.open()) {
            return name(fd, SysSocket::getpeername, call) >= 0;
        }
    }

    @FunctionalInterface
    private interface NameCall {
        int make(CallState call, int fd, MemorySegment address, MemorySegment length);
    }

    /// Returns the length of a name, or `-errno`.
    private static int name(int fd, NameCall asked, CallState call) {
        MemorySegment name = call.allocate(SockAddrStorage.LAYOUT);
        MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) name.byteSize());
        int answer = asked.make(call, fd, name, length);
        return answer < 0 ? answer : length.get(ValueLayout.JAVA_INT, 0);
    }

    private static boolean option(int fd, int option, MemorySegment value, CallState call) {
        MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) value.byteSize());
        return SysSocket.getsockopt(call, fd, OS.SOL_SOCKET(), option, value, length) >= 0;
    }
}
