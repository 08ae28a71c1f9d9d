package dev.dyad.php;

import org.jspecify.annotations.Nullable;

/// What PHP says of an argument before it looks at its value.
final class Arguments {

    private Arguments() {}

    static void requireNonNull(@Nullable Object value, String function, int position, String name, String type) {
        if (value == null) {
            throw new TypeError(function + "(): Argument #" + position + " ($" + name + ") must be of type " + type
                    + ", null given");
        }
    }

    static void requireSocket(Socket socket, String function) {
        requireSocket(socket, function, 1);
    }

    static void requireSocket(Socket socket, String function, int position) {
        requireNonNull(socket, function, position, "socket", "Socket");
        if (!socket.isOpen()) {
            throw new PhpError(function + "(): Argument #" + position + " ($socket) has already been closed");
        }
    }
}
