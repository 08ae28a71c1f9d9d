package dev.dyad.php.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.PhpError;
import dev.dyad.php.error.Errors;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// PHP's conversions, for arguments that may be of any type.
public final class Values {

    /// The largest number of 32 bits that has no sign.
    public static final long MOST_UNSIGNED = 0xffff_ffffL;

    private static final String SPACE = "[ \\t\\n\\r\\u000b\\f]*";
    private static final String NUMBER = "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)";
    private static final Pattern NUMERIC = Pattern.compile(SPACE + NUMBER + SPACE);
    private static final Pattern PREFIX = Pattern.compile(SPACE + NUMBER + ".*", Pattern.DOTALL);

    private Values() {}

    /// Returns the number that a text is as a whole, a [Long] or else a [Double], or `null` if it is none.
    public static @Nullable Number number(String text) {
        return number(NUMERIC, text);
    }

    private static @Nullable Number number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return Long.valueOf(matcher.group(1));
        } catch (NumberFormatException tooLongOrFraction) {
            return Double.valueOf(matcher.group(1));
        }
    }

    /// Returns what `(string) $value` is.
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean b -> b ? "1" : "";
            case byte[] bytes -> new String(bytes, UTF_8);
            case Double n -> Floats.text(n);
            case Float n -> Floats.text(n);
            case Number _, CharSequence _, Character _ -> value.toString();
            case Collection<?> _, Map<?, ?> _, Object[] _ -> array();
            default -> throw new PhpError("Object of class " + className(value) + " could not be converted to string");
        };
    }

    /// Returns what PHP calls the class of an object.
    private static String className(Object object) {
        String name = object.getClass().getSimpleName();
        return name.isEmpty() ? object.getClass().getName() : name;
    }

    private static String array() {
        Errors.warn("Array to string conversion");
        return "Array";
    }

    /// Returns the bytes of `(string) $value`.
    public static byte[] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : text(value).getBytes(UTF_8);
    }

    /// Returns a number as [Integer], or as [Long] where it has no room there.
    public static Object natural(long number) {
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }

    /// Returns an array with keys, in their order.
    public static Map<String, Object> map(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /// Returns a number of 32 bits that has no sign.
    public static Object unsigned(int number) {
        return natural(Integer.toUnsignedLong(number));
    }

    /// Returns what `(int) $value` is.
    public static long toLong(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Boolean b -> b ? 1 : 0;
            case Double n -> Floats.toLong(n);
            case Float n -> Floats.toLong(n);
            case Number n -> n.longValue();
            case CharSequence _, Character _, byte[] _ -> prefix(text(value));
            case Collection<?> c -> c.isEmpty() ? 0 : 1;
            case Map<?, ?> m -> m.isEmpty() ? 0 : 1;
            case Object[] a -> a.length == 0 ? 0 : 1;
            default -> object(value);
        };
    }

    private static long object(Object value) {
        Errors.warn("Object of class " + className(value) + " could not be converted to int");
        return 1;
    }

    /// Returns whether PHP would call this a string.
    public static boolean isText(@Nullable Object value) {
        return value instanceof CharSequence || value instanceof Character || value instanceof byte[];
    }

    /// Returns whether PHP would call this an object: no array, no text, no number and no truth.
    public static boolean isObject(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean _, Number _, Collection<?> _, Map<?, ?> _, Object[] _ -> false;
            default -> !isText(value);
        };
    }

    /// Returns what `(bool) $value` is.
    public static boolean isTrue(@Nullable Object value) {
        return switch (value) {
            case Double n -> n != 0;
            case Float n -> n != 0;
            case CharSequence s -> !s.isEmpty() && !s.toString().equals("0");
            case byte[] s -> isTrue(text(s));
            case null, default -> isObject(value) || toLong(value) != 0;
        };
    }

    /// A text that is out of range is the largest number in PHP, where a float that is so wraps.
    private static long prefix(String text) {
        Number number = number(PREFIX, text);
        return number == null || Double.isInfinite(number.doubleValue()) ? 0 : number.longValue();
    }
}
