package dev.dyad.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What came is not of the wire: its message says which rule it breaks, at which byte, and shows what
/// stands there.
///
/// A [Wire] throws it with the place in the head that it was given. The channel adds where that is in
/// the stream.
public final class WireException extends IOException {

    /// How many bytes are shown.
    static final int EXCERPT = 64;

    private static final long serialVersionUID = 1;

    private final String rule;
    private final long offset;
    private final byte[] excerpt;

    /// Makes one that a wire throws.
    ///
    /// @param rule what is broken, such as "a length below zero"
    /// @param at at which byte of the head, counted from zero
    public WireException(String rule, int at) {
        this(rule, at, new byte[0]);
    }

    private WireException(String rule, long offset, byte[] excerpt) {
        super(excerpt.length == 0 ? rule + " at byte " + offset : rule + " at byte " + offset + ": " + shown(excerpt));
        this.rule = rule;
        this.offset = offset;
        this.excerpt = excerpt;
    }

    /// Returns the same, told by its place in the stream.
    ///
    /// @param begin where in the stream the head begins
    /// @param shown what stands there, of which this keeps the first bytes
    WireException in(long begin, byte[] shown) {
        var whole = new WireException(rule, begin + offset, Arrays.copyOf(shown, Math.min(shown.length, EXCERPT)));
        whole.setStackTrace(getStackTrace());
        return whole;
    }

    /// Returns which byte of the stream it is, counted from zero: of all that the peer has sent.
    ///
    /// @return the place of the first byte that breaks the rule
    public long offset() {
        return offset;
    }

    /// Returns what stands there: up to 64 bytes from the beginning of the message that is none.
    ///
    /// @return a copy of the bytes
    public byte[] excerpt() {
        return excerpt.clone();
    }

    /// As text where it is text, and otherwise byte by byte.
    private static String shown(byte[] bytes) {
        var text = new StringBuilder("\"");
        for (byte one : bytes) {
            if (one == '\n') {
                text.append("\\n");
            } else if (one == '\r') {
                text.append("\\r");
            } else if (one < ' ' && one >= 0 || one == 0x7f) {
                text.append(String.format("\\x%02x", one));
            } else if (one >= 0) {
                text.append((char) one);
            } else {
                return shownAsUtf8(bytes);
            }
        }
        return text.append('"').toString();
    }

    private static String shownAsUtf8(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean isText = text.chars().limit(Math.max(0, text.length() - 1)).noneMatch(one -> one == '\ufffd');
        if (isText && text.chars().noneMatch(Character::isISOControl)) {
            return '"' + text + '"';
        }
        var hex = new StringBuilder();
        for (byte one : bytes) {
            hex.append(hex.isEmpty() ? "" : " ").append(String.format("%02x", one));
        }
        return hex.toString();
    }
}
