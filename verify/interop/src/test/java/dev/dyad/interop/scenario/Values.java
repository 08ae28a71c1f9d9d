package dev.dyad.interop.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Socket;
import java.nio.channels.Channel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/// How values are shown, the same in PHP and in Java.
///
/// A value is null, a `Boolean`, a `Long`, a `Double`, a `byte[]`, a `LinkedHashMap` from `Long` and `String`, or an
/// object.
final class Values {

    private static final int LONGEST = 200;
    private static final int FIRST_PORT = 1024;
    private static final Pattern PORT = Pattern.compile("(port|sin_port|sin6_port).*");
    private static final Pattern PROCESS = Pattern.compile("(pid|child).*");

    private final Map<Socket, Integer> numbers = new HashMap<>();
    private final Map<String, Map<Long, Integer>> symbols = new HashMap<>();

    /// Returns a value as it is shown under a name.
    String show(Object name, Object value) {
        return switch (value) {
            case null -> "null";
            case Long number -> number(name, number);
            case byte[] bytes -> string(bytes);
            case Map<?, ?> array ->
                array.entrySet().stream()
                        .map(entry -> key(entry.getKey()) + " => " + show(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ", "[", "]"));
            case Socket socket -> "Socket#" + numberOf(socket);
            case Channel stream -> stream.isOpen() ? "stream" : "closed stream";
            case Boolean truth -> truth.toString();
            case Double number -> number.toString();
            default -> value.getClass().getSimpleName();
        };
    }

    int numberOf(Socket socket) {
        return numbers.computeIfAbsent(socket, unseen -> numbers.size() + 1);
    }

    /// Gives a socket the number that it has elsewhere.
    void number(Socket socket, int number) {
        numbers.put(socket, number);
    }

    /// Returns the symbols given so far, for a child that goes on with them.
    Map<String, Map<Long, Integer>> symbols() {
        return symbols;
    }

    Map<Socket, Integer> sockets() {
        return numbers;
    }

    /// Returns a value as [Evaluation] reads it; null for what cannot be written down.
    static String literal(Object value, Map<Socket, Integer> numbers) {
        return switch (value) {
            case byte[] bytes -> quoted(bytes);
            case Map<?, ?> array ->
                array.entrySet().stream()
                        .map(entry -> key(entry.getKey()) + " => " + literal(entry.getValue(), numbers))
                        .collect(Collectors.joining(", ", "[", "]"));
            case Socket socket -> "Socket#" + numbers.get(socket);
            case Long number -> number.toString();
            case Boolean truth -> truth.toString();
            case null, default -> "null";
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String key(Object key) {
        return key instanceof String text ? string(bytes(text)) : key.toString();
    }

    /// What the system chose is a symbol, by the order in which it appeared.
    private String number(Object name, long value) {
        boolean isPort = PORT.matcher(name.toString()).matches();
        boolean isChosen = isPort
                ? value >= FIRST_PORT
                : value > 1 && PROCESS.matcher(name.toString()).matches();
        if (!isChosen) {
            return Long.toString(value);
        }
        if (value == ProcessHandle.current().pid()) {
            return "this process";
        }
        String kind = isPort ? "port" : "process";
        Map<Long, Integer> seen = symbols.computeIfAbsent(kind, any -> new LinkedHashMap<>());
        return kind + "#" + seen.computeIfAbsent(value, unseen -> seen.size() + 1);
    }

    private static String string(byte[] bytes) {
        if (bytes.length > LONGEST) {
            var crc = new CRC32();
            crc.update(bytes);
            return "string(" + bytes.length + ") crc " + crc.getValue();
        }
        return quoted(bytes);
    }

    /// Returns bytes as a literal of PHP.
    static String quoted(byte[] bytes) {
        var text = new StringBuilder("\"");
        for (char c : new String(bytes, ISO_8859_1).toCharArray()) {
            if (c >= ' ' && c <= '~' && c != '"' && c != '$' && c != '\\') {
                text.append(c);
            } else {
                text.append("\\x%02x".formatted((int) c));
            }
        }
        return text.append('"').toString();
    }
}
