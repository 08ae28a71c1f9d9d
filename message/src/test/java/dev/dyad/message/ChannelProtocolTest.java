package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a protocol needs that is spoken over a channel, and ends it.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class ChannelProtocolTest {

    @ParameterizedTest
    @ValueSource(ints = {9, 3 << 20})
    void a_message_that_breaks_a_rule_ends_the_channel_and_is_shown(int length) throws Exception {
        try (Line line = Line.ofSockets(Wire.framed());
                MessageChannel peer = line.other(Wire.framed())) {
            peer.send(ByteBuffer.allocate(6));
            Thread sender = Thread.ofVirtual().start(() -> send(peer, "x".repeat(length)));
            line.channel().receive().close();
            try (Message message = line.channel().receive()) {
                assertThat(message.bytes().remaining()).isEqualTo(length);

                assertThat(line.channel().misbehaved(new WireException("no y", 5), message))
                        .isInstanceOf(ChannelClosedException.class)
                        .hasMessageContaining("no y at byte 19: \"" + "x".repeat(Math.min(length, 64)) + "\"");
            }
            sender.join();
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .satisfies(e -> assertThat(e.closed()).isInstanceOf(Closed.Misbehaved.class));
        }
    }

    private static void send(MessageChannel channel, String text) {
        try {
            channel.send(UTF_8.encode(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_channel_that_is_closed_for_a_reason_says_it_to_everybody() throws Exception {
        try (Line line = Line.ofSockets(Wire.framed())) {
            line.channel().close("out of paper");
            line.channel().close();

            assertThat(line.channel().closed()).contains(new Closed.Here("out of paper"));
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().send(ByteBuffer.allocate(1)))
                    .satisfies(e -> assertThat(e.hasBegun()).isFalse())
                    .withMessageContaining("out of paper");
        }
    }
}
