package dev.dyad.php.transfer;

import dev.dyad.php.TypeError;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.RawSocket;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/// Sockets as channels, and channels as sockets.
public final class Streams {

    private static final String IMPORT = "socket_import_stream";

    private Streams() {}

    /// @return the same channel every time
    public static ByteChannel export(PhpSocket socket) {
        String function = "socket_export_stream";
        Arguments.requireSocket(socket, function);
        RawSocket _ = socket.system(function);
        return socket.export(SocketStream::new);
    }

    public static @Nullable PhpSocket importStream(Channel stream) {
        Arguments.requireNonNull(stream, IMPORT, 1, "stream", "resource");
        PhpSocket.requireNative(IMPORT);
        if (!stream.isOpen()) {
            throw new TypeError(IMPORT + "(): supplied resource is not a valid stream resource");
        }
        return switch (stream) {
            case SocketStream exported -> exported.socket.again(exported);
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

    /// Our ends keep their own descriptor, so that either may be closed without the other.
    private static @Nullable PhpSocket copy(DescriptorSource source) {
        try (BorrowedFd borrowed = source.borrow()) {
            return new PhpSocket(RawSocket.duplicateOf(borrowed.fd()));
        } catch (SystemCallException failed) {
            Errors.note(null, IMPORT, "Unable to obtain socket family", -Errors.errnoOf(failed));
            return null;
        } catch (IOException closed) {
            throw new TypeError(IMPORT + "(): supplied resource is not a valid stream resource");
        }
    }

    public static UnsupportedOperationException ofWindows(String function) {
        return new UnsupportedOperationException(function + "() exists only on Windows, as in PHP");
    }
}
