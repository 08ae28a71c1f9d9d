package dev.dyad.process.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Text that goes to a program: an argument, or a variable of its environment.
public final class ArgumentText {

    private ArgumentText() {}

    /// @throws IllegalArgumentException if it cannot be one
    public static void require(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in \"" + text.replace('\0', '?') + "\"");
        }
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "not Unicode text, as it has half of a surrogate pair: \"" + toAscii(text) + "\"");
        }
    }

    private static String toAscii(String text) {
        var ascii = new StringBuilder();
        text.codePoints().forEach(each -> {
            if (each >= ' ' && each < 0x7F) {
                ascii.append((char) each);
            } else {
                ascii.append(String.format("\\u{%X}", each));
            }
        });
        return ascii.toString();
    }
}
