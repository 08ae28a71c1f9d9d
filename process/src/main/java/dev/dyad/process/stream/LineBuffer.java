package dev.dyad.process.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/// Bytes that come in pieces and are taken as lines, each of which ends with a line feed, a carriage return, or
/// one behind the other.
///
/// One thread at a time uses it.
final class LineBuffer {

    /// How many bytes of a line are taken at once.
    static final int LONGEST = 1 << 16;

    private static final byte[] NOTHING = {};
    private static final int FIRST = 1 << 8;

    private byte[] bytes = NOTHING;
    private int start; // of the next line
    private int looked; // there is no end of a line before it
    private int end;
    private boolean behindReturn; // so that a line feed is no line

    /// Adds what `more` has left.
    void add(ByteBuffer more) {
        int length = more.remaining();
        makeRoom(length);
        more.get(bytes, end, length);
        end += length;
    }

    /// Returns how many bytes have not been taken.
    int size() {
        return end - start;
    }

    /// Returns whether there is a line that is whole, or as much of one as is taken at once.
    boolean hasLine() {
        skipLineFeed();
        while (looked < end && looked - start <= LONGEST) {
            if (bytes[looked] == '\n' || bytes[looked] == '\r') {
                return true;
            }
            looked++;
        }
        return looked - start > LONGEST;
    }

    /// Takes what [#hasLine] has found, without its end.
    String line() {
        if (looked - start > LONGEST) {
            int cut = start + LONGEST - brokenCharacter(start + LONGEST);
            return take(cut, cut);
        }
        behindReturn = bytes[looked] == '\r';
        return take(looked, looked + 1);
    }

    /// Takes what there is of a line that is not whole.
    String rest() {
        return take(end, end);
    }

    /// Whatever has no memory for it loses it, and is not asked again.
    private String take(int to, int next) {
        try {
            return new String(bytes, start, to - start, UTF_8);
        } finally {
            start = next;
            looked = next;
            giveBack();
        }
    }

    private void skipLineFeed() {
        if (behindReturn && start < end) {
            behindReturn = false;
            if (bytes[start] == '\n') {
                start++;
                looked = start;
                giveBack();
            }
        }
    }

    /// Returns how many bytes before `at` begin a character that goes on there.
    private int brokenCharacter(int at) {
        int begun = 0;
        while (begun < 3 && isInner(bytes[at - begun])) {
            begun++;
        }
        return isInner(bytes[at - begun]) ? 0 : begun; // where that is no character at all
    }

    private static boolean isInner(byte one) {
        return (one & 0xC0) == 0x80;
    }

    private void makeRoom(int length) {
        if (length > bytes.length - end) {
            int wanted = Math.addExact(size(), length);
            byte[] roomy = wanted <= bytes.length
                    ? bytes
                    : new byte[Math.max(FIRST, Math.max(wanted, 2 * Math.min(bytes.length, LONGEST)))];
            System.arraycopy(bytes, start, roomy, 0, size());
            bytes = roomy;
            looked -= start;
            end -= start;
            start = 0;
        }
    }

    /// An idle child holds next to nothing.
    private void giveBack() {
        if (start == end) {
            bytes = NOTHING;
            start = 0;
            looked = 0;
            end = 0;
        }
    }
}
