package dev.dyad.php.option;

import dev.dyad.php.Sockets;
import dev.dyad.php.TypeError;
import dev.dyad.php.address.PacketInfo;
import dev.dyad.php.convert.ConversionException;
import dev.dyad.php.convert.ConversionPath;
import dev.dyad.php.convert.Values;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.In6PktInfo;
import dev.dyad.posix.Linger;
import dev.dyad.posix.SockFProg;
import dev.dyad.posix.SockFilter;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Timeval;
import dev.dyad.socket.fd.SocketCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Options, by level and number, and whether calls wait.
///
/// PHP knows the form of a few; all others are an int. Which option one is, it asks only by the number
/// where it sets, except on the levels of IP: that is kept.
public final class Options {

    private static final int IP = Sockets.IPPROTO_IP;
    private static final int IPV6 = Sockets.IPPROTO_IPV6;
    private static final MemoryLayout NAME = MemoryLayout.sequenceLayout(16, ValueLayout.JAVA_BYTE);
    private static final String[] MEMORY = {
        "rmem_alloc", "rcvbuf", "wmem_alloc", "sndbuf", "fwd_alloc", "wmem_queued", "optmem", "backlog", "drops"
    };

    private static final MemoryLayout MEMORY_LAYOUT = MemoryLayout.sequenceLayout(MEMORY.length, ValueLayout.JAVA_INT);

    private Options() {}

