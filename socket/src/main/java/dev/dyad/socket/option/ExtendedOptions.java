package dev.dyad.socket.option;

import java.net.SocketOption;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;

/// The options of `jdk.net.ExtendedSocketOptions`, or others of the same names where that module is not there.
final class ExtendedOptions {

    static final SocketOption<Boolean> TCP_QUICKACK =
            known(() -> ExtendedSocketOptions.TCP_QUICKACK, "TCP_QUICKACK", Boolean.class);
    static final SocketOption<Integer> TCP_KEEPIDLE =
            known(() -> ExtendedSocketOptions.TCP_KEEPIDLE, "TCP_KEEPIDLE", Integer.class);
    static final SocketOption<Integer> TCP_KEEPINTERVAL =
            known(() -> ExtendedSocketOptions.TCP_KEEPINTERVAL, "TCP_KEEPINTERVAL", Integer.class);
    static final SocketOption<Integer> TCP_KEEPCOUNT =
            known(() -> ExtendedSocketOptions.TCP_KEEPCOUNT, "TCP_KEEPCOUNT", Integer.class);
    static final SocketOption<Integer> SO_INCOMING_NAPI_ID =
            known(() -> ExtendedSocketOptions.SO_INCOMING_NAPI_ID, "SO_INCOMING_NAPI_ID", Integer.class);
    static final SocketOption<Boolean> IP_DONTFRAGMENT =
            known(() -> ExtendedSocketOptions.IP_DONTFRAGMENT, "IP_DONTFRAGMENT", Boolean.class);

    private ExtendedOptions() {}

    private static <T> SocketOption<T> known(Supplier<SocketOption<T>> there, String name, Class<T> type) {
        try {
            return there.get();
        } catch (NoClassDefFoundError absent) {
            return new NamedOption<>(name, type);
        }
    }
}
