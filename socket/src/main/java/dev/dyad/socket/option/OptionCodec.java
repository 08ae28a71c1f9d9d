package dev.dyad.socket.option;

import dev.dyad.posix.Linger;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Timeval;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the value of an option lies in memory.
///
/// @param <T> what it is in Java
/// @param size how many bytes it takes at most
/// @param writer what makes bytes of it
/// @param reader what makes it of bytes
record OptionCodec<T>(long size, Writer<T> writer, Reader<T> reader) {

    private static final Platform OS = Platforms.current();
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int MOST_LINGER = 65_535; // as with the JDK, more is as good as that
    private static final int BYTE = 255;
    private static final int NAME = 16; // IFNAMSIZ

    static final OptionCodec<Boolean> FLAG = number(on -> on ? 1 : 0, number -> number != 0);

    static final OptionCodec<Integer> NUMBER = number(value -> value, number -> number);

    /// A number that is not negative.
    static final OptionCodec<Integer> COUNT = number(value -> requireFrom(value, 0), number -> number);

    /// 0 to 255.
    static final OptionCodec<Integer> OCTET = number(value -> requireRange(value, 0, BYTE), number -> number);

    /// -1, which leaves it to the system, to 255.
    static final OptionCodec<Integer> HOPS = number(value -> requireRange(value, -1, BYTE), number -> number);

    /// The size of a buffer, which is read as it was written.
    static final OptionCodec<Integer> BUFFER =
            number(value -> requireFrom(value, 0), number -> OS.doublesBuffers() ? number / 2 : number);

    /// Whether a datagram must not be cut in pieces.
    static final OptionCodec<Boolean> WHOLE =
            number(on -> on ? OS.IP_PMTUDISC_DO() : OS.IP_PMTUDISC_DONT(), number -> number == OS.IP_PMTUDISC_DO());

    /// Seconds, or less than zero for none.
    static final OptionCodec<Integer> LINGER = new OptionCodec<>(
            Linger.LAYOUT.byteSize(),
            (arena, seconds) -> {
                MemorySegment linger = arena.allocate(Linger.LAYOUT);
                Linger.set(linger, seconds >= 0, Math.clamp(seconds, 0, MOST_LINGER));
                return linger;
            },
            linger -> Linger.isOn(linger) ? Linger.seconds(linger) : -1);

    /// A time, of which zero is none.
    static final OptionCodec<Duration> TIME = new OptionCodec<>(
            Timeval.LAYOUT.byteSize(),
            (arena, time) -> {
                MemorySegment timeval = arena.allocate(Timeval.LAYOUT);
                Timeval.set(timeval, micros(time));
                return timeval;
            },
            timeval -> Duration.ofSeconds(Timeval.seconds(timeval), Timeval.micros(timeval) * NANOS_PER_MICRO));

    /// The name of a network interface.
    static final OptionCodec<String> DEVICE = new OptionCodec<>(
            NAME,
            (arena, name) -> arena.allocateFrom(requireName(name)),
            bytes -> bytes.byteSize() == 0 ? "" : bytes.getString(0));

    /// A network interface as one of its addresses of IPv4.
    static final OptionCodec<NetworkInterface> INTERFACE4 = new OptionCodec<>(
            Integer.BYTES,
            (arena, which) -> arena.allocateFrom(ValueLayout.JAVA_BYTE, address(which)),
            OptionCodec::interfaceOf);

    /// A network interface as its number.
    static final OptionCodec<NetworkInterface> INTERFACE6 = new OptionCodec<>(
            Integer.BYTES, (arena, which) -> arena.allocateFrom(ValueLayout.JAVA_INT, which.getIndex()), bytes -> {
                int index = bytes.get(ValueLayout.JAVA_INT, 0);
                return index == 0 ? null : NetworkInterface.getByIndex(index);
            });

    /// What makes bytes of a value.
    @FunctionalInterface
    interface Writer<T> {
        MemorySegment write(SegmentAllocator arena, T value);
    }

    /// What makes a value of bytes.
    @FunctionalInterface
    interface Reader<T> {
        @Nullable
        T read(MemorySegment bytes) throws IOException;
    }

    @FunctionalInterface
    private interface ToInt<T> {
        int of(T value);
    }

    @FunctionalInterface
    private interface FromInt<T> {
        T of(int number);
    }

    MemorySegment write(SegmentAllocator arena, T value) {
        return writer.write(arena, value);
    }

    @Nullable
    T read(MemorySegment bytes) throws IOException {
        return reader.read(bytes);
    }

    private static <T> OptionCodec<T> number(ToInt<T> to, FromInt<T> from) {
        return new OptionCodec<>(
                Integer.BYTES,
                (arena, value) -> arena.allocateFrom(ValueLayout.JAVA_INT, to.of(value)),
                bytes -> from.of(bytes.get(ValueLayout.JAVA_INT, 0)));
    }

    private static int requireFrom(int value, int least) {
        return requireRange(value, least, Integer.MAX_VALUE);
    }

    private static int requireRange(int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(value + " is out of range");
        }
        return value;
    }

    /// Returns whole microseconds, of which no time but zero is none.
    private static long micros(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(time + " is negative");
        }
        try {
            return Math.ceilDiv(time.toNanos(), NANOS_PER_MICRO);
        } catch (ArithmeticException tooLong) {
            throw new IllegalArgumentException(time + " is too long", tooLong);
        }
    }

    private static String requireName(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length >= NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no network interface is called \"" + name + "\"");
        }
        return name;
    }

    private static byte[] address(NetworkInterface which) {
        return which.inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(which + " has no address of IPv4"))
                .getAddress();
    }

    private static @Nullable NetworkInterface interfaceOf(MemorySegment bytes) throws IOException {
        InetAddress address = InetAddress.getByAddress(bytes.toArray(ValueLayout.JAVA_BYTE));
        return address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
    }
}
