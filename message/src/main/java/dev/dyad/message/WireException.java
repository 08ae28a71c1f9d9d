package dev.dyad.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// What came is not of the wire: its message says which rule it breaks, at which byte, and shows what
/// stands there.
///
/// A [Wire] throws it with the place in the head that it was given, and [MessageChannel#misbehaved] takes
/// one with a place in a message. The channel adds where that is in the stream.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="wire-exception"}
public final class WireException extends IOException {

    /// How many bytes are shown.
    static final int EXCERPT = 64;

    private static final long serialVersionUID = 1;

    /// Which rule is broken.
    private final String rule;

    /// At which byte.
    private final long offset;

    /// What stands there.
    private final byte[] excerpt;

    /// Makes one, for a wire, or for a protocol that is spoken over a channel.
    ///
    /// @param rule what is broken, such as "a length below zero"
    /// @param at at which byte of the head, or of the message, counted from zero
    public WireException(String rule, int at) {
        this(rule, at, new byte[0]);
    }

    /// Returns what to throw for a message that is longer than its channel takes.
    static WireException tooLong(long length, long limit) {
        return new WireException("a message of " + length + " bytes (the limit is " + limit + ")", 0);
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

    /// Returns the lines of what may be text, or none if it is not.
    static List<String> lines(byte[] bytes) {
        var decoded = CharBuffer.allocate(bytes.length);
        boolean isText = !StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), decoded, false)
                .isError();
        String text = decoded.flip().toString();
        return isText && text.codePoints().allMatch(one -> Character.isWhitespace(one) || isVisible(one))
                ? text.lines().toList()
                : List.of();
    }

    /// Returns it as text where it is UTF-8, and otherwise byte by byte.
    private static String shown(byte[] bytes) {
        var text = new StringBuilder("\"");
        ByteBuffer left = ByteBuffer.wrap(bytes);
        var decoded = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(left, decoded, false).isError()) {
            return HexFormat.ofDelimiter(" ").formatHex(bytes);
        }
        decoded.flip().codePoints().forEach(one -> appendShown(text, one));
        while (left.hasRemaining()) {
            text.append(String.format("\\x%02x", left.get())); // the beginning of a character that is cut
        }
        return text.append('"').toString();
    }

    private static void appendShown(StringBuilder text, int one) {
        switch (one) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (isVisible(one)) {
                    text.appendCodePoint(one);
                } else {
                    text.append(String.format(one < 0x80 ? "\\x%02x" : "\\u{%X}", one));
                }
            }
        }
    }

    /// Returns whether a terminal or a log shows this as it stands: what steers one, or turns the order
    /// of its letters, does not.
    private static boolean isVisible(int one) {
        return switch (Character.getType(one)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
