package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.fd.RawSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/// Sockets as channels, and channels as sockets.
final class Streams {

    private static final Platform OS = Platform.current();
    private static final String IMPORT = "socket_import_stream";

    private Streams() {}

    /// @return the same channel every time
    static ByteChannel export(Socket socket) {
        String function = "socket_export_stream";
        Arguments.requireSocket(socket, function);
        RawSocket _ = socket.system(function);
        return socket.export();
    }

    static @Nullable Socket importStream(Channel stream) {
        Arguments.requireNonNull(stream, IMPORT, 1, "stream", "resource");
        Opening.requireNative(IMPORT);
        if (!stream.isOpen()) {
            throw new TypeError(IMPORT + "(): supplied resource is not a valid stream resource");
        }
        return switch (stream) {
            case SocketStream exported -> exported.socket().again();
            case DescriptorSource source -> copy(source);
            case NetworkChannel jdk ->
                throw new UnsupportedOperationException(
                        IMPORT + "(): a channel of the JDK does not tell its descriptor");
            default -> {
                Errors.warn(IMPORT, "Cannot represent a stream of type STDIO as a Socket Descriptor");
                yield null;
            }
        };
    }

    /// Our ends keep their own descriptor, so that either may be closed alone.
    private static @Nullable Socket copy(DescriptorSource source) {
        try (BorrowedFd borrowed = source.borrow();
                var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int fd = Fcntl.fcntl(state, borrowed.fd(), OS.F_DUPFD_CLOEXEC(), 0);
            int family = fd < 0 ? fd : family(state, fd, arena);
            if (family < 0) {
                int _ = fd < 0 ? 0 : Unistd.close(state, fd);
                Errors.note(IMPORT, "Unable to obtain socket family", -family);
                return null;
            }
            return new Socket(RawSocket.own(fd, family));
        } catch (IOException closed) {
            throw new TypeError(IMPORT + "(): supplied resource is not a valid stream resource");
        }
    }

    private static int family(CallState state, int fd, Arena arena) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
        int answer = SysSocket.getsockopt(state, fd, OS.SOL_SOCKET(), OS.SO_DOMAIN(), value, length);
        return answer < 0 ? answer : value.get(ValueLayout.JAVA_INT, 0);
    }

    static UnsupportedOperationException ofWindows(String function) {
        return new UnsupportedOperationException(function + "() is there on Windows alone, as in PHP");
    }
}
