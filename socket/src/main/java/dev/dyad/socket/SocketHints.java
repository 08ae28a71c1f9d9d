package dev.dyad.socket;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Options that clients set on every socket, and that mean nothing here: they are remembered, and no more.
///
/// Any thread may use them.
final class SocketHints {

    /// Off, as a new TCP socket has them; the sizes are what Linux gives a UNIX socket.
    private static final Map<SocketOption<?>, Object> DEFAULTS = Map.of(
            StandardSocketOptions.TCP_NODELAY, false,
            StandardSocketOptions.SO_KEEPALIVE, false,
            StandardSocketOptions.SO_REUSEADDR, false,
            StandardSocketOptions.SO_LINGER, -1,
            StandardSocketOptions.SO_SNDBUF, 212_992,
            StandardSocketOptions.SO_RCVBUF, 212_992,
            StandardSocketOptions.IP_TOS, 0);

    private final Map<SocketOption<?>, Object> values = new ConcurrentHashMap<>(DEFAULTS);

    static Set<SocketOption<?>> supported() {
        return DEFAULTS.keySet();
    }

    <T> void set(SocketOption<T> option, T value) {
        requireSupported(option);
        values.put(option, option.type().cast(value));
    }

    <T> T get(SocketOption<T> option) {
        requireSupported(option);
        return Objects.requireNonNull(option.type().cast(values.get(option)));
    }

    private static void requireSupported(SocketOption<?> option) {
        if (!DEFAULTS.containsKey(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }
}
