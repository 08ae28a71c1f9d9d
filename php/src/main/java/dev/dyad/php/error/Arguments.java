package dev.dyad.php.error;

import dev.dyad.php.PhpError;
import dev.dyad.php.TypeError;
import dev.dyad.php.ValueError;
import dev.dyad.php.socket.PhpSocket;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What PHP says of an argument before it looks at its value.
public final class Arguments {

    private static final int HIGHEST_PORT = 0xffff;

    private Arguments() {}

    public static void requireNonNull(@Nullable Object value, String function, int position, String name, String type) {
        if (value == null) {
            throw typeError(function, position, name, "must be of type " + type + ", null given");
        }
    }

    /// Refuses a socket that is null or closed.
    public static void requireSocket(PhpSocket socket, String function) {
        requireSocket(socket, function, 1);
    }

    public static void requireSocket(PhpSocket socket, String function, int position) {
        requireNonNull(socket, function, position, "socket", "Socket");
        if (!socket.isOpen()) {
            throw new PhpError(function + "(): Argument #" + position + " ($socket) has already been closed");
        }
    }

    /// Refuses a second argument that is null as well: PHP looks at the types of all arguments before it looks
    /// whether the socket is open.
    public static void requireSocketAnd(
            @Nullable Object second, String name, String type, PhpSocket socket, String function) {
        requireNonNull(socket, function, 1, "socket", "Socket");
        requireNonNull(second, function, 2, name, type);
        requireSocket(socket, function);
    }

    /// Refuses a third argument that is negative.
    public static void requireNotNegative(int number, String name, String function) {
        if (number < 0) {
            throw valueError(function, 3, name, "must be greater than or equal to 0");
        }
    }

    public static void requirePort(int port, String function, int position) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw valueError(function, position, "port", "must be between 0 and " + HIGHEST_PORT);
        }
    }

    public static ValueError valueError(String function, int position, String name, String text) {
        return new ValueError(message(function, position, name, text));
    }

    public static TypeError typeError(String function, int position, String name, String text) {
        return new TypeError(message(function, position, name, text));
    }

    /// PHP's answer to a socket of a family that it does not know, which can only be one that was received.
    public static ValueError unknownFamily(String function) {
        return valueError(function, 1, "socket", "must be one of AF_UNIX, AF_INET, or AF_INET6");
    }

    /// Returns what PHP calls the type of a value.
    public static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean b -> b ? "true" : "false";
            case Byte _, Short _, Integer _, Long _ -> "int";
            case Number _ -> "float";
            case CharSequence _, Character _, byte[] _ -> "string";
            case Collection<?> _, Map<?, ?> _ -> "array";
            default -> value.getClass().getSimpleName();
        };
    }

    private static String message(String function, int position, String name, String text) {
        return function + "(): Argument #" + position + " ($" + name + ") " + text;
    }
}
