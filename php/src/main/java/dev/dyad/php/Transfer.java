package dev.dyad.php;

import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reading and writing by PHP's rules.
final class Transfer {

    /// The most that one read takes. No more is ever queued in a socket with default buffers, and an absurd
    /// length must not become an absurd allocation.
    private static final int LONGEST_READ = 1 << 20;

    private Transfer() {}

    /// Takes what is there, or waits until something is.
    ///
    /// @return the bytes, none at the end, `null` on failure
    static byte @Nullable [] read(Socket socket, int length) {
        if (length <= 0) {
            return null;
        }
        var bytes = new byte[Math.min(length, LONGEST_READ)];
        int size;
        try {
            size = socket.end().read(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            unreadable(socket, e);
            return null;
        } finally {
            Reference.reachabilityFence(socket);
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(size, 0));
    }

    /// Takes bytes until a `\n` or `\r`, which is taken too, until `length` bytes, or until the end.
    ///
    /// One at a time, for what is after the line may be for another process that shares the socket. Unlike
    /// PHP it does not lose what it has when the end or an error comes first.
    static byte @Nullable [] readLine(Socket socket, int length) {
        if (length <= 0) {
            return null;
        }
        var line = new Line(length);
        try {
            line.fillFrom(socket.end());
        } catch (IOException e) {
            unreadable(socket, e);
            return line.isEmpty() ? null : line.bytes();
        } finally {
            Reference.reachabilityFence(socket);
        }
        return line.bytes();
    }

    /// Writes the first bytes of `data`, and waits until all are accepted.
    ///
    /// @return how many were accepted, fewer where the other end closed midway, `-1` on failure
    static int write(Socket socket, byte[] data, int length) {
        var buffer = ByteBuffer.wrap(data, 0, Math.min(length, data.length));
        try {
            socket.end().write(buffer);
        } catch (IOException e) {
            if (buffer.position() == 0) {
                Errors.note(socket, "socket_write", "unable to write to socket", Errors.errnoOf(e));
                return -1;
            }
        } finally {
            Reference.reachabilityFence(socket);
        }
        return buffer.position();
    }

    private static void unreadable(Socket socket, IOException failure) {
        Errors.note(socket, "socket_read", "unable to read from socket", Errors.errnoOf(failure));
    }

    /// A line as it arrives.
    private static final class Line {

        private final ByteBuffer one = ByteBuffer.allocate(1);
        private final int longest;
        private byte[] bytes = new byte[80];
        private int size;

        Line(int longest) {
            this.longest = longest;
        }

        void fillFrom(StreamSocket end) throws IOException {
            while (size < longest && !isEnded() && end.read(one.clear()) > 0) {
                if (size == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * size);
                }
                bytes[size++] = one.get(0);
            }
        }

        boolean isEmpty() {
            return size == 0;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        private boolean isEnded() {
            return size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r');
        }
    }
}
