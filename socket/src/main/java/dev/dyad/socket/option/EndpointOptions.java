package dev.dyad.socket.option;

import java.io.IOException;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of one socket.
public sealed interface EndpointOptions permits FdOptions, JdkOptions, NoOptions {

    <T> void set(SocketOption<T> option, T value) throws IOException;

    <T> @Nullable T get(SocketOption<T> option) throws IOException;

    Set<SocketOption<?>> supported();
}
