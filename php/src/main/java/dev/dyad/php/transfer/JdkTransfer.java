package dev.dyad.php.transfer;

import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// Reading and writing without native access, by calls that answer as the system's do.
final class JdkTransfer {

    private JdkTransfer() {}

    /// @return how many bytes came, zero at the end, or `-errno`
    static long read(PhpSocket socket, StreamSocket end, byte[] target) {
        try {
            return Math.max(end.read(ByteBuffer.wrap(target)), 0);
        } catch (IOException e) {
            return -Errors.errnoOf(e);
        } finally {
            Reference.reachabilityFence(socket);
        }
    }

    /// @return how many bytes were accepted, or `-errno` where that was none
    static long write(PhpSocket socket, StreamSocket end, byte[] data, int length) {
        var buffer = ByteBuffer.wrap(data, 0, Math.min(length, data.length));
        try {
            end.write(buffer);
        } catch (IOException e) {
            if (buffer.position() == 0) {
                return -Errors.errnoOf(e);
            }
        } finally {
            Reference.reachabilityFence(socket);
        }
        return buffer.position();
    }
}
