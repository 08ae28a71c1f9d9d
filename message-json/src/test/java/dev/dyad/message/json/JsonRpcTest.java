package dev.dyad.message.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Calls in both directions.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class JsonRpcTest {

    private interface Conversation {
        void run(JsonRpc asking, JsonRpc asked) throws Exception;
    }

    private static void converse(Cancellation cancellation, Conversation conversation) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (JsonRpc left = JsonRpc.over(MessageChannel.over(pair.left(), Wire.contentLength()), cancellation);
                JsonRpc right = JsonRpc.over(MessageChannel.over(pair.right(), Wire.contentLength()), cancellation)) {
            conversation.run(left, right);
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(30));
    }

    @Test
    void it_says_over_which_channel_it_calls_and_how_that_has_ended() throws Exception {
        converse(Cancellation.NONE, (asking, _) -> {
            assertThat(asking.toString()).startsWith("JsonRpc[MessageChannel[").endsWith("]]");
            asking.close();
            assertThat(asking.toString()).endsWith("]: closed]");
        });
    }

    @Test
    void what_is_said_is_what_json_rpc_asks_for() throws Exception {
        try (Talk talk = Talk.open()) {
            CompletableFuture<JsonNode> first = talk.rpc().submit("add", List.of(1, 2), Deadline.never());
            assertThat(talk.heard()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[1,2]}");
            talk.say("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": 3, \"error\": null}");
            assertThat(first.get().intValue()).isEqualTo(3);

            talk.rpc().notify("log", Map.of("text", "one\ntwo"), Deadline.never());
            assertThat(talk.heard())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":{\"text\":\"one\\ntwo\"}}");

            talk.rpc().onRequest("name", _ -> "dyad");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"name\",\"params\":null}");
            assertThat(talk.heard()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":\"dyad\"}");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"other\"}");
            assertThat(talk.heard())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32601,"
                            + "\"message\":\"Method not found: other\"}}");
        }
    }

    @Test
    void parameters_that_are_no_object_and_no_array_are_refused_here() throws Exception {
        try (Talk talk = Talk.open()) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> talk.rpc().call("add", 7, Deadline.never()))
                    .withMessageContaining("an object or an array, not NUMBER");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> talk.rpc().notify("add", "seven", Deadline.never()));
            assertThat(talk.rpc().underWay()).isZero();
        }
    }

    @Test
    void answers_come_in_any_order_and_each_to_its_call() throws Exception {
        converse(Cancellation.NONE, (asking, asked) -> {
            var first = new CountDownLatch(1);
            asked.onRequest("slow", _ -> {
                first.await();
                return "slow";
            });
            asked.onRequest("quick", params -> params.path("n")).listen();
            CompletableFuture<JsonNode> slow = asking.submit("slow", null, Deadline.never());
            List<CompletableFuture<JsonNode>> quick = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                quick.add(asking.submit("quick", Map.of("n", i), Deadline.never()));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(quick.get(i).get().intValue()).isEqualTo(i);
            }
            assertThat(asking.underWay()).isOne();
            first.countDown();
            assertThat(slow.get().stringValue()).isEqualTo("slow");
            assertThat(asking.underWay()).isZero();
        });
    }

    @Test
    void an_error_has_its_code_its_message_and_its_data() throws Exception {
        converse(Cancellation.NONE, (asking, asked) -> {
            asked.onRequest("mine", _ -> {
                throw new JsonRpcException(
                        17, "no paper", JsonMessages.objectNode().put("tray", 2));
            });
            asked.onRequest("other", _ -> {
                throw new IllegalStateException("out of ink");
            });
            asked.listen();
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> asking.call("mine", null, Talk.patience()))
                    .withMessage("mine: no paper (17)")
                    .satisfies(e -> {
                        assertThat(e.why()).isEqualTo(Why.ANSWERED_ERROR);
                        assertThat(e.code()).isEqualTo(17);
                        assertThat(e.text()).isEqualTo("no paper");
                        assertThat(e.mayHaveRun()).isTrue();
                        assertThat(e.data().orElseThrow().path("tray").intValue())
                                .isEqualTo(2);
                    });
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> asking.call("other", null, Talk.patience()))
                    .withMessageContaining("out of ink")
                    .withMessageStartingWith("other: ")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(-32603));
        });
    }

    @Test
    void both_sides_call_while_they_are_called() throws Exception {
        converse(Cancellation.NONE, (left, right) -> {
            left.onRequest("workspace/configuration", _ -> List.of("utf-8"));
            right.onRequest(
                            "initialize",
                            _ -> right.call("workspace/configuration", null, Talk.patience())
                                    .path(0))
                    .listen();
            assertThat(left.call("initialize", null, Talk.patience()).stringValue())
                    .isEqualTo("utf-8");
        });
    }

    @ParameterizedTest
    @CsvSource({"LSP, $/cancelRequest, id", "MCP, notifications/cancelled, requestId"})
    void a_call_that_expires_or_is_cancelled_is_told_and_its_answer_is_dropped(
            Cancellation cancellation, String method, String field) throws Exception {
        try (Talk talk = Talk.open(cancellation)) {
            CompletableFuture<JsonNode> late = talk.rpc().submit("slow", null, soon());
            assertThat(talk.heard()).contains("\"id\":1");
            assertThat(Talk.failure(late).why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThat(talk.heard()).contains(method).contains("{\"" + field + "\":1}");

            talk.asked("slow").cancel(true);
            assertThat(talk.heard()).contains("{\"" + field + "\":2}");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32800,\"message\":\"cancelled\"}}");

            CompletableFuture<JsonNode> next = talk.asked("next");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":3}");
            assertThat(next.get().intValue()).isEqualTo(3);
        }
    }

    @Test
    void an_interrupt_ends_one_call_and_not_the_channel() throws Exception {
        try (Talk talk = Talk.open(Cancellation.LSP)) {
            var call = new FutureTask<>(() -> {
                try {
                    throw new AssertionError(talk.rpc().call("slow", null, Deadline.never()));
                } catch (JsonRpcException e) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    return e.why();
                }
            });
            Thread thread = Thread.ofVirtual().start(call);
            assertThat(talk.heard()).contains("slow");
            thread.interrupt();
            assertThat(call.get()).isEqualTo(Why.CANCELLED);
            assertThat(talk.heard()).contains("$/cancelRequest");
            assertThat(talk.rpc().channel().closed()).isEmpty();
        }
    }

    @Test
    void initialize_is_never_cancelled_with_mcp_and_nothing_is_by_default() throws Exception {
        for (Talk open : List.of(Talk.open(Cancellation.MCP), Talk.open())) {
            try (Talk talk = open) {
                talk.asked("initialize").cancel(true);
                talk.rpc().notify("next", null, Deadline.never());
                assertThat(talk.heard()).contains("\"next\"");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"LSP, 1", "MCP, 0"})
    void a_request_that_the_peer_cancels_is_interrupted(Cancellation cancellation, int answers) throws Exception {
        var begun = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        try (Talk talk = Talk.open(cancellation)) {
            talk.rpc().onRequest("slow", _ -> {
                begun.countDown();
                try {
                    return new CompletableFuture<>().get();
                } catch (InterruptedException e) {
                    cancelled.countDown();
                    throw e;
                }
            });
            talk.rpc().onRequest("next", _ -> 1).listen();
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"slow\"}");
            begun.await();
            String told = cancellation == Cancellation.LSP
                    ? "\"$/cancelRequest\",\"params\":{\"id\":5}"
                    : "\"notifications/cancelled\",\"params\":{\"requestId\":5}";
            talk.say("{\"jsonrpc\":\"2.0\",\"method\":" + told + "}");
            cancelled.await();
            if (answers == 1) {
                assertThat(talk.heard()).contains("\"id\":5").contains("-32800");
            }
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"next\"}");
            assertThat(talk.heard()).contains("\"id\":6");
        }
    }

    @Test
    void notifications_of_a_method_are_taken_in_their_order() throws Exception {
        converse(Cancellation.NONE, (telling, told) -> {
            List<Integer> heard = new ArrayList<>();
            var all = new CompletableFuture<Boolean>();
            told.onNotification("log", params -> {
                        heard.add(params.path(0).intValue());
                        if (heard.size() == 1000) {
                            all.complete(true);
                        }
                    })
                    .listen();
            for (int i = 0; i < 1000; i++) {
                telling.notify("log", List.of(i), Deadline.never());
                telling.notify("unknown", null, Deadline.never());
            }
            assertThat(all.get()).isTrue();
            assertThat(heard).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void handlers_that_block_stop_neither_the_reader_nor_each_other() throws Exception {
        converse(Cancellation.NONE, (left, right) -> {
            var go = new CountDownLatch(1);
            right.onNotification("stuck", _ -> go.await());
            var heard = new CompletableFuture<Boolean>();
            right.onNotification("log", _ -> heard.complete(true));
            right.onRequest("stuck", _ -> {
                go.await();
                return 1;
            });
            right.onRequest("name", _ -> "right").listen();
            left.notify("stuck", null, Deadline.never());
            CompletableFuture<JsonNode> stuck = left.submit("stuck", null, Deadline.never());
            left.notify("log", null, Deadline.never());
            assertThat(heard.get()).isTrue();
            assertThat(left.call("name", null, Talk.patience()).stringValue()).isEqualTo("right");
            go.countDown();
            assertThat(stuck.get().intValue()).isOne();
        });
    }

    @Test
    void what_hangs_on_a_future_may_block_and_others_go_on() throws Exception {
        try (Talk talk = Talk.open()) {
            var go = new CountDownLatch(1);
            Future<?> blocked = talk.asked("first").thenAccept(_ -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            CompletableFuture<JsonNode> second = talk.asked("second");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
            talk.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}");
            assertThat(second.get().intValue()).isEqualTo(2);
            go.countDown();
            blocked.get();
        }
    }

    @Test
    void a_notification_handler_that_throws_takes_the_next_one() throws Exception {
        converse(Cancellation.NONE, (telling, told) -> {
            var thrown = new CompletableFuture<Throwable>();
            var next = new CompletableFuture<JsonNode>();
            Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
            Thread.setDefaultUncaughtExceptionHandler((_, e) -> thrown.complete(e));
            try {
                told.onNotification("log", params -> {
                            if (params.isNull()) {
                                throw new IllegalStateException("no text");
                            }
                            next.complete(params);
                        })
                        .listen();
                telling.notify("log", null, Deadline.never());
                telling.notify("log", List.of(2), Deadline.never());
                assertThat(thrown.get()).hasMessage("no text");
                assertThat(next.get().path(0).intValue()).isEqualTo(2);
            } finally {
                Thread.setDefaultUncaughtExceptionHandler(before);
            }
        });
    }

    @Test
    void a_child_that_is_killed_fails_all_calls_at_once_with_its_exit_and_last_lines() throws Exception {
        Command command = Command.of("sh", "-c", "read line; echo 'out of paper' >&2; read next; exec sleep 100")
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(5));
        try (Child child = command.spawn();
                JsonRpc rpc = JsonRpc.over(MessageChannel.to(child, Wire.lines()))) {
            List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(rpc.submit("wait", null, Deadline.never()));
            }
            Await.until(() -> child.lastLines().contains("out of paper"), Duration.ofSeconds(30));
            child.signal(Signal.KILL);
            for (CompletableFuture<JsonNode> call : calls) {
                JsonRpcException failed = Talk.failure(call.orTimeout(30, TimeUnit.SECONDS));
                assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
                assertThat(failed.mayHaveRun()).isTrue();
                assertThat(failed.closed())
                        .contains(new Closed.ChildEnded(new Exit.Signaled(9, false), false, List.of("out of paper")));
            }
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> rpc.call("again", null, Deadline.never()))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
            assertThat(rpc.underWay()).isZero();
        }
    }

    @Test
    void a_call_whose_deadline_has_passed_is_not_sent() throws Exception {
        converse(Cancellation.NONE, (asking, asked) -> {
            var called = new CountDownLatch(1);
            asked.onRequest("count", _ -> {
                        called.countDown();
                        return 1;
                    })
                    .onRequest("another", _ -> 2)
                    .listen();

            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> asking.call("count", null, Deadline.after(Duration.ZERO)))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_WAITING))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());

            assertThat(asking.call("another", null, Deadline.never()).asInt()).isEqualTo(2);
            assertThat(called.getCount()).isOne();
        });
    }

    @Test
    void a_deadline_that_is_moved_ends_a_call_that_waits() throws Exception {
        try (Talk talk = Talk.open()) {
            var deadline = new MovableDeadline(Deadline.never());
            CompletableFuture<JsonNode> submitted = talk.rpc().submit("submitted", null, deadline);
            assertThat(talk.heard()).contains("submitted");
            var called = new FutureTask<>(() -> talk.rpc().call("called", null, deadline));
            Thread.startVirtualThread(called);
            assertThat(talk.heard()).contains("called");
            deadline.expire();
            assertThat(Talk.failure(submitted).why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(called::get)
                    .withCauseInstanceOf(JsonRpcException.class);
        }
    }

    @Test
    void close_ends_calls_and_interrupts_handlers() throws Exception {
        converse(Cancellation.NONE, (asking, asked) -> {
            var begun = new CountDownLatch(1);
            var interrupted = new CompletableFuture<Boolean>();
            asked.onRequest("wait", _ -> {
                        begun.countDown();
                        try {
                            return new CompletableFuture<>().get();
                        } catch (InterruptedException e) {
                            interrupted.complete(true);
                            throw e;
                        }
                    })
                    .listen();
            CompletableFuture<JsonNode> call = asking.submit("wait", null, Deadline.never());
            begun.await();
            asking.close();
            assertThat(Talk.failure(call).closed()).contains(new Closed.Here("closed"));
            assertThat(interrupted.get()).isTrue();
        });
    }
}
