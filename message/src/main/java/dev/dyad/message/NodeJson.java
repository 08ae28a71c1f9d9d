package dev.dyad.message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Checks that bytes are one JSON value in UTF-8, and finds what Node looks at in it: the members `cmd`,
/// `type` and `msg` of the outermost object.
///
/// As in `JSON.parse`, the last of several members of one name counts, and a name may be written with
/// escapes. It uses no recursion, so that no depth is too much for a stack.
final class NodeJson {

    private static final String INTERNAL = "NODE_";
    private static final int MOST_KEPT = 64; // characters of a text that is compared: longer ones are equal to none
    private static final int DECODED = 1024; // characters at once

    private final ByteBuffer text;
    private final BitSet objects = new BitSet(); // which of the open brackets are curly
    private int at;
    private int depth;

    private @Nullable String member; // the name before the value, in the outermost object
    private int valueFrom;
    private @Nullable String command;
    private @Nullable String type;
    private int messageFrom = -1;
    private int messageTo = -1;

    private NodeJson(ByteBuffer text) {
        this.text = text;
    }

    /// Reads a value.
    ///
    /// @param text its bytes, from the position to the limit
    /// @throws WireException if it is none: where, counted from the position, and which rule it breaks
    static NodeJson of(ByteBuffer text) throws WireException {
        var json = new NodeJson(text.slice());
        json.requireUtf8();
        json.readAll();
        return json;
    }

    /// Returns the command of a message that Node keeps for itself, or `null` for one that is a user's.
    @Nullable
    String internalCommand() {
        String named = command;
        return named != null && named.length() > INTERNAL.length() && named.startsWith(INTERNAL) ? named : null;
    }

    /// Returns what `type` says, where that is a text.
    @Nullable
    String type() {
        return type;
    }

    /// Returns the bytes of `msg`, or `null` without one.
    @Nullable
    ByteBuffer message() {
        return messageFrom < 0 ? null : text.slice(messageFrom, messageTo - messageFrom);
    }

    private void requireUtf8() throws WireException {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer left = text.duplicate();
        CharBuffer decoded = CharBuffer.allocate(Math.min(DECODED, left.remaining() + 1));
        while (true) {
            var result = decoder.decode(left, decoded.clear(), true);
            if (result.isError()) {
                throw new WireException("not UTF-8", left.position());
            }
            if (result.isUnderflow()) {
                return;
            }
        }
    }

    private void readAll() throws WireException {
        boolean goesOn = true;
        while (goesOn) {
            skipSpace();
            goesOn = beginsWithValue() || goesOn();
        }
    }

    /// Reads a value that has no brackets, or an opening bracket and the name that may stand behind it.
    ///
    /// @return whether a value has to follow, as in brackets that are not empty
    private boolean beginsWithValue() throws WireException {
        beginMember();
        int first = peek();
        switch (first) {
            case '{', '[' -> {
                return opensValue(first == '{');
            }
            case '"' -> keep(readText(isCompared()));
            case 't' -> readWord("true");
            case 'f' -> readWord("false");
            case 'n' -> readWord("null");
            default -> readNumber();
        }
        return false;
    }

    private boolean opensValue(boolean isObject) throws WireException {
        at++;
        depth++;
        objects.set(depth, isObject);
        skipSpace();
        if (peek() == (isObject ? '}' : ']')) {
            return false;
        }
        if (isObject) {
            readName();
        }
        return true;
    }

    /// Reads what stands behind a value: closing brackets, and a comma or the end.
    ///
    /// @return whether another value has to follow
    private boolean goesOn() throws WireException {
        endMember();
        while (true) {
            skipSpace();
            if (depth == 0) {
                if (at < text.limit()) {
                    throw new WireException("text after a JSON value", at);
                }
                return false;
            }
            boolean isObject = objects.get(depth);
            int next = peek();
            if (next == ',') {
                at++;
                if (isObject) {
                    skipSpace();
                    readName();
                }
                return true;
            }
            if (next != (isObject ? '}' : ']')) {
                throw new WireException(isObject ? "no JSON: neither , nor }" : "no JSON: neither , nor ]", at);
            }
            at++;
            depth--;
            endMember();
        }
    }

    private void readName() throws WireException {
        String name = readText(depth == 1);
        skipSpace();
        if (peek() != ':') {
            throw new WireException("no JSON: no colon after a name", at);
        }
        at++;
        if (depth == 1) {
            member = name;
        }
    }

    private void beginMember() {
        if (depth == 1) {
            valueFrom = at;
            if ("cmd".equals(member)) {
                command = null;
            } else if ("type".equals(member)) {
                type = null;
            }
        }
    }

    private boolean isCompared() {
        return depth == 1 && ("cmd".equals(member) || "type".equals(member));
    }

    private void keep(@Nullable String value) {
        if (isCompared()) {
            if ("cmd".equals(member)) {
                command = value;
            } else {
                type = value;
            }
        }
    }

    private void endMember() {
        if (depth == 1 && "msg".equals(member)) {
            messageFrom = valueFrom;
            messageTo = at;
        }
        if (depth == 1) {
            member = null;
        }
    }

    /// Reads a text in quotes.
    ///
    /// @param isKept whether it is compared with something
    /// @return its first characters, of which only those of ASCII are what they were; or `null` if it is
    ///     not kept
    private @Nullable String readText(boolean isKept) throws WireException {
        if (peek() != '"') {
            throw new WireException("no JSON: no name in quotes", at);
        }
        at++;
        var kept = isKept ? new StringBuilder() : null;
        while (true) {
            int next = peek();
            if (next < ' ') {
                throw new WireException("no JSON: a control character in a text", at);
            }
            at++;
            if (next == '"') {
                return kept == null ? null : kept.toString();
            }
            int character = next == '\\' ? readEscape() : next;
            if (kept != null && kept.length() < MOST_KEPT) {
                kept.append((char) character);
            }
        }
    }

    /// Reads what stands behind a backslash.
    private int readEscape() throws WireException {
        int next = peek();
        at++;
        return switch (next) {
            case '"', '\\', '/' -> next;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> readHexadecimal();
            default -> throw new WireException("no JSON: an escape that is none", at - 1);
        };
    }

    private int readHexadecimal() throws WireException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw new WireException("no JSON: an escape that is none", at);
            }
            value = (value << 4) | digit;
            at++;
        }
        return value;
    }

    private void readWord(String word) throws WireException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw new WireException("no JSON: a word that is not " + word, at);
            }
        }
    }

    private void readNumber() throws WireException {
        int first = peek();
        if (first != '-' && !isDigit(first)) {
            throw new WireException("no JSON value", at);
        }
        if (first == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            readDigits();
        }
        if (isNext('.')) {
            at++;
            readDigits();
        }
        if (isNext('e') || isNext('E')) {
            at++;
            if (isNext('+') || isNext('-')) {
                at++;
            }
            readDigits();
        }
    }

    private void readDigits() throws WireException {
        if (!isDigit(peek())) {
            throw new WireException("no JSON: no digit where a number has one", at);
        }
        while (at < text.limit() && isDigit(text.get(at))) {
            at++;
        }
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private boolean isNext(char expected) {
        return at < text.limit() && text.get(at) == expected;
    }

    private void skipSpace() {
        while (isNext(' ') || isNext('\t') || isNext('\r') || isNext('\n')) {
            at++;
        }
    }

    private int peek() throws WireException {
        if (at == text.limit()) {
            throw new WireException("the end within a JSON value", at);
        }
        return text.get(at) & 0xff;
    }
}
