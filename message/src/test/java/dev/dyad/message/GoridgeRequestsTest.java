package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.harness.Seeds;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests.Payload;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// goridge's exchange with a worker whose every byte is written here.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class GoridgeRequestsTest {

    private static final String PID = "{\"pid\":17}";

    private SocketPair<StreamSocket> pair;
    private Requests requests;
    private Thread worker = Thread.ofVirtual().unstarted(() -> {});
    private final List<GoridgeFrame> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        pair = SocketPair.stream();
        requests = Requests.over(MessageChannel.over(pair.left(), Wire.goridge()), Exchange.GORIDGE);
    }

    @AfterEach
    void close() throws Exception {
        requests.close();
        if (worker.getState() != Thread.State.NEW) {
            worker.join();
        }
        pair.close();
    }

    private static ByteBuffer frame(int flags, int streamBits, int context, String body) {
        var frame = ByteBuffer.allocate(64 + body.length());
        GoridgeWire.writeHead((byte) flags, (byte) streamBits, context, body.length(), frame);
        return frame.put(body.getBytes(UTF_8)).flip();
    }

    private void say(ByteBuffer... frames) throws IOException {
        for (ByteBuffer frame : frames) {
            pair.right().write(frame);
        }
    }

    private static ByteBuffer pid() {
        return frame(GoridgeWire.CONTROL | GoridgeWire.JSON, 0, -1, PID);
    }

    private static List<ByteBuffer> says(ByteBuffer... frames) {
        return List.of(frames);
    }

    /// What the worker does.
    private interface Role {
        void play() throws IOException;
    }

    private void worker(Role role) {
        worker = Thread.startVirtualThread(() -> {
            try {
                role.play();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Has the worker say something after each frame that it hears, the first of which tells our process id.
    @SafeVarargs
    private void worker(List<ByteBuffer>... said) {
        worker(() -> {
            heard.add(heard());
            say(pid());
            for (List<ByteBuffer> each : said) {
                heard.add(heard());
                say(together(each));
            }
        });
    }

    /// Returns frames one behind the other, so that all of them are there once the first one is.
    private static ByteBuffer together(List<ByteBuffer> frames) {
        ByteBuffer all = ByteBuffer.allocate(
                frames.stream().mapToInt(ByteBuffer::remaining).sum());
        frames.forEach(frame -> all.put(frame.duplicate()));
        return all.flip();
    }

    private static ByteBuffer answer(String body) {
        return frame(GoridgeWire.RAW, 0, -1, body);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    /// Reads what the worker is sent: the whole of a frame.
    private GoridgeFrame heard() throws IOException {
        var head = ByteBuffer.allocate(12);
        while (head.hasRemaining()) {
            assertThat(pair.right().read(head)).isPositive();
        }
        int options = (head.get(0) & 0x0f) - 3;
        int rest = 4 * options + GoridgeWire.littleEndian(head.flip(), 2);
        var whole = ByteBuffer.allocate(12 + rest).put(head);
        while (whole.hasRemaining()) {
            assertThat(pair.right().read(whole)).isPositive();
        }
        return GoridgeFrame.of(whole.flip());
    }

    private String text(int index) {
        return heard.get(index).text();
    }

    private String call(String request) throws RequestFailedException {
        return text(requests.call(UTF_8.encode(request), soon()));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    @Test
    void one_may_wait_only_for_the_workers_process_id() throws Exception {
        worker(says(answer("A")));

        requests.awaitIntroduction(soon());
        assertThat(heard).hasSize(1);

        assertThat(call("a")).isEqualTo("A");
        assertThat(heard).hasSize(2);
    }

    @Test
    void to_wait_for_the_workers_process_id_has_a_deadline() {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.awaitIntroduction(Deadline.after(Duration.ofMillis(10))))
                .satisfies(late -> assertThat(late.why()).isEqualTo(Why.EXPIRED_WAITING));
    }

    @Test
    void it_tells_its_process_id_before_the_first_request_and_waits_for_the_workers() throws Exception {
        worker(says(answer("HELLO")), says(answer("AGAIN")));

        assertThat(call("hello")).isEqualTo("HELLO");
        assertThat(call("again")).isEqualTo("AGAIN");
        assertThat(heard.getFirst().isControl()).isTrue();
        assertThat(text(0)).isEqualTo("{\"pid\":" + ProcessHandle.current().pid() + "}");
        assertThat(text(1)).isEqualTo("hello");
        assertThat(text(2)).isEqualTo("again");
    }

    @Test
    void a_request_and_an_answer_have_contexts() throws Exception {
        worker(says(frame(GoridgeWire.RAW, 0, 3, "ctxbody")));

        Payload answer = requests.call(new Payload(UTF_8.encode("head"), UTF_8.encode("rest")), soon());

        assertThat(text(answer.context())).isEqualTo("ctx");
        assertThat(text(answer.body())).isEqualTo("body");
        Payload asked = heard.get(1).payload();
        assertThat(text(asked.context())).isEqualTo("head");
        assertThat(text(asked.body())).isEqualTo("rest");
    }

    @Test
    void an_error_fails_its_request_and_the_worker_is_asked_again() throws Exception {
        worker(says(frame(GoridgeWire.ERROR, 0, -1, "no such user")), says(answer("fine")));

        RequestFailedException failed = failure("who");

        assertThat(failed.why()).isEqualTo(Why.ANSWERED_ERROR);
        assertThat(failed).hasMessageContaining("no such user");
        assertThat(call("again")).isEqualTo("fine");
    }

    private RequestFailedException failure(String request) {
        try {
            requests.call(UTF_8.encode(request), soon());
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer to " + request);
    }

    @Test
    void a_worker_that_asks_to_be_replaced_has_not_run_the_request() {
        worker(says(frame(GoridgeWire.RAW, 0, 13, "{\"stop\":true}")));

        RequestFailedException failed = failure("one too many");

        assertThat(failed.mayHaveRun()).isFalse();
        assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
        assertThat(failed.closed()).hasValue(new Closed.AskedToStop());
        assertThat(failed).hasMessageContaining("replaced");
    }

    @Test
    void a_worker_that_asks_to_be_replaced_after_an_answer_is_asked_nothing_more() throws Exception {
        worker(says(answer("fine"), frame(GoridgeWire.RAW, 0, 13, "{\"stop\":true}")));
        assertThat(call("who")).isEqualTo("fine");

        RequestFailedException failed = failure("one too many");

        assertThat(failed.mayHaveRun()).isFalse();
        assertThat(failed.closed()).hasValue(new Closed.AskedToStop());
    }

    private static ByteBuffer part(String body) {
        return frame(GoridgeWire.RAW, GoridgeWire.STREAM, -1, body);
    }

    @Test
    void parts_come_one_after_the_other_and_then_the_next_request() throws Exception {
        worker(says(part("one"), part("two"), answer("")), says(answer("fine")));

        try (Requests.Parts parts = requests.stream(UTF_8.encode("count"), soon())) {
            assertThat(text(parts.next())).isEqualTo("one");
            assertThat(text(parts.next())).isEqualTo("two");
            assertThat(parts.next()).isNull();
            assertThat(parts.next()).isNull();
        }
        assertThat(call("again")).isEqualTo("fine");
    }

    @Test
    void parts_that_nobody_wants_are_stopped_and_never_taken_for_an_answer() throws Exception {
        worker(says(part("one")), says(part("two"), answer("")), says(answer("fine")));
        try (Requests.Parts parts = requests.stream(UTF_8.encode("count"), soon())) {
            assertThat(text(parts.next())).isEqualTo("one");
        }

        assertThat(call("again")).isEqualTo("fine");
        assertThat(text(1)).isEqualTo("count");
        assertThat(heard.get(2).streamBits()).isEqualTo((byte) (GoridgeWire.STREAM | GoridgeWire.STOP));
        assertThat(requests.underWay()).isZero();
    }

    @Test
    void parts_that_were_not_asked_for_fail_the_request_and_are_dropped() throws Exception {
        worker(says(part("one")), says(answer("two")), says(answer("fine")));

        assertThat(failure("who")).hasMessageContaining("stream");
        assertThat(call("again")).isEqualTo("fine");
    }

    static List<ByteBuffer> noAnswers() {
        return List.of(
                frame(GoridgeWire.RAW, GoridgeWire.STOP, -1, ""),
                frame(GoridgeWire.RAW, GoridgeWire.STOP | GoridgeWire.STREAM, 0, "one"),
                frame(GoridgeWire.CONTROL | GoridgeWire.JSON, 0, -1, PID),
                frame(GoridgeWire.CONTROL, 0, 0, "{\"stop\":true}"));
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void a_frame_that_is_no_answer_ends_the_channel_and_what_follows_is_for_nobody(ByteBuffer frame) throws Exception {
        worker(() -> {
            heard.add(heard());
            say(pid());
            heard.add(heard());
            say(frame.duplicate());
        });

        RequestFailedException failed = failure("first");
        assertThat(failed.closed().orElseThrow()).isInstanceOf(Closed.Misbehaved.class);
        assertThat(failed.mayHaveRun()).isTrue();
        worker.join();
        assertThat(failure("second").mayHaveRun()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void one_that_comes_late_is_not_taken_for_the_late_answer(ByteBuffer frame) throws Exception {
        worker(says());
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.call(UTF_8.encode("slow"), Deadline.after(Duration.ofMillis(200))))
                .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING));
        worker.join();
        say(frame.duplicate());

        RequestFailedException failed = failure("again");
        assertThat(failed.closed().orElseThrow()).isInstanceOf(Closed.Misbehaved.class);
        assertThat(failed.mayHaveRun()).isFalse();
    }

    @Test
    void a_worker_that_asks_to_be_replaced_after_parts_of_an_answer_may_have_run() throws Exception {
        worker(says(part("one"), frame(GoridgeWire.RAW, 0, 13, "{\"stop\":true}")));

        try (Requests.Parts parts = requests.stream(UTF_8.encode("count"), soon())) {
            assertThat(text(parts.next())).isEqualTo("one");
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(parts::next)
                    .matches(RequestFailedException::mayHaveRun)
                    .withMessageContaining("replaced");
        }
    }

    @Test
    void a_part_and_an_answer_that_are_pings_too_are_handed_out() throws Exception {
        int ping = GoridgeWire.PING;
        worker(
                says(frame(0, GoridgeWire.STREAM | ping, 0, "one"), frame(0, ping, 0, "")),
                says(),
                says(),
                says(frame(0, ping, 0, "fine")));

        try (Requests.Parts parts = requests.stream(UTF_8.encode("count"), soon())) {
            assertThat(text(parts.next())).isEqualTo("one");
            assertThat(parts.next()).isNull();
        }
        assertThat(call("who")).isEqualTo("fine");
        assertThat(heard.get(2).streamBits()).isEqualTo(GoridgeWire.PONG);
        assertThat(heard.get(3).streamBits()).isEqualTo(GoridgeWire.PONG);
    }

    @Test
    void a_ping_is_answered() throws Exception {
        worker(says(frame(0, GoridgeWire.PING, -1, "")), says(answer("fine")));

        assertThat(call("who")).isEqualTo("fine");
        assertThat(heard.get(2).streamBits()).isEqualTo(GoridgeWire.PONG);
    }

    @Test
    void a_ping_between_two_requests_is_answered() throws Exception {
        worker(says(answer("fine"), frame(0, GoridgeWire.PING, -1, "")), says(), says(answer("again")));

        assertThat(call("who")).isEqualTo("fine");
        assertThat(call("who else")).isEqualTo("again");
        assertThat(heard.get(2).streamBits()).isEqualTo(GoridgeWire.PONG);
        assertThat(text(3)).isEqualTo("who else");
    }

    @Test
    void an_answer_that_comes_after_its_deadline_is_dropped() throws Exception {
        worker(says());
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.call(UTF_8.encode("slow"), Deadline.after(Duration.ofMillis(200))))
                .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING));
        worker.join();
        say(answer("late"));
        worker(() -> {
            heard.add(heard());
            say(answer("fine"));
        });

        assertThat(call("again")).isEqualTo("fine");
    }

    @Test
    void a_worker_that_is_slow_to_introduce_itself_is_waited_for_by_the_next() throws Exception {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.call(UTF_8.encode("slow"), Deadline.after(Duration.ofMillis(50))))
                .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_WAITING))
                .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
        worker(says(answer("fine")));

        assertThat(call("again")).isEqualTo("fine");
        assertThat(text(1)).isEqualTo("again");
    }

    @Test
    void one_that_introduces_itself_before_the_next_request_is_known() throws Exception {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.call(UTF_8.encode("slow"), Deadline.after(Duration.ofMillis(50))));
        heard.add(heard());
        say(pid());
        worker(() -> {
            heard.add(heard());
            say(answer("fine"));
        });

        assertThat(call("again")).isEqualTo("fine");
    }

    @Test
    void what_a_program_prints_by_mistake_is_shown() throws Exception {
        pair.right().write(UTF_8.encode("Could not open input file: worker.php\n"));

        RequestFailedException failed = failure("hello");

        assertThat(failed.mayHaveRun()).isFalse();
        assertThat(failed)
                .hasMessageContaining("at byte 0: \"Could not open input file: worker.php\\n\"")
                .hasMessageContaining("goridge");
    }

    @Test
    void something_else_than_a_process_id_is_refused() {
        worker(() -> {
            heard.add(heard());
            say(frame(GoridgeWire.CONTROL, 0, -1, "{\"pid\":\"none\"}"));
        });

        assertThat(failure("hello").closed().orElseThrow()).isInstanceOf(Closed.Misbehaved.class);
    }

    @Test
    void one_that_asks_to_be_replaced_before_it_has_introduced_itself_is_believed() {
        worker(() -> {
            heard.add(heard());
            say(frame(GoridgeWire.RAW, 0, 13, "{\"stop\":true}"));
        });

        RequestFailedException failed = failure("hello");

        assertThat(failed.closed()).hasValue(new Closed.AskedToStop());
        assertThat(failed.mayHaveRun()).isFalse();
    }

    @Test
    void a_context_that_is_longer_than_its_frame_is_refused() {
        worker(says(frame(GoridgeWire.RAW, 0, 100, "short")));

        assertThat(failure("hello")).hasMessageContaining("a context of 100 bytes in a frame of 5");
    }

    @Test
    void a_close_tells_the_worker_to_stop() throws Exception {
        requests.close();

        assertThat(heard().text()).isEqualTo("{\"stop\":true}");
        assertThat(pair.right().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void another_wire_is_refused() throws Exception {
        try (MessageChannel lines = MessageChannel.over(pair.right(), Wire.lines())) {
            assertThatIllegalArgumentException().isThrownBy(() -> Requests.over(lines, Exchange.GORIDGE));
        }
    }

    static LongStream seeds() {
        return Seeds.fresh();
    }

    /// Whatever the other side says, each request ends, and what it is told is an answer or a reason.
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_comes_each_request_ends(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            try (SocketPair<StreamSocket> ends = SocketPair.stream();
                    Requests asked =
                            Requests.over(MessageChannel.over(ends.left(), Wire.goridge()), Exchange.GORIDGE)) {
                ends.right().write(ByteBuffer.wrap(noise(random)));
                ends.right().shutdownOutput();
                for (int n = 0; n < 3; n++) {
                    try {
                        assertThat(asked.call(UTF_8.encode("hello"), soon())).isNotNull();
                    } catch (RequestFailedException e) {
                        assertThat(e.why()).isIn(Why.CHANNEL_ENDED, Why.ANSWERED_ERROR);
                    }
                }
            }
        }
    }

    /// 5,000 for each of the seeds: 100,000 in CI, and a million in a long run.
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_a_frame_says_it_is_taken_apart_or_refused(long seed) {
        var random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = noise(random);
            try {
                if (GoridgeWire.INSTANCE.headSize(ByteBuffer.wrap(bytes)) > bytes.length) {
                    continue; // the channel would wait for more
                }
                GoridgeFrame frame = GoridgeFrame.of(ByteBuffer.wrap(bytes));
                Payload payload = frame.payload();
                assertThat(payload.context().remaining() + payload.body().remaining())
                        .isEqualTo(frame.body().remaining());
                taken++;
            } catch (WireException refused) {
                assertThat(refused.offset()).isLessThanOrEqualTo(GoridgeWire.OPTIONS);
            }
        }
        assertThat(taken).isPositive();
    }

    private static byte[] noise(Random random) {
        var all = ByteBuffer.allocate(4000);
        if (random.nextInt(4) > 0) {
            all.put(frame(GoridgeWire.CONTROL | GoridgeWire.JSON, 0, -1, PID));
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            String body = "x".repeat(random.nextInt(30));
            int context = random.nextInt(3) == 0 ? random.nextInt(40) - 1 : -1;
            all.put(frame(random.nextInt(256), random.nextInt(16), context, body));
        }
        byte[] bytes = new byte[all.position() - random.nextInt(3)];
        all.flip().get(bytes);
        for (int wrong = random.nextInt(3); wrong > 0; wrong--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void an_answer_that_is_still_to_be_read_when_it_is_known_comes_whole() throws Exception {
        String large = "x".repeat(3 << 20);
        worker(says(answer(large)), says(frame(0, GoridgeWire.STREAM, 0, large), answer("")));

        assertThat(call("a")).isEqualTo(large);
        try (Requests.Parts parts = requests.stream(UTF_8.encode("b"), soon())) {
            assertThat(text(parts.next())).isEqualTo(large);
            assertThat(parts.next()).isNull();
        }
    }

    @Test
    void what_is_left_of_a_long_answer_that_is_late_is_no_answer_to_the_next_request() throws Exception {
        ByteBuffer large = answer("x".repeat(3 << 20));
        var deadline = new MovableDeadline(soon());
        worker(() -> {
            heard.add(heard());
            say(pid());
            heard.add(heard());
            say(large.slice(0, 2 << 20));
            deadline.expire();
            heard.add(heard()); // of who has given up on the first one
            say(large.slice(2 << 20, large.limit() - (2 << 20)), answer("second"));
        });

        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> requests.call(UTF_8.encode("a"), deadline))
                .matches(late -> late.why() == Why.EXPIRED_RUNNING);
        assertThat(call("b")).isEqualTo("second");
    }

    @Test
    void frames_that_name_no_codec_are_taken_as_those_of_roadrunners_library_do() throws Exception {
        worker(() -> {
            heard.add(heard());
            say(frame(GoridgeWire.CONTROL, 0, -1, PID));
            heard.add(heard());
            say(frame(0, 0, 0, "first"));
            heard.add(heard());
            say(frame(GoridgeWire.ERROR, 0, -1, "it failed"));
        });

        assertThat(call("a")).isEqualTo("first");
        assertThat(failure("b")).hasMessageContaining("it failed");
    }
}
