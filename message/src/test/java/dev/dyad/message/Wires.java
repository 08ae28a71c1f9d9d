package dev.dyad.message;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;

/// The wires there are, and what one does with them.
@NullUnmarked // what is not there fails the test
final class Wires {

    private static final int MOST_WRITTEN = 64; // heads may be longer, but nobody here writes one

    private Wires() {}

    /// Returns every wire that has its length first.
    ///
    /// Those that [Wire] makes without being told anything are found, so that a new one is tested as
    /// the others are.
    static Stream<Wire.Prefixed> prefixed() {
        return all().filter(Wire.Prefixed.class::isInstance).map(Wire.Prefixed.class::cast);
    }

    /// Returns every wire.
    static Stream<Wire> all() {
        return Stream.concat(
                Arrays.stream(Wire.class.getMethods())
                        .filter(made -> Modifier.isStatic(made.getModifiers()) && made.getParameterCount() == 0)
                        .map(Wires::make),
                IntStream.of(1, 2, 4).mapToObj(Wire::packet));
    }

    /// Returns the head that stands before a body.
    static byte[] head(Wire.Prefixed wire, long bodyLength) {
        var head = ByteBuffer.allocate(MOST_WRITTEN);
        wire.writeHead(bodyLength, head);
        return Arrays.copyOf(head.array(), head.position());
    }

    /// Returns how long the head is, as far as the first bytes of a stream tell.
    static int headSize(Wire.Prefixed wire, byte[] stream, int come) throws WireException {
        return wire.headSize(view(stream, come));
    }

    /// Returns the length of the body after a head of `size` bytes.
    static long bodyLength(Wire.Prefixed wire, byte[] stream, int size) throws WireException {
        return wire.bodyLength(view(stream, size));
    }

    /// Bytes that do not begin at the beginning of their buffer.
    private static ByteBuffer view(byte[] stream, int length) {
        int before = 3;
        return ByteBuffer.allocate(before + length + 1)
                .put(before, stream, 0, length)
                .position(before)
                .limit(before + length);
    }

    private static Wire make(Method factory) {
        try {
            return (Wire) factory.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no wire is made", e);
        }
    }
}
