package dev.dyad.php.transfer;

import dev.dyad.php.Ref;
import dev.dyad.php.Sockets;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.php.socket.ReceiveCall;
import dev.dyad.php.socket.SendCall;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reading and writing by PHP's rules, until a direction is over.
public final class Transfer {

    private static final String READ = "socket_read";
    private static final String WRITE = "socket_write";
    private static final String UNREADABLE = "unable to read from socket";
    private static final String UNWRITABLE = "unable to write to socket";

    private Transfer() {}

    /// Reads what is there, or a line.
    ///
    /// @return the bytes, none at the end, `null` on failure
    public static byte @Nullable [] read(PhpSocket socket, int length, int mode) {
        Arguments.requireSocket(socket, READ);
        if (length <= 0) {
            return null;
        }
        boolean isLine = mode == Sockets.PHP_NORMAL_READ;
        StreamSocket stream = socket.stream();
        if (stream != null) {
            return isLine
                    ? readLine(socket, length, one -> readByJdk(socket, stream, one))
                    : readBinary(socket, stream, length);
        }
        return isLine && socket.isStream(READ) ? readLine(socket, length) : readBinary(socket, length);
    }

    private static byte @Nullable [] readBinary(PhpSocket socket, StreamSocket stream, int length) {
        var bytes = new byte[Math.min(length, ReceiveCall.LONGEST)];
        long answer = readByJdk(socket, stream, bytes);
        return Errors.succeeded(socket, READ, UNREADABLE, answer) ? Arrays.copyOf(bytes, (int) answer) : null;
    }

    private static byte @Nullable [] readBinary(PhpSocket socket, int length) {
        try (var call = ReceiveCall.of(socket, READ, length, 0)) {
            return Errors.succeeded(socket, READ, UNREADABLE, call.by(socket, READ)) ? call.bytes() : null;
        }
    }

    private static byte @Nullable [] readLine(PhpSocket socket, int length) {
        try (var call = ReceiveCall.of(socket, READ, 1, 0)) {
            return readLine(socket, length, one -> {
                long answer = call.by(socket, READ);
                if (answer > 0) {
                    one[0] = call.bytes()[0];
                }
                return answer;
            });
        }
    }

    /// Takes bytes until a `\n` or `\r`, which is taken too, until `length` bytes, or until the end.
    ///
    /// One at a time, for what is after the line may be for another process that shares the socket. Unlike
    /// PHP it does not lose what it has when the end or an error comes first, and where it would have to
    /// wait and may not, it says so and does not spin.
    ///
    /// @param receive puts a byte into an array, and answers 1, 0 at the end, or `-errno`
    private static byte @Nullable [] readLine(PhpSocket socket, int length, ToLongFunction<byte[]> receive) {
        var line = new ByteArrayOutputStream();
        var one = new byte[1];
        while (line.size() < length && one[0] != '\n' && one[0] != '\r') {
            long answer = receive.applyAsLong(one);
            if (answer < 0 && (line.size() == 0 || answer != -Errno.EAGAIN.code())) {
                Errors.note(socket, READ, UNREADABLE, answer);
            }
            if (answer <= 0) {
                return answer < 0 && line.size() == 0 ? null : line.toByteArray();
            }
            line.write(one[0]);
        }
        return line.toByteArray();
    }

    /// Writes the first bytes of `data`, and waits until all are accepted.
    ///
    /// @param length how many, or `null` for all
    /// @return how many were accepted, fewer where the other end closed midway, `-1` on failure
    public static int write(PhpSocket socket, byte[] data, @Nullable Integer length) {
        Arguments.requireSocketAnd(data, "data", "string", socket, WRITE);
        int most = length == null ? data.length : length;
        Arguments.requireNotNegative(most, "length", WRITE);
        StreamSocket stream = socket.stream();
        return stream != null
                ? Errors.result(socket, WRITE, UNWRITABLE, writeByJdk(socket, stream, data, most))
                : send(socket, WRITE, UNWRITABLE, data, most, 0, MemorySegment.NULL);
    }

    /// Reads without native access, and answers as the system does.
    ///
    /// @return how many bytes came, zero at the end, or `-errno`
    private static long readByJdk(PhpSocket socket, StreamSocket end, byte[] target) {
        try {
            return Math.max(end.read(ByteBuffer.wrap(target)), 0);
        } catch (IOException e) {
            return -Errors.errnoOf(e);
        } finally {
            Reference.reachabilityFence(socket);
        }
    }

    /// Writes without native access, and answers as the system does.
    ///
    /// @return how many bytes were accepted, or `-errno` where that was none
    private static long writeByJdk(PhpSocket socket, StreamSocket end, byte[] data, int length) {
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

    public static int send(PhpSocket socket, byte[] data, int length, int flags) {
        String function = "socket_send";
        Arguments.requireSocketAnd(data, "data", "string", socket, function);
        Arguments.requireNotNegative(length, "length", function);
        return send(socket, function, "Unable to write to socket", data, length, flags, MemorySegment.NULL);
    }

    /// @param name the receiver's address, or none
    public static int send(
            PhpSocket socket, String function, String failed, byte[] data, int length, int flags, MemorySegment name) {
        try (var call = new SendCall(data, length, flags, name)) {
            return Errors.result(socket, function, failed, call.by(socket, function));
        }
    }

    /// @param data becomes `null` where nothing came
    public static int recv(PhpSocket socket, Ref<byte[]> data, int length, int flags) {
        String function = "socket_recv";
        Arguments.requireSocketAnd(data, "data", "Ref", socket, function);
        if (length <= 0) {
            return -1;
        }
        try (var call = ReceiveCall.of(socket, function, length, flags)) {
            long answer = call.by(socket, function);
            data.value = answer > 0 ? call.bytes() : null;
            return Errors.result(socket, function, "Unable to read from socket", answer);
        }
    }

    public static boolean shutdown(PhpSocket socket, int mode) {
        String function = "socket_shutdown";
        Arguments.requireSocket(socket, function);
        if (mode < Sockets.SHUT_RD || mode > Sockets.SHUT_RDWR) {
            throw Arguments.valueError(function, 2, "mode", "must be one of SHUT_RD, SHUT_WR or SHUT_RDWR");
        }
        return Errors.succeeded(
                socket, function, "Unable to shutdown socket", socket.on(function, system -> system.shutdown(mode)));
    }

    public static boolean isAtMark(PhpSocket socket) {
        String function = "socket_atmark";
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SysSocket.sockatmark(state, fd));
        return Errors.succeeded(socket, function, "Unable to apply sockmark", answer) && answer > 0;
    }
}
