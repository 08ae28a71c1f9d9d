package dev.dyad.php;

import dev.dyad.posix.In6PktInfo;
import dev.dyad.posix.Linger;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Timeval;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Options, by level and number.
///
/// PHP knows the form of a few; all others are an int. Which option one is, it asks of the number alone where it
/// sets, except on the levels of IP: that is kept.
final class Options {

    private static final int IP = Sockets.IPPROTO_IP;
    private static final int IPV6 = Sockets.IPPROTO_IPV6;
    private static final int NAME = 16;
    private static final String[] MEMORY = {
        "rmem_alloc", "rcvbuf", "wmem_alloc", "sndbuf", "fwd_alloc", "wmem_queued", "optmem", "backlog", "drops"
    };

    private Options() {}

    /// @return the value, or `null` on failure
    static @Nullable Object get(Socket socket, String function, int level, int option) {
        Arguments.requireSocket(socket, function);
        try (var arena = Arena.ofConfined()) {
            var call = new Getting(socket, function, level, option, arena);
            if (level == IP && option == Sockets.IP_MULTICAST_IF) {
                return call.get(Integer.BYTES, value -> Multicast.indexOf(function, value));
            }
            if (level == IPV6 && option == Sockets.IPV6_PKTINFO) {
                return call.failing("unable to get socket option")
                        .get((int) In6PktInfo.LAYOUT.byteSize(), PacketInfo::read);
            }
            if (level == Sockets.SOL_TCP && option == Sockets.TCP_CONGESTION) {
                return call.get(NAME, value -> Map.of("name", value.getString(0)));
            }
            return level == Sockets.SOL_SOCKET ? getOfSocket(call, option) : call.getInt();
        }
    }

    private static @Nullable Object getOfSocket(Getting call, int option) {
        return switch (option) {
            case Sockets.SO_LINGER -> call.get((int) Linger.LAYOUT.byteSize(), Options::linger);
            case Sockets.SO_RCVTIMEO, Sockets.SO_SNDTIMEO -> call.get((int) Timeval.LAYOUT.byteSize(), Options::time);
            case Sockets.SO_MEMINFO -> call.get(MEMORY.length * Integer.BYTES, Options::memory);
            default -> call.getInt();
        };
    }

    /// One `getsockopt`.
    private record Getting(Socket socket, String function, int level, int option, Arena arena, String failed) {

        Getting(Socket socket, String function, int level, int option, Arena arena) {
            this(socket, function, level, option, arena, "Unable to retrieve socket option");
        }

        Getting failing(String text) {
            return new Getting(socket, function, level, option, arena, text);
        }

        <T> @Nullable T get(int size, Function<MemorySegment, @Nullable T> form) {
            MemorySegment value = arena.allocate(size, Long.BYTES);
            return answered(value, arena.allocateFrom(ValueLayout.JAVA_INT, size)) ? form.apply(value) : null;
        }

        @Nullable
        Integer getInt() {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            if (!answered(value, length)) {
                return null;
            }
            return length.get(ValueLayout.JAVA_INT, 0) == 1
                    ? Byte.toUnsignedInt(value.get(ValueLayout.JAVA_BYTE, 0))
                    : value.get(ValueLayout.JAVA_INT, 0);
        }

        private boolean answered(MemorySegment value, MemorySegment length) {
            long answer = socket.call(
                    function, (state, fd, room) -> SysSocket.getsockopt(state, fd, level, option, value, length));
            if (answer < 0) {
                Errors.note(socket, function, failed, answer);
            }
            return answer == 0;
        }
    }

    private static Map<String, Integer> linger(MemorySegment value) {
        return ordered("l_onoff", Linger.isOn(value) ? 1 : 0, "l_linger", Linger.seconds(value));
    }

    private static Map<String, Integer> time(MemorySegment value) {
        return ordered("sec", (int) Timeval.seconds(value), "usec", (int) Timeval.micros(value));
    }

    private static Map<String, Integer> ordered(String first, int one, String second, int other) {
        var map = new LinkedHashMap<String, Integer>();
        map.put(first, one);
        map.put(second, other);
        return map;
    }

