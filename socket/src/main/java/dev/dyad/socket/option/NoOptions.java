package dev.dyad.socket.option;

import java.net.SocketOption;
import java.util.Set;

/// The options of what is no socket: none.
public record NoOptions() implements EndpointOptions {

    @Override
    public <T> void set(SocketOption<T> option, T value) {
        throw unsupported(option);
    }

    @Override
    public <T> T get(SocketOption<T> option) {
        throw unsupported(option);
    }

    @Override
    public Set<SocketOption<?>> supported() {
        return Set.of();
    }

    private static UnsupportedOperationException unsupported(SocketOption<?> option) {
        return new UnsupportedOperationException("'" + option + "' not supported");
    }
}
