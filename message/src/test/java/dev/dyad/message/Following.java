package dev.dyad.message;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;

/// How a wire takes a stream that comes bit by bit, as a channel would read it, and what has to be so
/// whatever comes.
@NullUnmarked // what is not there fails the test
enum Following {
    TAKEN,
    REFUSED,
    UNFINISHED;

    private static final int MOST_STEPS = 16; // about so many for a stream that is long
    private static final int SOME = 8; // of the refusals, one of so many is looked at twice: exceptions take their time

    /// Follows the first head of a stream.
    ///
    /// @throws AssertionError if the wire answers what no wire may
    static Following of(Wire.Prefixed wire, byte[] stream, Random random) {
        int come = 1;
        int asked = 1;
        try {
            while (come <= stream.length) {
                int size = Wires.headSize(wire, stream, come);
                require(size >= 1 && size <= Wire.Prefixed.LONGEST_HEAD, wire, "a head of " + size, stream);
                if (size <= come) {
                    require(size >= asked, wire, "asked for " + asked + " bytes of a head of " + size, stream);
                    return taken(wire, stream, size);
                }
                asked = Math.max(asked, size);
                come = random.nextBoolean() ? size : come + 1 + random.nextInt(1 + stream.length / MOST_STEPS);
            }
            return UNFINISHED;
        } catch (WireException e) {
            require(e.offset() >= 0 && e.offset() <= come, wire, "refused at " + e.offset(), stream);
            if (random.nextInt(SOME) == 0) {
                requireRefusal(wire, stream, e);
            }
            return REFUSED;
        } catch (RuntimeException e) {
            throw new AssertionError(wire + " fails at " + Arrays.toString(stream), e);
        }
    }

    private static Following taken(Wire.Prefixed wire, byte[] stream, int size) throws WireException {
        long length = Wires.bodyLength(wire, stream, size);
        require(length >= 0 && length <= wire.longestBody(), wire, "a length of " + length, stream);
        require(Wires.headSize(wire, stream, stream.length) == size, wire, "another size with all bytes", stream);
        byte[] head = Wires.head(wire, length);
        require(Wires.bodyLength(wire, head, head.length) == length, wire, "cannot write " + length, stream);
        return TAKEN;
    }

    /// What is refused stays refused, whatever comes after it.
    private static void requireRefusal(Wire.Prefixed wire, byte[] stream, WireException refusal) {
        try {
            Wires.bodyLength(wire, stream, Wires.headSize(wire, stream, stream.length));
            require(false, wire, "refused first, and taken with more bytes", stream);
        } catch (WireException again) {
            require(again.getMessage().equals(refusal.getMessage()), wire, "refused for another reason", stream);
        }
    }

    private static void require(boolean holds, Wire.Prefixed wire, String fault, byte[] stream) {
        if (!holds) {
            throw new AssertionError(wire + ": " + fault + ": " + Arrays.toString(stream));
        }
    }
}
