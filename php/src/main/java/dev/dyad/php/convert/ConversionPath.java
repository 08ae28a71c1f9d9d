package dev.dyad.php.convert;

import dev.dyad.php.socket.PhpSocket;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where in the arrays of a caller a conversion is, as PHP's warnings name it.
///
/// @param socket whose family decides what an address is
/// @param function what the caller called
/// @param path from the outermost name, such as `msghdr > control > element #0`
public record ConversionPath(PhpSocket socket, String function, String path) {

    public ConversionPath in(String name) {
        return new ConversionPath(socket, function, path + " > " + name);
    }

    /// Returns what to throw for what the caller gave.
    public ConversionException wrong(String text) {
        return new ConversionException("error converting user data (path: " + path + "): " + text);
    }

    /// Returns what to throw for what the system gave.
    public ConversionException unreadable(String text) {
        return new ConversionException("error converting native data (path: " + path + "): " + text);
    }

    /// Returns an array that is looked at by its keys: a list has none that are names.
    public Map<?, ?> map(@Nullable Object value) throws ConversionException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value instanceof Collection || value instanceof Object[]) {
            return Map.of();
        }
        throw wrong("expected an array here");
    }

    /// Returns an array that is looked at one element after the other.
    public Collection<?> list(@Nullable Object value) throws ConversionException {
        return switch (value) {
            case Collection<?> list -> list;
            case Map<?, ?> map -> map.values();
            case Object[] array -> Arrays.asList(array);
            case null, default -> throw wrong("expected an array here");
        };
    }

    public @Nullable Object required(Map<?, ?> map, String key) throws ConversionException {
        if (!map.containsKey(key)) {
            throw wrong("The key '" + key + "' is required");
        }
        return map.get(key);
    }

    public long integer(@Nullable Object value) throws ConversionException {
        if (value instanceof Number) {
            return Values.toLong(value);
        }
        if (Values.isText(value) || Values.isObject(value)) {
            return integer(Values.text(value));
        }
        throw wrong("expected an integer, either of a PHP integer type or of a convertible type");
    }

    private long integer(String text) throws ConversionException {
        Number number = Values.number(text);
        if (number == null) {
            throw wrong("expected an integer, but got a non numeric string (possibly from a converted object): '" + text
                    + "'");
        }
        return Values.toLong(number);
    }

    public int int32(@Nullable Object value) throws ConversionException {
        long number = integer(value);
        if (number != (int) number) {
            throw wrong("given PHP integer is out of bounds for a native int");
        }
        return (int) number;
    }

    public int unsigned32(@Nullable Object value) throws ConversionException {
        return bounded(value, Values.MOST_UNSIGNED, "an unsigned 32-bit integer");
    }

    public int unsigned16(@Nullable Object value) throws ConversionException {
        return bounded(value, 0xffff, "an unsigned 16-bit integer");
    }

    /// Returns a number from zero to `most`.
    ///
    /// @param type what it is, with an article
    public int bounded(@Nullable Object value, long most, String type) throws ConversionException {
        long number = integer(value);
        if (number < 0 || number > most) {
            throw wrong("given PHP integer is out of bounds for " + type);
        }
        return (int) number;
    }
}
