package dev.dyad.php.transfer;

import dev.dyad.php.socket.PhpSocket;
import dev.dyad.php.socket.ReceiveCall;
import dev.dyad.php.socket.SendCall;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/// A socket as a channel, for `socket_export_stream`: both are one descriptor.
///
/// Where the socket is non-blocking, or its time limit has passed, a read or a write of nothing returns zero.
final class SocketStream implements ByteChannel {

    private static final String FUNCTION = "socket_export_stream";

    final PhpSocket socket;

    SocketStream(PhpSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        try (var call = ReceiveCall.of(socket, FUNCTION, target.remaining(), 0)) {
            long answer = checked("recv", call.by(socket, FUNCTION));
            if (answer < 0) {
                return 0;
            }
            target.put(call.bytes());
            return answer == 0 ? -1 : (int) answer;
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        var bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        try (var call = new SendCall(bytes, bytes.length, 0, MemorySegment.NULL)) {
            long answer = checked("send", call.by(socket, FUNCTION));
            int written = (int) Math.max(answer, 0);
            source.position(source.position() + written);
            return written;
        }
    }

    @Override
    public boolean isOpen() {
        return !socket.isDead();
    }

    /// Closes the descriptor: the socket stays, and finds it a bad one.
    @Override
    public void close() {
        socket.kill();
    }

    private static long checked(String call, long answer) throws IOException {
        if (answer >= 0 || answer == -Errno.EAGAIN.code()) {
            return answer;
        }
        if (answer == -Errno.EBADF.code()) {
            throw new ClosedChannelException();
        }
        if (answer == -Errno.EINTR.code()) {
            throw new InterruptedIOException();
        }
        throw new SystemCallException(call, Errno.of(answer));
    }
}
