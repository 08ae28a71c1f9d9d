package dev.dyad.socket.option;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options that a channel of the JDK has.
///
/// @param channel the channel of an end
public record JdkOptions(SocketChannel channel) implements EndpointOptions {

    @Override
    public <T> void set(SocketOption<T> option, T value) throws IOException {
        OptionTable.requireValue(option, value);
        SocketChannel _ = channel.setOption(option, value);
    }

    @Override
    public <T> @Nullable T get(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supported() {
        return channel.supportedOptions();
    }
}
