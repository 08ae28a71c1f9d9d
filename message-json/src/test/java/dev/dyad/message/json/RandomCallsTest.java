package dev.dyad.message.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.TestLength;
import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Calls that end in every way at any moment: each ends once, and no answer is taken for that of another.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class RandomCallsTest {

    private static final int CALLS = 500;
    private static final int ROUNDS = TestLength.of(5);

    private static final String ECHO = """
            import json, sys
            for line in sys.stdin:
                asked = json.loads(line)
                print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"][0]}), flush=True)
            """;

    /// @param number what it asks for
    private record Numbered(int number, CompletableFuture<JsonNode> call) {

        /// Returns why it has no result, or `null` where it has its own.
        Why outcome() throws Exception {
            try {
                assertThat(call.get(60, TimeUnit.SECONDS).intValue()).isEqualTo(number);
                return null;
            } catch (CancellationException e) {
                return Why.CANCELLED;
            } catch (ExecutionException e) {
                return ((JsonRpcException) e.getCause()).why();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void no_answer_is_taken_for_that_of_another_call(long seed) throws Exception {
        var random = new Random(seed);
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (JsonRpc asking = JsonRpc.over(MessageChannel.over(pair.left(), Wire.lines()), Cancellation.LSP);
                JsonRpc asked = JsonRpc.over(MessageChannel.over(pair.right(), Wire.lines()), Cancellation.LSP)) {
            asked.onRequest("echo", params -> params.path(0)).listen();
            for (int round = 0; round < CALLS; round += 100) {
                for (Numbered one : hundred(asking, round, random)) {
                    assertThat(one.outcome()).isNotEqualTo(Why.CHANNEL_ENDED).isNotEqualTo(Why.ANSWERED_ERROR);
                }
            }
            assertThat(asking.channel().closed()).isEmpty();
            Await.until(() -> asking.underWay() == 0, Duration.ofSeconds(60));
        }
    }

    private static List<Numbered> hundred(JsonRpc rpc, int first, Random random) {
        List<Numbered> calls = new ArrayList<>();
        for (int i = first; i < first + 100; i++) {
            boolean isHasty = random.nextInt(4) == 0;
            Deadline deadline =
                    isHasty ? Deadline.after(Duration.ofNanos(random.nextInt(2_000_000))) : Deadline.never();
            calls.add(new Numbered(i, rpc.submit("echo", List.of(i), deadline)));
            if (random.nextInt(4) == 0) {
                calls.get(random.nextInt(calls.size())).call().cancel(true);
            }
        }
        return calls;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    void calls_to_a_child_that_is_killed_at_any_moment_each_end(long seed) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Command command = Command.of("python3", "-c", ECHO)
                    .withoutSocket()
                    .stdin(Stdio.pipe())
                    .stdout(Stdio.pipe());
            try (Child child = command.spawn();
                    JsonRpc rpc = JsonRpc.over(MessageChannel.to(child, Wire.lines()))) {
                List<Numbered> calls = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    calls.add(new Numbered(i, rpc.submit("echo", List.of(i), Deadline.never())));
                }
                assertThat(calls.get(random.nextInt(CALLS)).outcome()).isNull();
                child.signal(Signal.KILL);
                for (Numbered one : calls) {
                    assertThat(one.outcome()).isIn(null, Why.CHANNEL_ENDED);
                }
                assertThat(rpc.channel().onClosed().get()).isInstanceOf(Closed.ChildEnded.class);
                assertThat(rpc.underWay()).isZero();
            }
        }
    }
}