    /// @return the value, or `null` on failure
    public static @Nullable Object get(PhpSocket socket, String function, int level, int option) {
        Arguments.requireSocket(socket, function);
        Form form = form(function, level, option);
        int size = (int) form.layout.byteSize();
        try (var arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(size, Long.BYTES);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, size);
            long answer = socket.call(
                    function, (state, fd, room) -> SysSocket.getsockopt(state, fd, level, option, value, length));
            if (!Errors.succeeded(socket, function, form.failed, answer)) {
                return null;
            }
            boolean isByte = size == Integer.BYTES && length.get(ValueLayout.JAVA_INT, 0) == 1;
            return isByte ? Byte.toUnsignedInt(value.get(ValueLayout.JAVA_BYTE, 0)) : form.read.apply(value);
        }
    }

    /// How a value lies in memory, and what PHP makes of it.
    private record Form(MemoryLayout layout, String failed, Function<MemorySegment, @Nullable Object> read) {

        Form(MemoryLayout layout, Function<MemorySegment, @Nullable Object> read) {
            this(layout, "Unable to retrieve socket option", read);
        }
    }

    private static Form form(String function, int level, int option) {
        if (level == IP && option == Sockets.IP_MULTICAST_IF) {
            return new Form(ValueLayout.JAVA_INT, value -> Multicast.indexOf(function, value));
        }
        if (level == IPV6 && option == Sockets.IPV6_PKTINFO) {
            return new Form(In6PktInfo.LAYOUT, "unable to get socket option", PacketInfo::read);
        }
        if (level == Sockets.SOL_TCP && option == Sockets.TCP_CONGESTION) {
            return new Form(NAME, value -> Map.of("name", value.getString(0)));
        }
        return switch (level == Sockets.SOL_SOCKET ? option : 0) { // which is no option
            case Sockets.SO_LINGER -> new Form(Linger.LAYOUT, Options::linger);
            case Sockets.SO_RCVTIMEO, Sockets.SO_SNDTIMEO -> new Form(Timeval.LAYOUT, Options::time);
            case Sockets.SO_MEMINFO -> new Form(MEMORY_LAYOUT, Options::memory);
            default -> new Form(ValueLayout.JAVA_INT, value -> value.get(ValueLayout.JAVA_INT, 0));
        };
    }

    private static Map<String, Object> linger(MemorySegment value) {
        return Values.map("l_onoff", Linger.isOn(value) ? 1 : 0, "l_linger", Linger.seconds(value));
    }

    private static Map<String, Object> time(MemorySegment value) {
        return Values.map("sec", Values.natural(Timeval.seconds(value)), "usec", (int) Timeval.micros(value));
    }

    private static Map<String, Integer> memory(MemorySegment value) {
        var map = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < MEMORY.length; i++) {
            map.put(MEMORY[i], value.getAtIndex(ValueLayout.JAVA_INT, i));
        }
        return map;
    }

    public static boolean set(PhpSocket socket, String function, int level, int option, @Nullable Object value) {
        Arguments.requireSocket(socket, function);
        socket.system(function);
        try (var arena = Arena.ofConfined()) {
            MemorySegment bytes = bytes(socket, function, level, option, value, arena);
            if (bytes == null) {
                return false;
            }
            int kernelOption = inKernel(level, option, value);
            long answer = socket.call(
                    function,
                    (state, fd, room) ->
                            SysSocket.setsockopt(state, fd, level, kernelOption, bytes, (int) bytes.byteSize()));
            if (answer >= 0 && level == Sockets.SOL_SOCKET) {
                note(socket, function, option, bytes);
            }
            return Errors.succeeded(socket, function, "Unable to set socket option", answer);
        } catch (ConversionException e) {
            Errors.warn(function, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Returns the kernel's option: PHP takes a filter away by the option that sets one.
    private static int inKernel(int level, int option, @Nullable Object value) {
        boolean isFilter = level == Sockets.SOL_SOCKET && option == Sockets.SO_ATTACH_REUSEPORT_CBPF;
        return isFilter && Values.toLong(value) == 0 ? Sockets.SO_DETACH_REUSEPORT_BPF : option;
    }

    /// Notes a timeout of less than nothing, which the kernel keeps, and does not tell of.
    private static void note(PhpSocket socket, String function, int option, MemorySegment value) {
        if (option == Sockets.SO_RCVTIMEO) {
            socket.system(function).receiveAtOnce(Timeval.seconds(value) < 0);
        } else if (option == Sockets.SO_SNDTIMEO) {
            socket.system(function).sendAtOnce(Timeval.seconds(value) < 0);
        }
    }

    /// Makes calls wait, or not.
    public static boolean setNonBlocking(PhpSocket socket, String function, String failed, boolean nonBlocking) {
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SocketCalls.setNonBlocking(state, fd, nonBlocking));
        return Errors.succeeded(socket, function, failed, answer);
    }

    /// @return what the kernel is given, or `null` where a warning said why nothing is
    private static @Nullable MemorySegment bytes(
            PhpSocket socket, String function, int level, int option, @Nullable Object value, Arena arena)
            throws ConversionException {
        if (level == IP || level == IPV6) {
            if (Multicast.isOption(level, option)) {
                return Multicast.bytes(socket, function, option, value, arena);
            }
            if (level == IPV6 && option == Sockets.IPV6_PKTINFO) {
                MemorySegment info = arena.allocate(In6PktInfo.LAYOUT);
                PacketInfo.write(value, info, new ConversionPath(socket, function, "in6_pktinfo"));
                return info;
            }
            return number(value, arena);
        }
        if (level == Sockets.SOL_TCP && option == Sockets.TCP_CONGESTION) {
            return string(function, value, "TCP_CONGESTION", arena);
        }
        if (level == Sockets.SOL_TCP && option == Sockets.TCP_USER_TIMEOUT) {
            return number(bounded(function, "", value, 0, Values.MOST_UNSIGNED), arena);
        }
        return switch (option) {
            case Sockets.SO_LINGER -> linger(function, value, arena);
            case Sockets.SO_RCVTIMEO -> time(function, value, "SO_RCVTIMEO", arena);
            case Sockets.SO_SNDTIMEO -> time(function, value, "SO_SNDTIMEO", arena);
            case Sockets.SO_BINDTODEVICE -> string(function, value, "SO_BINDTODEVICE", arena);
            case Sockets.UDP_SEGMENT -> number(unsigned16(function, "", value), arena);
            case Sockets.SO_ATTACH_REUSEPORT_CBPF -> filter(function, level, value, arena);
            default -> number(value, arena);
        };
    }

    private static MemorySegment linger(String function, @Nullable Object value, Arena arena) {
        Map<?, ?> map = array(function, value, "SO_LINGER");
        Object on = element(function, map, "l_onoff");
        Object seconds = element(function, map, "l_linger");
        boolean isOn = unsigned16(function, "\"l_onoff\" ", on) != 0;
        MemorySegment linger = arena.allocate(Linger.LAYOUT);
        Linger.set(linger, isOn, unsigned16(function, "\"l_linger\" ", seconds));
        return linger;
    }

    private static int unsigned16(String function, String key, @Nullable Object value) {
        return (int) bounded(function, key, value, 0, 0xffff);
    }

    /// Returns a number within bounds.
    ///
    /// @param key what names it, and a blank, or nothing
    static long bounded(String function, String key, @Nullable Object value, long least, long most) {
        long number = Values.toLong(value);
        if (number < least || number > most) {
            throw Arguments.valueError(function, 4, "value", key + "must be between " + least + " and " + most);
        }
        return number;
    }

    private static MemorySegment time(String function, @Nullable Object value, String option, Arena arena) {
        Map<?, ?> map = array(function, value, option);
        Object sec = element(function, map, "sec");
        Object usec = element(function, map, "usec");
        MemorySegment time = arena.allocate(Timeval.LAYOUT);
        Timeval.set(time, Values.toLong(sec), Values.toLong(usec));
        return time;
    }

    /// Returns an array that is looked at by its keys: a list has none that are names, nor has an object of
    /// Java.
    static Map<?, ?> array(String function, @Nullable Object value, String option) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (Values.isObject(value) || value instanceof Collection<?> || value instanceof Object[]) {
            return Map.of();
        }
        throw wrongType(function, "array", value, option);
    }

    private static TypeError wrongType(String function, String type, @Nullable Object value, String option) {
        return Arguments.typeError(
                function,
                4,
                "value",
                "must be of type " + type + " when argument #3 ($option) is " + option + ", "
                        + Arguments.typeName(value) + " given");
    }

    private static @Nullable Object element(String function, Map<?, ?> map, String key) {
        if (!map.containsKey(key)) {
            throw Arguments.valueError(function, 4, "value", "must have key \"" + key + "\"");
        }
        return map.get(key);
    }

    private static MemorySegment string(String function, @Nullable Object value, String option, Arena arena) {
        if (!Values.isText(value)) {
            throw wrongType(function, "string", value, option);
        }
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, Values.bytes(value));
    }

    /// By a filter the kernel chooses among sockets that share an address: by the processor that a packet
    /// came to, or by its queue.
    private static @Nullable MemorySegment filter(String function, int level, @Nullable Object value, Arena arena) {
        if (level != Sockets.SOL_SOCKET) {
            Errors.warn(function, "Invalid level");
            return null;
        }
        if (!(value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte)) {
            throw wrongType(function, "int", value, "SO_ATTACH_REUSEPORT_CBPF");
        }
        int offset = ((Number) value).intValue();
        if (offset == 0) {
            return number(1, arena);
        }
        if (offset != Sockets.SKF_AD_CPU && offset != Sockets.SKF_AD_QUEUE) {
            Errors.warn(function, "Unsupported CBPF filter");
            return null;
        }
        MemorySegment program = arena.allocate(SockFilter.LAYOUT, 2);
        SockFilter.set(
                program, 0, SockFilter.BPF_LD | SockFilter.BPF_W | SockFilter.BPF_ABS, Sockets.SKF_AD_OFF + offset);
        SockFilter.set(program, 1, SockFilter.BPF_RET | SockFilter.BPF_A, 0);
        MemorySegment filter = arena.allocate(SockFProg.LAYOUT);
        SockFProg.set(filter, program);
        return filter;
    }

    private static MemorySegment number(@Nullable Object value, Arena arena) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, (int) Values.toLong(value));
    }
}
