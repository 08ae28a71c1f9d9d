package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The body of a message that is handed out as it comes, or is skipped where nobody wants it. For one thread at a
/// time.
final class LongBody {

    private final ReadAhead ahead;
    private long left; // bytes
    private boolean skips;

    LongBody(ReadAhead ahead) {
        this.ahead = ahead;
    }

    void begin(long length) {
        left = length;
    }

    boolean isLeft() {
        return left > 0;
    }

    /// Reads a part of it, of which some is left.
    ///
    /// @return how many bytes, or -1 if the stream has ended before it
    int read(ByteBuffer target, Deadline deadline) throws IOException {
        int limitBefore = target.limit();
        if (target.remaining() > left) {
            target.limit(target.position() + (int) left);
        }
        try {
            int count = ahead.moveTo(target);
            if (count == 0 && target.hasRemaining()) {
                ahead.giveBack();
                count = ahead.readInto(target, deadline);
            }
            left -= Math.max(count, 0);
            return count;
        } finally {
            target.limit(limitBefore);
        }
    }

    /// Has what is left be skipped.
    void leave() {
        skips = left > 0;
    }

    /// Skips what was read ahead, if it is to be skipped.
    ///
    /// @return whether nothing is left to skip
    boolean skip() {
        if (skips) {
            int count = (int) Math.min(left, ahead.bytes().remaining());
            ahead.advance(count);
            left -= count;
            skips = left > 0;
        }
        return !skips;
    }
}
