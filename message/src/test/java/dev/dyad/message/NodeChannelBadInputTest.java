package dev.dyad.message;

import static dev.dyad.message.NodeConversation.ACK;
import static dev.dyad.message.NodeConversation.FRAME;
import static dev.dyad.message.NodeConversation.NACK;
import static dev.dyad.message.NodeConversation.converse;
import static dev.dyad.message.NodeConversation.receive;
import static dev.dyad.message.NodeConversation.say;
import static dev.dyad.message.NodeConversation.socket;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a peer must not say, and what is not said to it. The test fails where a descriptor is left.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class NodeChannelBadInputTest {

    private static final Deadline NEVER = Deadline.never();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "hello",
                "{\"a\":1}\n",
                "[1,\n2]",
                "{\"cmd\":\"NODE_HANDLE_ACK\"}",
                "\"\ud800\"",
            })
    void what_would_end_or_confuse_node_is_not_sent(String message) throws Exception {
        converse((channel, node) -> {
            assertThatIllegalArgumentException().isThrownBy(() -> channel.send(message));
            try (Descriptor handle = socket()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> channel.send(message, NodeHandle.SOCKET, handle, NEVER));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> channel.send("1", NodeHandle.DATAGRAM_SOCKET, handle, NEVER));
            }
            assertThat(node.tryReceive()).isNull();
        });
    }

    private static void assertMisbehaved(NodeChannel channel, String rule, long at, String excerpt) {
        assertThatExceptionOfType(ChannelClosedException.class)
                .isThrownBy(() -> Objects.requireNonNullElse(channel.receive(), ""))
                .satisfies(ended -> assertThat(ended.closed()).isInstanceOfSatisfying(Closed.Misbehaved.class, how -> {
                    assertThat(how.how()).hasMessageStartingWith(rule);
                    assertThat(how.how().offset()).isEqualTo(at);
                    assertThat(new String(how.how().excerpt(), UTF_8)).isEqualTo(excerpt);
                }));
    }

    @Test
    void garbage_ends_the_channel_at_its_byte() throws Exception {
        converse((channel, node) -> {
            say(node, "{}");
            say(node, "Error: Cannot find module");
            assertThat(receive(channel)).isEqualTo("{}");
            assertMisbehaved(channel, "no JSON value", 3, "Error: Cannot find module");
        });
    }

    @Test
    void an_empty_line_ends_it_as_it_would_node() throws Exception {
        converse((channel, node) -> {
            say(node, "");
            assertMisbehaved(channel, "the end within a JSON value", 0, "");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {ACK, NACK})
    void an_answer_that_no_handle_waits_for_ends_it(String answer) throws Exception {
        converse((channel, node) -> {
            say(node, answer);
            assertMisbehaved(channel, "NODE_HANDLE_", 0, answer);
        });
    }

    @Test
    void a_descriptor_without_a_handle_line_ends_it() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                say(node, "1", handle);
                assertMisbehaved(channel, "a descriptor without NODE_HANDLE", 0, "1");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\"}",
                "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Sock\",\"msg\":1}",
                "{\"cmd\":\"NODE_HANDLE\",\"type\":7,\"msg\":1}",
                "{\"cmd\":\"NODE_HANDLE\",\"msg\":1}"
            })
    void a_handle_line_that_node_would_not_write_ends_it(String line) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                say(node, line, handle);
                assertMisbehaved(channel, "NODE_HANDLE without", 0, line);
            }
        });
    }

    @Test
    void two_descriptors_with_one_handle_line_end_it() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                say(node, FRAME, handle, handle);
                assertMisbehaved(channel, "two descriptors with one NODE_HANDLE", 0, FRAME);
            }
        });
    }

    @Test
    void a_line_over_the_limit_ends_it_before_it_is_kept() throws Exception {
        converse((channel, node) -> {
            channel.limit(100);
            say(node, "\"" + "x".repeat(200) + "\"");
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(channel::receive)
                    .withMessageContaining("(the limit is 100)");
        });
    }
}
