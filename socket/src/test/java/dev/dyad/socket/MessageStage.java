package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A stage with two connected message sockets, at one of which the operation is done.
abstract class MessageStage extends Stage {

    final SocketPair<MessageSocket> pair;
    final MessageSocket end;
    final MessageSocket peer;

    /// Opens a pair of one kind or the other.
    interface Kind {
        SocketPair<MessageSocket> open() throws IOException;
    }

    MessageStage(Kind kind) throws IOException {
        pair = kind.open();
        end = pair.left();
        peer = pair.right();
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }

    static void assertEmpty(MessageSocket from) throws IOException {
        assertThat(from.tryReceive(ByteBuffer.allocate(1), 0)).isNull();
    }

    /// Receives a message that is there, with so many descriptors.
    static void assertNext(MessageSocket from, byte[] message, int descriptors) throws IOException {
        var target = ByteBuffer.allocate(message.length + 1);
        try (Received received = from.receive(target, descriptors + 1, soon())) {
            assertThat(received.descriptors()).hasSize(descriptors);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(message));
        }
    }

    static void assertUsable(MessageSocket one, MessageSocket other) throws IOException {
        assertMoves(one, other);
        assertMoves(other, one);
    }

    static void assertMoves(MessageSocket from, MessageSocket to) throws IOException {
        assertEmpty(to);
        from.send(ByteBuffer.wrap(bytes(3)), soon());
        assertNext(to, bytes(3), 0);
    }
}
