package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A stage with two connected streams, at one of which the operation is done.
abstract class StreamStage extends Stage {

    private static final byte[] THERE = bytes(3);

    final SocketPair<StreamSocket> pair;
    final StreamSocket end;
    final StreamSocket peer;

    StreamStage() throws IOException {
        this(SocketPair.stream());
    }

    StreamStage(SocketPair<StreamSocket> pair) {
        this.pair = pair;
        end = pair.left();
        peer = pair.right();
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }

    /// Reads so many bytes that are there.
    static byte[] read(StreamSocket from, int length) throws IOException {
        var target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            assertThat(from.read(target, soon())).isPositive();
        }
        return target.array();
    }

    static void assertEmpty(StreamSocket from) {
        assertThatThrownBy(() -> from.read(ByteBuffer.allocate(1), Deadline.after(Duration.ZERO)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    static void assertEnded(StreamSocket from) throws IOException {
        assertThat(from.read(ByteBuffer.allocate(1), soon())).isEqualTo(-1);
    }

    /// Shows that both directions are empty and can be used.
    static void assertUsable(StreamSocket one, StreamSocket other) throws IOException {
        assertMoves(one, other);
        assertMoves(other, one);
    }

    static void assertMoves(StreamSocket from, StreamSocket to) throws IOException {
        assertEmpty(to);
        from.write(ByteBuffer.wrap(THERE), soon());
        assertThat(read(to, THERE.length)).isEqualTo(THERE);
    }
}