    private static Map<String, Integer> memory(MemorySegment value) {
        var map = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < MEMORY.length; i++) {
            map.put(MEMORY[i], value.getAtIndex(ValueLayout.JAVA_INT, i));
        }
        return map;
    }

    static boolean set(Socket socket, String function, int level, int option, @Nullable Object value) {
        Arguments.requireSocket(socket, function);
        socket.system(function);
        try (var arena = Arena.ofConfined()) {
            MemorySegment bytes = bytes(socket, function, level, option, value, arena);
            if (bytes == null || !set(socket, function, level, option, bytes)) {
                return false;
            }
            if (level == Sockets.SOL_SOCKET) {
                note(socket, function, option, bytes);
            }
            return true;
        } catch (ConversionException e) {
            Errors.warn(function, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Notes a timeout of less than nothing, which the kernel keeps, and does not tell of.
    private static void note(Socket socket, String function, int option, MemorySegment value) {
        if (option == Sockets.SO_RCVTIMEO) {
            socket.system(function).receiveAtOnce(Timeval.seconds(value) < 0);
        } else if (option == Sockets.SO_SNDTIMEO) {
            socket.system(function).sendAtOnce(Timeval.seconds(value) < 0);
        }
    }

    private static boolean set(Socket socket, String function, int level, int option, MemorySegment value) {
        long answer = socket.call(
                function,
                (state, fd, room) -> SysSocket.setsockopt(state, fd, level, option, value, (int) value.byteSize()));
        if (answer < 0) {
            Errors.note(socket, function, "Unable to set socket option", answer);
        }
        return answer == 0;
    }

    /// @return what the kernel is given, or `null` where a warning said why nothing is
    private static @Nullable MemorySegment bytes(
            Socket socket, String function, int level, int option, @Nullable Object value, Arena arena)
            throws ConversionException {
        if (level == IP || level == IPV6) {
            if (Multicast.isOption(level, option)) {
                return Multicast.bytes(socket, function, option, value, arena);
            }
            if (level == IPV6 && option == Sockets.IPV6_PKTINFO) {
                MemorySegment info = arena.allocate(In6PktInfo.LAYOUT);
                PacketInfo.write(value, info, new Place(socket, function, "in6_pktinfo"));
                return info;
            }
            return number(value, arena);
        }
        if (level == Sockets.SOL_TCP && option == Sockets.TCP_CONGESTION) {
            return string(value, arena);
        }
        return switch (option) {
            case Sockets.SO_LINGER -> linger(function, value, arena);
            case Sockets.SO_RCVTIMEO, Sockets.SO_SNDTIMEO -> time(function, value, arena);
            case Sockets.SO_BINDTODEVICE -> string(value, arena);
            default -> number(value, arena);
        };
    }

    private static MemorySegment linger(String function, @Nullable Object value, Arena arena) {
        long on = Values.toLong(element(function, value, "l_onoff"));
        long seconds = Values.toLong(element(function, value, "l_linger"));
        MemorySegment linger = arena.allocate(Linger.LAYOUT);
        Linger.set(linger, (on & 0xffff) != 0, (int) (seconds & 0xffff));
        return linger;
    }

    private static MemorySegment time(String function, @Nullable Object value, Arena arena) {
        long seconds = Values.toLong(element(function, value, "sec"));
        long micros = Values.toLong(element(function, value, "usec"));
        MemorySegment time = arena.allocate(Timeval.LAYOUT);
        Timeval.set(time, seconds, micros);
        return time;
    }

    /// What is no array has none of the keys.
    private static @Nullable Object element(String function, @Nullable Object value, String key) {
        if (!(value instanceof Map<?, ?> map) || !map.containsKey(key)) {
            throw Arguments.valueError(function, 4, "value", "must have key \"" + key + "\"");
        }
        return map.get(key);
    }

    private static MemorySegment string(@Nullable Object value, Arena arena) {
        boolean isString = value instanceof CharSequence || value instanceof byte[];
        return isString
                ? arena.allocateFrom(ValueLayout.JAVA_BYTE, Values.bytes(value))
                : arena.allocate(1).asSlice(0, 0);
    }

    private static MemorySegment number(@Nullable Object value, Arena arena) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, (int) Values.toLong(value));
    }
}
