package dev.dyad.php.transfer;

import dev.dyad.php.ArgumentCountError;
import dev.dyad.php.Ref;
import dev.dyad.php.address.Addresses;
import dev.dyad.php.address.Names;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.php.socket.ReceiveCall;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What is sent to an address, and what says where it came from.
public final class Datagrams {

    private static final Platform OS = Platforms.current();

    private static final String SEND = "socket_sendto";
    private static final String RECEIVE = "socket_recvfrom";

    private Datagrams() {}

    /// @param port `null` where it was left out, which an Internet address cannot be without
    public static int sendTo(
            PhpSocket socket, byte[] data, int length, int flags, String address, @Nullable Integer port) {
        requireArguments(socket, data, address, "string", SEND);
        Arguments.requirePort(port == null ? 0 : port, SEND, 6);
        Arguments.requireNotNegative(length, "length", SEND);
        Names.requirePort(socket, SEND, 6, port);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = receiver(socket, address, port == null ? 0 : port, arena);
            return name == null
                    ? -1
                    : Transfer.send(socket, SEND, "Unable to write to socket", data, length, flags, name);
        }
    }

    private static void requireArguments(
            PhpSocket socket, @Nullable Object data, @Nullable Object address, String type, String function) {
        Arguments.requireNonNull(socket, function, 1, "socket", "Socket");
        Arguments.requireNonNull(data, function, 2, "data", type);
        Arguments.requireNonNull(address, function, 5, "address", type);
        Arguments.requireSocket(socket, function);
    }

    /// PHP reads the path as a C string here, so that no abstract one can be reached.
    private static @Nullable MemorySegment receiver(PhpSocket socket, String address, int port, Arena arena) {
        if (socket.domain() != OS.AF_UNIX()) {
            return Addresses.of(socket, SEND, 5, address, port, arena);
        }
        return Addresses.unix(Addresses.untilNul(Addresses.path(SEND, 5, address), 0), arena);
    }

    public static int receiveFrom(
            PhpSocket socket,
            Ref<byte[]> data,
            int length,
            int flags,
            Ref<String> address,
            @Nullable Ref<Integer> port) {
        requireArguments(socket, data, address, "Ref", RECEIVE);
        if (length <= 0) {
            return -1;
        }
        requirePlaceForPort(socket, port);
        try (var arena = Arena.ofConfined();
                var call = ReceiveCall.named(socket, RECEIVE, length, flags, arena)) {
            long answer = call.by(socket, RECEIVE);
            if (answer >= 0) {
                data.value = call.bytes();
                boolean _ = Addresses.tell(call.name(), address, port);
            }
            String failed = socket.domain() == OS.AF_INET6() ? "unable to recvfrom" : "Unable to recvfrom";
            return Errors.result(socket, RECEIVE, failed, answer);
        }
    }

    private static void requirePlaceForPort(PhpSocket socket, @Nullable Ref<Integer> port) {
        if (socket.domain() == OS.AF_UNIX()) {
            return;
        }
        if (!socket.isInternet()) {
            throw Arguments.unknownFamily(RECEIVE);
        }
        if (port == null) {
            throw new ArgumentCountError(RECEIVE
                    + "() expects exactly 6 arguments when argument #1 ($socket) is of type AF_INET or AF_INET6");
        }
    }
}
