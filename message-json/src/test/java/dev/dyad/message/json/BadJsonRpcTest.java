package dev.dyad.message.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.message.WireException;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a peer may say that is not JSON-RPC: each ends the channel, and says which rule it breaks, at which
/// byte, and what stands there.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class BadJsonRpcTest {

    private static final String FIRST = "{\"jsonrpc\":\"2.0\",\"method\":\"first\"}";

    /// Returns what ends a channel with a call under way, over which first a message came.
    private static WireException wrong(byte[] line) throws Exception {
        try (Talk talk = Talk.open()) {
            CompletableFuture<JsonNode> call = talk.asked("wait");
            talk.say(FIRST);
            talk.peer().send(ByteBuffer.wrap(line), Talk.patience());
            JsonRpcException failed = Talk.failure(call);
            assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(talk.rpc().underWay()).isZero();
            assertThat(failed.closed()).isEqualTo(talk.rpc().channel().closed());
            return ((Closed.Misbehaved) failed.closed().orElseThrow()).how();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Could not open input file: x.php | 0 | JSON that is none (Unrecognized token 'Could'",
                "{`jsonrpc`:`2.0`,} | 17 | JSON that is none (Unexpected character ('}'",
                "{`jsonrpc`:`2.0`,`id`:1 | 22 | JSON that is none (Unexpected end-of-input",
                "{`jsonrpc`:`2.0`,`id`:1,`id`:2,`result`:0} | 28 | JSON that is none (Duplicate Object property",
                "{`jsonrpc`:`2.0`,`id`:1,`result`:0} {} | 36 | JSON that is none (Trailing token",
                "{`jsonrpc`:`2.0`,`id`:1,`result`:1e400} | 0 | JSON beyond a limit (a number beyond those of 64-bit",
                "7 | 0 | JSON that is no object",
                "[{`jsonrpc`:`2.0`,`id`:1,`result`:0}] | 0 | a batch, which is not taken",
                "{`id`:1,`result`:0} | 0 | a message without \"jsonrpc\": \"2.0\"",
                "{`jsonrpc`:2.0,`id`:1,`result`:0} | 0 | a message without \"jsonrpc\": \"2.0\"",
                "{`jsonrpc`:`2.0`} | 0 | a message that is neither a request nor an answer",
                "{`jsonrpc`:`2.0`,`id`:1} | 0 | a message that is neither a request nor an answer",
                "{`jsonrpc`:`2.0`,`id`:1,`method`:`a`,`result`:0} | 0 | a message that is both a request and an answer",
                "{`jsonrpc`:`2.0`,`method`:7} | 0 | a method that is no text",
                "{`jsonrpc`:`2.0`,`method`:`a`,`params`:7} | 0 | parameters that are neither",
                "{`jsonrpc`:`2.0`,`id`:null,`method`:`a`} | 0 | a request whose id is neither text nor an integer",
                "{`jsonrpc`:`2.0`,`id`:1.5,`method`:`a`} | 0 | a request whose id is neither text nor an integer",
                "{`jsonrpc`:`2.0`,`id`:1,`error`:null} | 0 | an answer with neither a result nor an error",
                "{`jsonrpc`:`2.0`,`id`:1,`result`:0,`error`:{`code`:1,`message`:`a`}} | 0 | an answer with both",
                "{`jsonrpc`:`2.0`,`id`:1,`error`:`no`} | 0 | an error without a code and a message",
                "{`jsonrpc`:`2.0`,`id`:1,`error`:{`code`:1.5,`message`:`a`}} | 0 | an error without a code",
                "{`jsonrpc`:`2.0`,`id`:1,`error`:{`code`:1}} | 0 | an error without a code and a message",
                "{`jsonrpc`:`2.0`,`id`:null,`error`:{`code`:-32700,`message`:`Parse error`}} | 0"
                        + " | an error for a message that the peer could not read: Parse error",
                "{`jsonrpc`:`2.0`,`id`:null,`result`:0} | 0 | an answer whose id is none of ours",
                "{`jsonrpc`:`2.0`,`id`:`1`,`result`:0} | 0 | an answer whose id is none of ours",
                "{`jsonrpc`:`2.0`,`id`:99999999999999999999,`result`:0} | 0 | an answer whose id is none of ours",
                "{`jsonrpc`:`2.0`,`id`:2,`result`:0} | 0 | an answer to no request, id 2",
                "{`jsonrpc`:`2.0`,`id`:-1,`result`:0} | 0 | an answer to no request, id -1",
            })
    void what_is_not_json_rpc_ends_the_channel_and_says_where(String said, int at, String rule) throws Exception {
        String line = said == null ? "" : said.replace('`', '"');
        WireException wrong = wrong(line.getBytes(UTF_8));

        assertThat(wrong).hasMessageStartingWith(rule);
        assertThat(wrong.offset()).isEqualTo(FIRST.length() + 1 + at);
        assertThat(line).startsWith(new String(wrong.excerpt(), UTF_8));
        assertThat(wrong.excerpt()).hasSize(Math.min(64, line.length()));
    }

    /// A byte of another encoding, an overlong form, a half of a pair, and what is beyond the last character.
    @ParameterizedTest
    @ValueSource(strings = {"e9", "c080", "c1bf", "e08080", "eda080", "f0808080", "f4908080", "f7bfbfbf", "80", "ff"})
    void text_that_is_not_utf_8_ends_the_channel(String bytes) throws Exception {
        for (String before : List.of("", "z".repeat(9_000) + "\u00e9")) {
            var line = new ByteArrayOutputStream();
            line.writeBytes(("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + before).getBytes(UTF_8));
            int at = line.size();
            line.writeBytes(HexFormat.of().parseHex(bytes));
            line.writeBytes("\"}".getBytes(UTF_8));

            WireException wrong = wrong(line.toByteArray());

            assertThat(wrong).hasMessageStartingWith("JSON that is not UTF-8");
            assertThat(wrong.offset()).isEqualTo(FIRST.length() + 1 + at);
        }
    }

    @Test
    void utf_16_ends_the_channel() throws Exception {
        assertThat(wrong("{}".getBytes(StandardCharsets.UTF_16BE))).hasMessageStartingWith("JSON that is not UTF-8");
    }

    @Test
    void a_blank_line_is_nothing() throws Exception {
        try (Talk talk = Talk.open()) {
            CompletableFuture<JsonNode> call = talk.asked("first");
            talk.say("");
            talk.say(" \t\r");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}");

            assertThat(call.get().intValue()).isEqualTo(7);
        }
    }

    @Test
    void brackets_within_brackets_take_no_stack() throws Exception {
        assertThat(wrong("[".repeat(100_000).getBytes(UTF_8)))
                .hasMessageStartingWith("JSON beyond a limit (Document nesting depth")
                .hasMessageContaining("exceeds the maximum allowed (500");
        assertThat(wrong("{\"a\":".repeat(100_000).getBytes(UTF_8))).hasMessageContaining("nesting depth");
    }

    @Test
    void a_tree_that_takes_more_memory_than_its_bytes_is_refused() throws Exception {
        String values = "[],".repeat(2_100_000);

        assertThat(wrong(("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[" + values + "0]}").getBytes(UTF_8)))
                .hasMessageContaining("Token count")
                .hasMessageEndingWith("[],[],\""); // shown, though it is a long message
    }

    @Test
    void a_second_answer_ends_the_channel() throws Exception {
        for (boolean givenUp : List.of(false, true)) {
            try (Talk talk = Talk.open()) {
                CompletableFuture<JsonNode> call = talk.asked("first");
                CompletableFuture<JsonNode> waiting = talk.asked("second");
                if (givenUp) {
                    call.cancel(true);
                }
                talk.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
                talk.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
                assertThat(Talk.failure(waiting)).hasMessageContaining("a second answer to request 1 at byte 36");
            }
        }
    }

    @Test
    void a_request_under_the_id_of_another_ends_the_channel() throws Exception {
        try (Talk talk = Talk.open()) {
            talk.rpc().onRequest("wait", _ -> new CompletableFuture<>().get());
            CompletableFuture<JsonNode> call = talk.asked("call");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"wait\"}");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"wait\"}");
            assertThat(Talk.failure(call)).hasMessageContaining("a request under the id of one that is not answered");
        }
    }

    @Test
    void a_peer_that_asks_much_at_once_is_refused_some_of_it() throws Exception {
        var go = new CountDownLatch(1);
        try (Talk talk = Talk.open()) {
            talk.rpc()
                    .onRequest("wait", _ -> {
                        go.await();
                        return 1;
                    })
                    .listen();
            for (int i = 1; i <= AnsweredRequests.MOST_AT_ONCE + 1; i++) {
                talk.say("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"wait\"}");
            }
            assertThat(talk.heard()).contains("\"id\":257,\"error\":{\"code\":-32000");
            go.countDown();
            for (int i = 1; i <= AnsweredRequests.MOST_AT_ONCE; i++) {
                assertThat(talk.heard()).contains("\"result\":1");
            }
        }
    }

    @Test
    void requests_that_are_long_are_refused_before_they_are_many() throws Exception {
        String text = "x".repeat(1 << 20);
        var go = new CountDownLatch(1);
        try (Talk talk = Talk.open()) {
            talk.rpc()
                    .onRequest("wait", _ -> {
                        go.await();
                        return 1;
                    })
                    .listen();
            for (int i = 1; i <= 16; i++) {
                talk.say("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"wait\",\"params\":[\"" + text + "\"]}");
            }
            assertThat(talk.heard()).contains("\"id\":16,\"error\":{\"code\":-32000");
            go.countDown();
            for (int i = 1; i <= 15; i++) {
                assertThat(talk.heard()).contains("\"result\":1");
            }
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":17,\"method\":\"wait\"}");
            assertThat(talk.heard()).contains("\"id\":17,\"result\":1");
        }
    }

    @Test
    void an_id_that_is_long_ends_the_channel() throws Exception {
        String id = "x".repeat(1001);

        assertThat(wrong(("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"a\"}").getBytes(UTF_8)))
                .hasMessageStartingWith("a request whose id has more than 1,000 characters");
    }

    @Test
    void a_peer_that_asks_on_and_reads_nothing_ends_the_channel() throws Exception {
        String much = "x".repeat(10_000);
        try (Talk talk = Talk.open()) {
            talk.rpc().onRequest("much", _ -> much).listen();
            try {
                for (int i = 1; i <= 1_000_000; i++) {
                    talk.say("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"much\"}");
                }
            } catch (IOException ended) {
                // as it should
            }
            assertThat(talk.rpc().channel().closed())
                    .contains(new Closed.Here("the peer asks on, and reads no answers"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void a_handler_of_notifications_that_blocks_keeps_a_bounded_number_of_them(int length) throws Exception {
        var go = new CountDownLatch(1);
        String text = "x".repeat(length == 10 ? length : 1 << 20);
        try (Talk talk = Talk.open()) {
            talk.rpc().onNotification("log", _ -> go.await());
            CompletableFuture<JsonNode> call = talk.asked("call");
            try {
                for (int i = 0; i <= 2 * ToldNotifications.MOST_WAITING; i++) {
                    talk.say("{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":[\"" + text + "\"]}");
                }
            } catch (IOException ended) {
                // as it should
            }
            assertThat(Talk.failure(call).closed())
                    .contains(new Closed.Here("the handler of log has fallen too far behind"));
        } finally {
            go.countDown();
        }
    }

    @Test
    void no_answer_at_all_is_a_deadline() throws Exception {
        try (Talk talk = Talk.open()) {
            CompletableFuture<JsonNode> call = talk.rpc().submit("wait", null, Deadline.after(Duration.ofMillis(20)));
            assertThat(Talk.failure(call).why()).isIn(Why.EXPIRED_RUNNING, Why.EXPIRED_WAITING);
        }
    }

    @Test
    void a_program_that_is_no_server_is_shown_each_time() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (Child child = Command.of("sh", "-c", "echo 'Usage: x'")
                            .withoutSocket()
                            .stdin(Stdio.pipe())
                            .stdout(Stdio.pipe())
                            .spawn();
                    JsonRpc rpc = JsonRpc.over(MessageChannel.to(child, Wire.lines()))) {
                assertThatExceptionOfType(JsonRpcException.class)
                        .isThrownBy(() -> rpc.call("initialize", null, Talk.patience()))
                        .withMessageContaining("Usage: x");
            }
        }
    }
}
