package dev.dyad.interop.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One step, read and evaluated at once: the little of PHP's expressions that scenarios are made of.
final class Evaluation {

    /// What expressions are about.
    interface Surroundings {

        Object variable(String name);

        Object constant(String name);

        Object call(String function, List<Argument> arguments) throws Exception;
    }

    /// An argument of a call.
    ///
    /// @param variable the name of the variable that it is, or `null`
    record Argument(Object value, String variable) {}

    private final String text;
    private final Surroundings around;
    private int at;

    Evaluation(String text, Surroundings around) {
        this.text = text;
        this.around = around;
    }

    /// Returns what the whole text comes to.
    Object value() throws Exception {
        Object value = expression();
        skipSpaces();
        if (at < text.length()) {
            throw wrong("an end");
        }
        return value;
    }

    private Object expression() throws Exception {
        Object value = primary();
        while (takes('|')) {
            value = (Long) value | (Long) primary();
        }
        return value;
    }

    private Object primary() throws Exception {
        skipSpaces();
        char c = peek();
        if (c == '"' || c == '\'') {
            return string(c);
        }
        if (c == '[') {
            return array();
        }
        if (c == '$') {
            return element(around.variable(variableName()));
        }
        if (c == '-' || Character.isDigit(c)) {
            return number();
        }
        String name = word();
        return takes('(') ? call(name) : named(name);
    }

    private Object named(String name) {
        return switch (name) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> around.constant(name);
        };
    }

    private Object call(String name) throws Exception {
        var arguments = new ArrayList<Argument>();
        while (!takes(')')) {
            arguments.add(argument());
            takes(',');
        }
        return around.call(name, arguments);
    }

    /// Only a variable may be passed by reference.
    private Argument argument() throws Exception {
        skipSpaces();
        if (peek() == '$') {
            int start = at;
            String name = variableName();
            skipSpaces();
            if (peek() == ',' || peek() == ')') {
                return new Argument(around.variable(name), name);
            }
            at = start;
        }
        return new Argument(expression(), null);
    }

    private Object element(Object array) throws Exception {
        Object value = array;
        while (takes('[')) {
            Object key = key(expression());
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
            takes(']');
        }
        return value;
    }

    private Map<Object, Object> array() throws Exception {
        var array = new LinkedHashMap<>();
        long next = 0;
        takes('[');
        while (!takes(']')) {
            Object value = expression();
            if (takes('=') && takes('>')) {
                Object key = key(value);
                array.put(key, expression());
                next = key instanceof Long number ? Math.max(next, number + 1) : next;
            } else {
                array.put(next++, value);
            }
            takes(',');
        }
        return array;
    }

    private static Object key(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, ISO_8859_1) : value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        while (Character.isDigit(peek()) || peek() == '.') {
            at++;
        }
        String digits = text.substring(start, at);
        return digits.contains(".") ? (Object) Double.valueOf(digits) : (Object) Long.valueOf(digits);
    }

    private byte[] string(char quote) {
        var bytes = new ByteArrayOutputStream();
        at++;
        int plain = at;
        while (peek() != quote) {
            if (peek() == '\\' && quote == '"') {
                bytes.writeBytes(Values.bytes(text.substring(plain, at)));
                bytes.write(escaped());
                plain = at;
            } else {
                at++;
            }
        }
        bytes.writeBytes(Values.bytes(text.substring(plain, at)));
        at++;
        return bytes.toByteArray();
    }

    private int escaped() {
        char c = text.charAt(at + 1);
        at += 2;
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'x' -> Integer.parseInt(text, at, at += 2, 16);
            default -> throw wrong("an escape that is n, r or x, before");
        };
    }

    private String variableName() {
        at++;
        return word();
    }

    private String word() {
        int start = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '#') {
            at++;
        }
        if (at == start) {
            throw wrong("a name");
        }
        return text.substring(start, at);
    }

    private boolean takes(char expected) {
        skipSpaces();
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    private void skipSpaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(text + ": " + expected + " is missing at " + at);
    }
}
