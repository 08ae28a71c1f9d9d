package dev.dyad.socket.option;

import java.net.SocketOption;

/// An option by the name that it has in C.
///
/// @param <T> the type of its value
/// @param name what it is called in C
/// @param type the class of its value
public record NamedOption<T>(String name, Class<T> type) implements SocketOption<T> {
    @Override
    public String toString() {
        return name;
    }
}
