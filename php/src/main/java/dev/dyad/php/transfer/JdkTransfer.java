package dev.dyad.php.transfer;

import dev.dyad.php.Sockets;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reading and writing without native access.
final class JdkTransfer {

    private static final int LONGEST_READ = 1 << 20;

    private JdkTransfer() {}

    static byte @Nullable [] read(PhpSocket socket, StreamSocket end, int length, int mode) {
        try {
            return mode == Sockets.PHP_NORMAL_READ ? readLine(socket, end, length) : readBinary(end, length);
        } catch (IOException e) {
            unreadable(socket, e);
            return null;
        } finally {
            Reference.reachabilityFence(socket);
        }
    }

    private static byte[] readBinary(StreamSocket end, int length) throws IOException {
        var bytes = new byte[Math.min(length, LONGEST_READ)];
        int size = end.read(ByteBuffer.wrap(bytes));
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(size, 0));
    }

    private static byte @Nullable [] readLine(PhpSocket socket, StreamSocket end, int length) {
        var line = new ReceivedLine(length);
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            while (!line.isEnded() && end.read(one.clear()) > 0) {
                line.add(one.get(0));
            }
        } catch (IOException e) {
            unreadable(socket, e);
            return line.isEmpty() ? null : line.bytes();
        }
        return line.bytes();
    }

    static int write(PhpSocket socket, StreamSocket end, byte[] data, int length) {
        var buffer = ByteBuffer.wrap(data, 0, Math.min(length, data.length));
        try {
            end.write(buffer);
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

    private static void unreadable(PhpSocket socket, IOException failure) {
        Errors.note(socket, "socket_read", "unable to read from socket", Errors.errnoOf(failure));
    }
}
