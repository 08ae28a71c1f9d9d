package dev.dyad.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// The header lines before a message, read byte by byte, so that the first byte that cannot be there is
/// told.
final class HeaderLines {

    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(US_ASCII);
    private static final int MOST_DIGITS = 19; // a zero before them does no harm, but does not go on for ever
    private static final int RADIX = 10;
    private static final long NONE = -1;

    /// Where in a line the next byte is.
    private enum Place {
        NAME,
        BEFORE_NUMBER,
        NUMBER,
        AFTER_NUMBER,
        OTHER_VALUE,
        LINE_FEED,
        END
    }

    private Place place = Place.NAME;
    private int at;
    private int lineBegin;
    private boolean isContentLength = true; // as far as the name has come
    private boolean isLast;
    private long contentLength = NONE;
    private int digits;

    private HeaderLines() {}

    /// Reads from the position of `bytes` on, which stays, to the end of the head or of what has come.
    ///
    /// @throws WireException if no head begins like that
    static HeaderLines read(ByteBuffer bytes) throws WireException {
        var lines = new HeaderLines();
        int most = Math.min(bytes.remaining(), Wire.Prefixed.LONGEST_HEAD);
        while (lines.at < most && lines.place != Place.END) {
            lines.take(bytes.get(bytes.position() + lines.at));
            lines.at++;
        }
        if (lines.at == Wire.Prefixed.LONGEST_HEAD && lines.place != Place.END) {
            throw lines.refusal("a head of more than 4096 bytes");
        }
        return lines;
    }

    /// Returns how many bytes the head has, or one more than have come if its end has not.
    int size() {
        return place == Place.END ? at : at + 1;
    }

    /// Returns how many bytes follow the head.
    long contentLength() {
        return contentLength;
    }

    private void take(byte one) throws WireException {
        switch (place) {
            case NAME -> takeOfName(one);
            case BEFORE_NUMBER -> takeBeforeNumber(one);
            case NUMBER -> takeOfNumber(one);
            case AFTER_NUMBER -> takeAfterNumber(one);
            case OTHER_VALUE -> takeOfOtherValue(one);
            case LINE_FEED -> takeLineFeed(one);
            case END -> throw new AssertionError("after the end");
        }
    }

    private void takeOfName(byte one) throws WireException {
        int index = at - lineBegin;
        if (index == 0 && isLineEnd(one)) {
            if (contentLength == NONE) {
                throw refusal("no Content-Length in the head");
            }
            endLine(one);
        } else if (index > 0 && one == ':') {
            endName(index);
        } else if (isOfName(one)) {
            isContentLength &= index < CONTENT_LENGTH.length && Character.toLowerCase(one) == CONTENT_LENGTH[index];
        } else {
            throw refusal("not a header's name");
        }
    }

    private void endName(int length) throws WireException {
        isContentLength &= length == CONTENT_LENGTH.length;
        if (isContentLength && contentLength != NONE) {
            throw new WireException("a second Content-Length", lineBegin);
        }
        place = isContentLength ? Place.BEFORE_NUMBER : Place.OTHER_VALUE;
    }

    private void takeBeforeNumber(byte one) throws WireException {
        if (isDigit(one)) {
            contentLength = 0;
            place = Place.NUMBER;
            takeOfNumber(one);
        } else if (!isBlank(one)) {
            throw refusal("a Content-Length that is not a number");
        }
    }

    private void takeOfNumber(byte one) throws WireException {
        if (!isDigit(one)) {
            takeAfterNumber(one);
            return;
        }
        contentLength = contentLength * RADIX + (one - '0'); // below zero where it needs 64 bits: so far 19 digits go
        digits++;
        if (digits > MOST_DIGITS || contentLength < 0) {
            throw refusal("a Content-Length of more than 19 digits or 63 bits");
        }
    }

    private void takeAfterNumber(byte one) throws WireException {
        if (isLineEnd(one)) {
            endLine(one);
        } else if (isBlank(one)) {
            place = Place.AFTER_NUMBER;
        } else {
            throw refusal("a Content-Length that is not a number");
        }
    }

    private void takeOfOtherValue(byte one) throws WireException {
        if (isLineEnd(one)) {
            endLine(one);
        } else if ((one < ' ' && one != '\t') || one == 0x7f) {
            throw refusal("not a character of a header");
        }
    }

    private void takeLineFeed(byte one) throws WireException {
        if (one != '\n') {
            throw refusal("a carriage return without a line feed");
        }
        beginLine();
    }

    private void endLine(byte one) {
        isLast = place == Place.NAME;
        if (one == '\r') {
            place = Place.LINE_FEED;
        } else {
            beginLine();
        }
    }

    private void beginLine() {
        place = isLast ? Place.END : Place.NAME;
        lineBegin = at + 1;
        isContentLength = true;
    }

    private WireException refusal(String rule) {
        return new WireException(rule, at);
    }

    private static boolean isOfName(byte one) {
        return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || isDigit(one) || one == '-';
    }

    private static boolean isDigit(byte one) {
        return one >= '0' && one <= '9';
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t';
    }

    private static boolean isLineEnd(byte one) {
        return one == '\r' || one == '\n';
    }
}
