package dev.dyad.php.transfer;

import java.util.Arrays;

/// A line as it arrives.
final class ReceivedLine {

    private final int longest;
    private byte[] bytes = new byte[80];
    private int size;

    ReceivedLine(int longest) {
        this.longest = longest;
    }

    void add(byte next) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = next;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isEnded() {
        return size >= longest || (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'));
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }
}
