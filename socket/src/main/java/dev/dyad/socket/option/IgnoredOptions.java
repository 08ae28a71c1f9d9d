package dev.dyad.socket.option;

import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Options that clients set on every socket, and that mean nothing between two processes: they are remembered, and
/// no more, unless the socket turns out to be one of the internet.
///
/// Any thread may use them. They take and refuse the same values as those of a [java.net.Socket].
public final class IgnoredOptions {

    private static final int MOST_LINGER = 65_535; // seconds; more is as good as that
    private static final int MOST_TRAFFIC_CLASS = 255;
    private static final int CONGESTION = 3; // two bits that TCP has for itself

    /// As a new TCP socket has them; the sizes are what Linux gives a UNIX socket.
    private static final Map<SocketOption<?>, Object> DEFAULTS = Map.ofEntries(
            Map.entry(StandardSocketOptions.TCP_NODELAY, false),
            Map.entry(StandardSocketOptions.SO_KEEPALIVE, false),
            Map.entry(StandardSocketOptions.SO_REUSEADDR, false),
            Map.entry(StandardSocketOptions.SO_REUSEPORT, false),
            Map.entry(StandardSocketOptions.SO_LINGER, -1),
            Map.entry(StandardSocketOptions.SO_SNDBUF, 212_992),
            Map.entry(StandardSocketOptions.SO_RCVBUF, 212_992),
            Map.entry(StandardSocketOptions.IP_TOS, 0),
            Map.entry(ExtendedOptions.TCP_QUICKACK, false),
            Map.entry(ExtendedOptions.TCP_KEEPIDLE, 7_200),
            Map.entry(ExtendedOptions.TCP_KEEPINTERVAL, 75),
            Map.entry(ExtendedOptions.TCP_KEEPCOUNT, 9));

    private final Map<SocketOption<?>, Object> values = new ConcurrentHashMap<>();

    public static Set<SocketOption<?>> supported() {
        return DEFAULTS.keySet();
    }

    public static boolean has(SocketOption<?> option) {
        return DEFAULTS.containsKey(option);
    }

    /// Returns the value that is meant by one that a client gives.
    ///
    /// @throws UnsupportedOperationException if there is no such option
    /// @throws IllegalArgumentException if it takes no such value
    public static <T> T meant(SocketOption<T> option, T value) {
        requireSupported(option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        return option.type().cast(value instanceof Integer number ? meant(option.name(), number) : value);
    }

    public <T> void set(SocketOption<T> option, T value) {
        values.put(option, meant(option, value));
    }

    public <T> T get(SocketOption<T> option) {
        requireSupported(option);
        Object value = values.getOrDefault(option, DEFAULTS.get(option));
        return Objects.requireNonNull(option.type().cast(value));
    }

    /// Sets what was set here on a socket that has such options.
    public void applyTo(StreamSocket socket) throws IOException {
        Set<SocketOption<?>> supported = socket.supportedOptions();
        for (SocketOption<?> option : values.keySet()) {
            if (supported.contains(option)) {
                apply(option, socket);
            }
        }
    }

    private <T> void apply(SocketOption<T> option, StreamSocket socket) throws IOException {
        socket.setOption(option, get(option));
    }

    private static int meant(String option, int value) {
        return switch (option) {
            case "SO_LINGER" -> Math.clamp(value, -1, MOST_LINGER);
            case "SO_SNDBUF", "SO_RCVBUF" -> requireRange(option, value, 0, Integer.MAX_VALUE);
            case "IP_TOS" -> requireRange(option, value, 0, MOST_TRAFFIC_CLASS) & ~CONGESTION;
            default -> value;
        };
    }

    private static int requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " of " + value + " is out of range");
        }
        return value;
    }

    private static void requireSupported(SocketOption<?> option) {
        if (!has(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }
}
