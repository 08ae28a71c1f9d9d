package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// The names of a socket: its own, and its peer's.
public final class SocketNames {

    private SocketNames() {}

    /// `bind(2)`
    public static void bind(Fd ends, SocketAddress address) throws IOException {
        int family = ends.family();
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment name = call.allocate(SockAddrStorage.LAYOUT);
            int length = SocketAddresses.put(name, address, family);
            int answer = SysSocket.bind(call, raw, name, length);
            if (answer < 0) {
                throw new SystemCallException("bind", Errno.of(answer), SocketAddresses.text(address));
            }
        } finally {
            ends.fd.release();
        }
    }

    /// `listen(2)`
    public static void listen(Fd ends, int backlog, SocketAddress address) throws IOException {
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            int answer = SysSocket.listen(call, raw, backlog);
            if (answer < 0) {
                throw new SystemCallException("listen", Errno.of(answer), SocketAddresses.text(address));
            }
        } finally {
            ends.fd.release();
        }
    }

    /// `getsockname(2)`
    public static SocketAddress local(Fd ends) throws IOException {
        SocketAddress address = name(ends, "getsockname", SysSocket::getsockname);
        return address != null ? address : UnixAddress.unnamed();
    }

    /// `getpeername(2)`
    ///
    /// @return `null` if it is not connected
    public static @Nullable SocketAddress remote(Fd ends) throws IOException {
        return name(ends, "getpeername", SysSocket::getpeername);
    }

    @FunctionalInterface
    private interface Call {
        int make(CallState state, int fd, MemorySegment address, MemorySegment length);
    }

    private static @Nullable SocketAddress name(Fd ends, String function, Call getter) throws IOException {
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment name = call.allocate(SockAddrStorage.LAYOUT);
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) name.byteSize());
            int answer = getter.make(call, raw, name, length);
            if (answer < 0 && Errno.of(answer).equals(Errno.ENOTCONN)) {
                return null;
            }
            if (answer < 0) {
                throw ends.failure(function, Errno.of(answer));
            }
            return SocketAddresses.get(name, length.get(ValueLayout.JAVA_INT, 0));
        } finally {
            ends.fd.release();
        }
    }
}
