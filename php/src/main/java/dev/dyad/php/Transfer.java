package dev.dyad.php;

import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.StreamSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reading and writing by PHP's rules.
final class Transfer {

    private static final Platform OS = Platform.current();
    private static final String READ = "socket_read";
    private static final String WRITE = "socket_write";
    private static final String UNREADABLE = "unable to read from socket";

    private Transfer() {}

    /// Reads what is there, or a line.
    ///
    /// @return the bytes, none at the end, `null` on failure
    static byte @Nullable [] read(Socket socket, int length, int mode) {
        Arguments.requireSocket(socket, READ);
        if (length <= 0) {
            return null;
        }
        StreamSocket stream = socket.stream();
        if (stream != null) {
            return JdkTransfer.read(socket, stream, length, mode);
        }
        return mode == Sockets.PHP_NORMAL_READ && Gathering.isStream(socket, READ)
                ? readLine(socket, length)
                : readBinary(socket, length);
    }

    private static byte @Nullable [] readBinary(Socket socket, int length) {
        try (var call = new Receiving(length, 0)) {
            long answer = socket.receiving(READ, 0, call);
            if (answer < 0) {
                Errors.note(socket, READ, UNREADABLE, answer);
                return null;
            }
            return call.bytes();
        }
    }

    /// Takes bytes until a `\n` or `\r`, which is taken too, until `length` bytes, or until the end.
    ///
    /// One at a time, for what is after the line may be for another process that shares the socket. Unlike
    /// PHP it does not lose what it has when the end or an error comes first, and where it would have to
    /// wait and may not, it says so and does not spin.
    private static byte @Nullable [] readLine(Socket socket, int length) {
        var line = new Line(length);
        try (var call = new Receiving(1, 0)) {
            while (!line.isEnded()) {
                long answer = socket.receiving(READ, 0, call);
                if (answer == 0) {
                    break;
                }
                if (answer < 0) {
                    return cutOff(socket, line, answer);
                }
                line.add(call.bytes()[0]);
            }
        }
        return line.bytes();
    }

    private static byte @Nullable [] cutOff(Socket socket, Line line, long answer) {
        if (line.isEmpty() || answer != -Sockets.SOCKET_EAGAIN) {
            Errors.note(socket, READ, UNREADABLE, answer);
        }
        return line.isEmpty() ? null : line.bytes();
    }

    /// Writes the first bytes of `data`, and waits until all are accepted.
    ///
    /// @param length how many, or `null` for all
    /// @return how many were accepted, fewer where the other end closed midway, `-1` on failure
    static int write(Socket socket, byte[] data, @Nullable Integer length) {
        Arguments.requireSocketType(socket, WRITE);
        Arguments.requireNonNull(data, WRITE, 2, "data", "string");
        Arguments.requireOpen(socket, WRITE);
        int most = length == null ? data.length : length;
        Arguments.requireNotNegative(most, WRITE);
        StreamSocket stream = socket.stream();
        return stream != null
                ? JdkTransfer.write(socket, stream, data, most)
                : send(socket, WRITE, "unable to write to socket", data, most, 0);
    }

    static int send(Socket socket, byte[] data, int length, int flags) {
        String function = "socket_send";
        Arguments.requireSocketType(socket, function);
        Arguments.requireNonNull(data, function, 2, "data", "string");
        Arguments.requireOpen(socket, function);
        Arguments.requireNotNegative(length, function);
        return send(socket, function, "Unable to write to socket", data, length, flags);
    }

    private static int send(Socket socket, String function, String failed, byte[] data, int length, int flags) {
        try (var call = new Sending(data, length, flags)) {
            long answer = call.result(socket.sending(function, flags, false, call));
            if (answer < 0) {
                Errors.note(socket, function, failed, answer);
                return -1;
            }
            return (int) answer;
        }
    }

    /// @param data becomes `null` where nothing came
    static int recv(Socket socket, Ref<byte[]> data, int length, int flags) {
        String function = "socket_recv";
        Arguments.requireSocketType(socket, function);
        Arguments.requireNonNull(data, function, 2, "data", "Ref");
        Arguments.requireOpen(socket, function);
        if (length <= 0) {
            return -1;
        }
        return Gathering.isMeant(socket, function, flags)
                ? recvAll(socket, function, data, length, flags)
                : recvSome(socket, function, data, length, flags);
    }

    private static int recvSome(Socket socket, String function, Ref<byte[]> data, int length, int flags) {
        try (var call = new Receiving(length, flags)) {
            long answer = socket.receiving(function, flags, call);
            data.value = answer > 0 ? call.bytes() : null;
            return received(socket, function, answer);
        }
    }

    private static int recvAll(Socket socket, String function, Ref<byte[]> data, int length, int flags) {
        int how = flags | OS.MSG_DONTWAIT();
        var call = new Gathering(
                length,
                (state, fd, target) ->
                        SysSocket.recvfrom(state, fd, target, how, MemorySegment.NULL, MemorySegment.NULL));
        long answer = socket.receiving(function, flags, call);
        data.value = call.bytes();
        return received(socket, function, call.result(answer));
    }

    private static int received(Socket socket, String function, long answer) {
        if (answer < 0) {
            Errors.note(socket, function, "Unable to read from socket", answer);
            return -1;
        }
        return (int) answer;
    }
}
