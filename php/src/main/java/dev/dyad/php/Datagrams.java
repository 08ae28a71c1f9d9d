package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is sent to an address, and what says where it came from.
final class Datagrams {

    private static final Platform OS = Platform.current();

    /// All flags but the kernel's own, which `sendto` and `recvfrom` ignore, and `sendmsg` and `recvmsg`
    /// refuse.
    private static final int OF_PROGRAMS = Integer.MAX_VALUE;
    private static final String SEND = "socket_sendto";
    private static final String RECEIVE = "socket_recvfrom";
    private static final int LONGEST = 1 << 20;

    private Datagrams() {}

    /// @param port `null` where it was left out, which an Internet address cannot be without
    static int sendTo(Socket socket, byte[] data, int length, int flags, String address, @Nullable Integer port) {
        Arguments.requireSocketType(socket, SEND);
        Arguments.requireNonNull(data, SEND, 2, "data", "string");
        Arguments.requireNonNull(address, SEND, 5, "address", "string");
        Arguments.requireOpen(socket, SEND);
        Arguments.requirePort(port == null ? 0 : port, SEND, 6);
        Arguments.requireNotNegative(length, SEND);
        Names.requirePort(socket, SEND, 6, port);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = receiver(socket, address, port == null ? 0 : port, arena);
            if (name == null) {
                return -1;
            }
            MemorySegment message = message(bytes(data, length, arena), arena);
            MsgHdr.setName(message, name, (int) name.byteSize());
            int how = (flags & OF_PROGRAMS) | OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
            boolean isUnix = socket.domain() == OS.AF_UNIX();
            long answer = socket.sending(
                    SEND, flags, isUnix, (state, fd, room) -> SysSocket.sendmsg(state, fd, message, how));
            if (answer < 0) {
                Errors.note(socket, SEND, "Unable to write to socket", answer);
                return -1;
            }
            return (int) answer;
        }
    }

    /// PHP reads the path as a C string here, so that no abstract one can be reached.
    private static @Nullable MemorySegment receiver(Socket socket, String address, int port, Arena arena) {
        if (socket.domain() == OS.AF_UNIX()) {
            byte[] path = Addresses.path(SEND, 5, address);
            int end = new String(path, UTF_8).indexOf('\0');
            return Addresses.unix(end < 0 ? path : Arrays.copyOf(path, length(path)), arena);
        }
        if (socket.domain() != OS.AF_INET() && socket.domain() != OS.AF_INET6()) {
            throw Arguments.unknownFamily(SEND);
        }
        return Addresses.host(socket, SEND, address, port, arena);
    }

    private static int length(byte[] cString) {
        int end = 0;
        while (cString[end] != 0) {
            end++;
        }
        return end;
    }

    static int receiveFrom(
            Socket socket, Ref<byte[]> data, int length, int flags, Ref<String> address, @Nullable Ref<Integer> port) {
        Arguments.requireSocketType(socket, RECEIVE);
        Arguments.requireNonNull(data, RECEIVE, 2, "data", "Ref");
        Arguments.requireNonNull(address, RECEIVE, 5, "address", "Ref");
        Arguments.requireOpen(socket, RECEIVE);
        if (length <= 0) {
            return -1;
        }
        requirePlaceForPort(socket, port);
        try (var arena = Arena.ofConfined()) {
            var receive = new NamedReceive(arena, (flags & OF_PROGRAMS) | OS.MSG_DONTWAIT());
            long answer = Gathering.isMeant(socket, RECEIVE, flags)
                    ? receiveAll(socket, data, length, flags, receive)
                    : receiveSome(socket, data, Math.min(length, LONGEST), flags, receive);
            if (answer < 0) {
                Errors.note(socket, RECEIVE, failed(socket), answer);
                return -1;
            }
            tell(socket, receive.name(), receive.nameLength(), address, port);
            return (int) answer;
        }
    }

    private static long receiveAll(Socket socket, Ref<byte[]> data, int length, int flags, NamedReceive receive) {
        var call = new Gathering(length, receive);
        long answer = call.result(socket.receiving(RECEIVE, flags, call));
        if (answer >= 0) {
            byte[] bytes = call.bytes();
            data.value = bytes == null ? new byte[0] : bytes;
        }
        return answer;
    }

    private static long receiveSome(Socket socket, Ref<byte[]> data, int most, int flags, NamedReceive receive) {
        try (var target = new Room(most)) {
            MemorySegment bytes = target.memory();
            long answer = socket.receiving(RECEIVE, flags, (state, fd, room) -> receive.into(state, fd, bytes));
            if (answer >= 0) {
                data.value = bytes.asSlice(0, Math.min(answer, most)).toArray(ValueLayout.JAVA_BYTE);
            }
            return answer;
        } catch (Room.NoMemory e) {
            return e.answer();
        }
    }

    /// A stream does not say where it came from: PHP then tells the address that is nothing.
    private static void tell(
            Socket socket, MemorySegment name, int length, Ref<String> address, @Nullable Ref<Integer> port) {
        if (length == 0) {
            name.set(ValueLayout.JAVA_SHORT, 0, (short) socket.domain());
        }
        if (socket.domain() == OS.AF_UNIX()) {
            address.value = Addresses.path(name.asSlice(0, SockAddrUn.LAYOUT.byteSize()));
        } else {
            Addresses.tell(name, address, port);
        }
    }

    private static void requirePlaceForPort(Socket socket, @Nullable Ref<Integer> port) {
        if (socket.domain() == OS.AF_UNIX()) {
            return;
        }
        if (socket.domain() != OS.AF_INET() && socket.domain() != OS.AF_INET6()) {
            throw Arguments.unknownFamily(RECEIVE);
        }
        if (port == null) {
            throw new ArgumentCountError(RECEIVE
                    + "() expects exactly 6 arguments when argument #1 ($socket) is of type AF_INET or AF_INET6");
        }
    }

    private static String failed(Socket socket) {
        return socket.domain() == OS.AF_INET6() ? "unable to recvfrom" : "Unable to recvfrom";
    }

    private static MemorySegment bytes(byte[] data, int length, Arena arena) {
        MemorySegment bytes = arena.allocate(Math.min(length, data.length));
        MemorySegment.copy(data, 0, bytes, ValueLayout.JAVA_BYTE, 0, (int) bytes.byteSize());
        return bytes;
    }

    private static MemorySegment message(MemorySegment bytes, Arena arena) {
        MemorySegment message = arena.allocate(MsgHdr.LAYOUT);
        MemorySegment vector = arena.allocate(IoVec.LAYOUT);
        IoVec.set(vector, 0, bytes);
        MsgHdr.set(message, vector, 1);
        return message;
    }
}
