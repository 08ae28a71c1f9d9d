package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One request at a time, whose answer is the next message.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class RequestsInTurnTest {

    private static final Thread.Builder THREADS = Thread.ofVirtual();

    private static ByteBuffer upper(Requests.Request request) {
        return UTF_8.encode(UTF_8.decode(request.body()).toString().toUpperCase(java.util.Locale.ROOT));
    }

    private static String ask(Requests requests, String request) throws IOException {
        return UTF_8.decode(requests.call(UTF_8.encode(request))).toString();
    }

    /// Runs a test with what asks, and the channel that is asked.
    private interface Conversation {
        void run(Requests asking, MessageChannel asked) throws Exception;
    }

    private static void converse(Conversation conversation) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                MessageChannel asked = MessageChannel.over(pair.right(), Wire.framed())) {
            conversation.run(asking, asked);
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(30));
    }

    @Test
    void a_request_has_the_next_message_as_its_answer() throws Exception {
        converse((asking, asked) -> {
            Requests answering = Requests.over(asked).handler(1, RequestsInTurnTest::upper);
            assertThat(ask(asking, "hello")).isEqualTo("HELLO");
            assertThat(ask(asking, "")).isEmpty();
            assertThat(asking.underWay()).isZero();
            answering.close();
        });
    }

    @Test
    void one_behind_a_request_whose_channel_has_broken_is_told_that_and_not_that_it_is_late() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (StreamSocket asked = pair.right();
                Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()))) {
            Call<ByteBuffer> first = Call.waiting(
                    THREADS.factory(),
                    () -> pair.left().waiters() > 0,
                    () -> asking.call(ByteBuffer.allocate(900_000), Deadline.never()));
            asked.shutdownInput();
            Closed _ = asking.channel().onClosed().join();

            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("behind it"), soon()))
                    .matches(failed -> failed.why() == Why.CHANNEL_ENDED && !failed.mayHaveRun());
            assertThatExceptionOfType(RequestFailedException.class).isThrownBy(first::get);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 900_000})
    void an_answer_that_came_before_its_request_was_read_is_taken_though_nobody_is_left(int length) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        pair.left().setOption(StandardSocketOptions.SO_SNDBUF, 1 << 13);
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()))) {
            Call<ByteBuffer> call =
                    Call.start(THREADS.factory(), () -> asking.call(ByteBuffer.allocate(length), Deadline.never()));
            try (StreamSocket asked = pair.right()) {
                int _ = asked.read(ByteBuffer.allocate(1_000), Deadline.never());
                asked.write(ByteBuffer.wrap(ChannelContract.frame((byte) 7)), Deadline.never());
            }

            assertThat(call.get()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "another"))
                    .matches(e -> e.why() == Why.CHANNEL_ENDED && !e.mayHaveRun());
        }
    }

    @Test
    void many_threads_ask_and_each_gets_its_own_answer() throws Exception {
        converse((asking, asked) -> {
            Requests answering = Requests.over(asked).handler(1, RequestsInTurnTest::upper);
            List<Call<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String word = "word" + i;
                calls.add(Call.start(THREADS.factory(), () -> {
                    for (int k = 0; k < 20; k++) {
                        assertThat(ask(asking, word)).isEqualTo(word.toUpperCase(java.util.Locale.ROOT));
                    }
                    return null;
                }));
            }
            for (Call<Void> call : calls) {
                call.get();
            }
            answering.close();
        });
    }

    @Test
    void an_answer_that_comes_too_late_is_not_taken_for_the_next_one() throws Exception {
        converse((asking, asked) -> {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("slow"), soon()))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isTrue());
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("behind"), soon()))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_WAITING))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
            var next = Call.start(THREADS.factory(), () -> ask(asking, "quick"));

            assertThat(ChannelContract.receive(asked)).asString().isEqualTo("slow");
            asked.send(UTF_8.encode("late"));
            assertThat(ChannelContract.receive(asked)).asString().isEqualTo("quick");
            asked.send(UTF_8.encode("in time"));

            assertThat(next.get()).isEqualTo("in time");
        });
    }

    @Test
    void an_interrupt_ends_one_request_only() throws Exception {
        converse((asking, asked) -> {
            var asks = Call.start(THREADS.factory(), () -> asking.call(UTF_8.encode("interrupted")));
            assertThat(ChannelContract.receive(asked)).asString().isEqualTo("interrupted");
            asks.interrupt();
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(asks::get)
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.CANCELLED));
            var future = asking.submit(UTF_8.encode("next"), Deadline.never());
            asked.send(UTF_8.encode("dropped"));
            assertThat(ChannelContract.receive(asked)).asString().isEqualTo("next");
            asked.send(UTF_8.encode("answer"));
            assertThat(UTF_8.decode(future.get()).toString()).isEqualTo("answer");
        });
    }

    @Test
    void a_message_that_nobody_asked_for_is_no_answer() throws Exception {
        converse((asking, asked) -> {
            asked.send(UTF_8.encode("pid 17"));
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "hello"))
                    .withMessageContaining("an answer that nobody has asked for at byte 4: \"pid 17\"")
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
            assertThat(asking.channel().closed()).containsInstanceOf(Closed.Misbehaved.class);
        });
    }

    /// Sends a frame twice by one call, so that both are read at once.
    private static void answerTwice(StreamSocket end, String answer) throws IOException {
        byte[] bytes = answer.getBytes(UTF_8);
        ByteBuffer both = ByteBuffer.allocate(2 * (4 + bytes.length));
        both.putInt(bytes.length).put(bytes).putInt(bytes.length).put(bytes);
        end.write(both.flip());
    }

    @Test
    void a_second_answer_that_came_with_the_first_is_seen_however_soon_one_asks_again() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        long never = Long.MAX_VALUE;
        try (Requests asking = new RequestsInTurn(MessageChannel.over(pair.left(), Wire.framed()), never);
                StreamSocket asked = pair.right()) {
            CompletableFuture<ByteBuffer> first = asking.submit(UTF_8.encode("first"), Deadline.never());
            assertThat(asked.read(ByteBuffer.allocate(4 + "first".length()))).isEqualTo(4 + "first".length());
            answerTwice(asked, "one");
            assertThat(UTF_8.decode(first.get()).toString()).isEqualTo("one");
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "second"))
                    .withMessageContaining("an answer that nobody has asked for");
        }
    }

    @Test
    void a_drain_refuses_what_is_new_and_waits_for_what_is_under_way() throws Exception {
        converse((asking, asked) -> {
            var asks = Call.start(THREADS.factory(), () -> ask(asking, "last"));
            assertThat(ChannelContract.receive(asked)).asString().isEqualTo("last");
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> asking.drain(soon()));
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "new"))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.REFUSED));
            asked.send(UTF_8.encode("answer"));
            assertThat(asks.get()).isEqualTo("answer");
            asking.drain(Deadline.never());
        });
    }

    @Test
    void a_handler_that_throws_ends_the_channel_and_says_why() throws Exception {
        converse((asking, asked) -> {
            Requests answering = Requests.over(asked).handler(1, _ -> {
                throw new IllegalStateException("no");
            });
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "hello"))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isTrue());
            assertThat(asked.onClosed().get())
                    .isEqualTo(new Closed.Here("the handler has failed: java.lang.IllegalStateException: no"));
            answering.close();
        });
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void a_request_whose_deadline_has_passed_is_not_sent(Exchange exchange) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests requests = Requests.over(MessageChannel.over(pair.left(), Wire.framed()), exchange);
                MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> requests.call(UTF_8.encode("late"), Deadline.after(Duration.ZERO)))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_WAITING))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());

            assertThat(peer.tryReceive()).isNull();
            assertThat(requests.underWay()).isZero();
        }
    }

    @Test
    void a_drain_waits_for_all_that_was_submitted_before() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests requests = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                Requests peer = Requests.over(MessageChannel.over(pair.right(), Wire.framed()))) {
            peer.handler(1, Requests.Request::body);
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    answers.add(requests.submit(UTF_8.encode("x"), Deadline.never()));
                }
                if (round == 19) {
                    requests.drain(Deadline.never());
                    assertThat(requests.underWay()).isZero();
                }
                for (CompletableFuture<ByteBuffer> answer : answers) {
                    assertThat(answer.get().remaining()).isOne();
                }
            }
        }
    }

    @Test
    void a_deadline_that_is_null_hands_out_no_second_turn() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests requests = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                Requests peer = Requests.over(MessageChannel.over(pair.right(), Wire.framed()))) {
            peer.handler(1, Requests.Request::body);
            assertThatNullPointerException().isThrownBy(() -> requests.call(UTF_8.encode("x"), null));
            assertThatNullPointerException().isThrownBy(() -> requests.submit(UTF_8.encode("x"), null));
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(requests.submit(UTF_8.encode("m" + i), Deadline.never()));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(UTF_8.decode(answers.get(i).get()).toString()).isEqualTo("m" + i);
            }
        }
    }

    @Test
    void a_child_that_dies_fails_its_request_with_its_exit_and_its_last_lines() throws Exception {
        Command command = Command.of("sh", "-c", "head -c 9 <&3 >&2; echo ' was too much' >&2; exit 3")
                .stderr(Stdio.lastLines(10));
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(requests, "hello"))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.CHANNEL_ENDED))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isTrue())
                    .satisfies(e -> assertThat(e.closed()).hasValueSatisfying(how -> {
                        assertThat(((Closed.ChildEnded) how).exit()).isEqualTo(new Exit.Exited(3));
                        assertThat(((Closed.ChildEnded) how).lastLines())
                                .anyMatch(line -> line.contains("was too much"));
                    }));
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(requests, "again"))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
        }
    }

    @Test
    void a_child_answers_over_its_standard_streams() throws Exception {
        Command command =
                Command.of("cat").stdin(Stdio.pipe()).stdout(Stdio.pipe()).withoutSocket();
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            assertThat(ask(requests, "echo")).isEqualTo("echo");
            requests.channel().shutdownOutput();
            assertThat(requests.channel().receive()).isNull();
            assertThat(requests.channel().closed())
                    .hasValueSatisfying(
                            how -> assertThat(((Closed.ChildEnded) how).exit()).isEqualTo(new Exit.Exited(0)));
        }
    }

    @Test
    void a_worker_that_answers_before_it_has_read_a_long_request_is_read_meanwhile() throws Exception {
        Command command =
                Command.of("cat").stdin(Stdio.pipe()).stdout(Stdio.pipe()).withoutSocket();
        byte[] bytes = new byte[5 << 20];
        new Random(1).nextBytes(bytes);
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            ByteBuffer answer = requests.call(ByteBuffer.wrap(bytes), Deadline.after(Duration.ofSeconds(50)));

            assertThat(answer).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(ask(requests, "again")).isEqualTo("again");
        }
    }

    @Test
    void an_answer_that_has_come_is_one_though_the_request_was_not_read() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                StreamSocket asked = pair.right()) {
            ByteBuffer request = ByteBuffer.allocate(1_000_000);
            CompletableFuture<ByteBuffer> answer = asking.submit(request, Deadline.after(Duration.ofSeconds(1)));
            assertThat(asked.read(ByteBuffer.allocate(1))).isOne();
            asked.write(
                    ByteBuffer.allocate(7).putInt(3).put(UTF_8.encode("no!")).flip());

            assertThat(answer.get()).isEqualTo(UTF_8.encode("no!"));
            assertThat(asking.abandoned()).isZero();
        }
    }

    /// It answers before it has read the request to its end.
    @ParameterizedTest
    @ValueSource(ints = {60_000, 900_000})
    void the_answer_of_a_worker_that_is_gone_then_is_one(int length) throws Exception {
        Command command = Command.of("sh", "-c", "printf '\\0\\0\\0\\003abc' >&3");
        for (int round = 0; round < 60; round++) {
            try (Child child = command.spawn();
                    Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
                assertThat(answer(requests, length)).isIn("abc", "not run");
            }
        }
    }

    /// Whatever is left of the request, it will not read: its answer is on the way, or none is.
    @Test
    void a_worker_that_reads_no_more_and_lives_has_a_second_for_its_answer() throws Exception {
        var reads = "exec 4<&0 0</dev/null; head -c 70000 <&4 >/dev/null; exec 4<&-; ";
        assertThat(answer(readingNoMore(reads + "printf '\\0\\0\\0\\003abc'; exec sleep 600"), 900_000))
                .isEqualTo("abc");
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> answer(readingNoMore(reads + "exec sleep 600"), 900_000))
                .satisfies(e -> assertThat(e.why()).isEqualTo(Why.CHANNEL_ENDED))
                .satisfies(e -> assertThat(e.mayHaveRun()).isTrue());
    }

    @Test
    void what_is_asked_of_a_worker_that_has_stopped_reading_is_not_left_waiting_for_what_it_owes() throws Exception {
        Command command =
                readingNoMore("exec 4<&0 0</dev/null; head -c 70000 <&4 >/dev/null; exec 4<&-; exec sleep 600");
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> answer(requests, 900_000));

            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(requests, "another"))
                    .matches(e -> e.why() == Why.CHANNEL_ENDED && !e.mayHaveRun());
        }
    }

    @Test
    void what_waits_for_the_answer_of_one_that_was_given_up_fails_once_nobody_reads(@TempDir Path folder)
            throws Exception {
        Path go = folder.resolve("go");
        Command command = readingNoMore("exec 4<&0 0</dev/null; head -c 70000 <&4 >/dev/null; until [ -e " + go
                + " ]; do sleep 0.01; done; exec 4<&-; exec sleep 600");
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(
                            () -> requests.call(ByteBuffer.allocate(900_000), Deadline.after(Duration.ofMillis(300))))
                    .matches(e -> e.why() == Why.EXPIRED_RUNNING);
            Call<String> waits = Call.parked(THREADS.factory(), () -> ask(requests, "another"));

            Files.createFile(go);

            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(waits::get)
                    .matches(e -> e.why() == Why.CHANNEL_ENDED && !e.mayHaveRun());
        }
    }

    private static Command readingNoMore(String script) {
        return Command.of("sh", "-c", script)
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .withoutSocket();
    }

    private static String answer(Command command, int length) throws Exception {
        try (Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            return answer(requests, length);
        }
    }

    private static String answer(Requests requests, int length) throws RequestFailedException {
        try {
            return UTF_8.decode(requests.call(ByteBuffer.allocate(length))).toString();
        } catch (RequestFailedException e) {
            if (e.mayHaveRun()) {
                throw e;
            }
            return "not run"; // it was gone before
        }
    }

    @Test
    void a_long_request_waits_for_no_room_once_nobody_can_answer_it() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                StreamSocket asked = pair.right()) {
            CompletableFuture<ByteBuffer> answer = asking.submit(ByteBuffer.allocate(900_000), Deadline.never());
            assertThat(asked.read(ByteBuffer.allocate(1))).isOne();

            asked.shutdownOutput();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(answer::get)
                    .withCauseInstanceOf(RequestFailedException.class)
                    .satisfies(e -> assertThat(((RequestFailedException) e.getCause()).why())
                            .isEqualTo(Why.CHANNEL_ENDED))
                    .satisfies(e -> assertThat(((RequestFailedException) e.getCause()).mayHaveRun())
                            .isTrue());
        }
    }

    @Test
    void a_long_request_that_is_given_up_leaves_its_answer_owed() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                StreamSocket asked = pair.right()) {
            var asks = Call.start(THREADS.factory(), () -> asking.call(ByteBuffer.allocate(1_000_000)));
            assertThat(asked.read(ByteBuffer.allocate(4))).isEqualTo(4);
            asks.interrupt();
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(asks::get)
                    .matches(e -> e.why() == Why.CANCELLED && e.mayHaveRun());
            assertThat(asking.abandoned()).isOne();

            var next = Call.start(THREADS.factory(), () -> ask(asking, "next"));
            skip(asked, 1_000_000);
            answer(asked, "late");
            skip(asked, 4 + "next".length());
            answer(asked, "in time");
            assertThat(next.get()).isEqualTo("in time");
        }
    }

    private static void skip(StreamSocket end, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            assertThat(end.read(bytes)).isPositive();
        }
    }

    private static void answer(StreamSocket end, String answer) throws IOException {
        byte[] bytes = answer.getBytes(UTF_8);
        end.write(ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .flip());
    }

    @Test
    void a_long_request_that_the_wire_cannot_have_leaves_nothing_behind() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.lines()));
                Requests asked = Requests.over(MessageChannel.over(pair.right(), Wire.lines()))) {
            asked.handler(1, Requests.Request::body);
            assertThatIllegalArgumentException().isThrownBy(() -> ask(asking, "two\n".repeat(100_000)));

            assertThat(asking.abandoned()).isZero();
            assertThat(ask(asking, "one")).isEqualTo("one");
        }
    }

    @Test
    void a_long_request_behind_another_message_that_nobody_reads_has_not_run() throws Exception {
        converse((asking, asked) -> {
            var sends = Call.parked(THREADS.factory(), () -> {
                asking.channel().send(ByteBuffer.allocate(1_000_000));
                return null;
            });
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(ByteBuffer.allocate(1_000_000), soon()))
                    .matches(e -> e.why() == Why.EXPIRED_WAITING && !e.mayHaveRun());
            assertThat(asking.abandoned()).isZero();
            assertThat(received(asked)).hasSize(1_000_000);
            assertThat(sends.get()).isNull();
        });
    }

    private static String received(MessageChannel channel) throws IOException {
        try (Message message = channel.receive()) {
            return UTF_8.decode(message.bytes()).toString();
        }
    }

    @Test
    void an_error_in_a_request_leaves_its_answer_to_nobody_else() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        Transport transport = LackOfMemoryTest.failingOnce(new SocketTransport(pair.left(), 0), "read");
        try (Requests asking = Requests.over(new MessageChannel(transport, Wire.framed(), ChannelPeer.UNKNOWN));
                MessageChannel asked = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "first"))
                    .matches(e -> e.why() == Why.FAILED_HERE && e.mayHaveRun())
                    .withCauseInstanceOf(OutOfMemoryError.class);
            assertThat(asking.abandoned()).isOne();

            CompletableFuture<ByteBuffer> second = asking.submit(UTF_8.encode("second"), Deadline.never());
            asked.send(UTF_8.encode("to the first"));
            assertThat(received(asked)).isEqualTo("first");
            assertThat(received(asked)).isEqualTo("second");
            asked.send(UTF_8.encode("to the second"));

            assertThat(UTF_8.decode(second.get()).toString()).isEqualTo("to the second");
        }
    }

    @Test
    void a_long_request_that_fails_by_a_fault_of_the_transport_takes_no_other_answer() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var calls = new AtomicInteger(); // the first finds no room, and the next fails
        Transport transport = intercepted(new SocketTransport(pair.left(), 0), method -> {
            boolean isWrite = Set.of("write", "tryWrite").contains(method);
            int call = isWrite ? calls.getAndIncrement() : Integer.MAX_VALUE;
            if (call == 1) {
                throw new IllegalStateException("on purpose");
            }
            return call > 1;
        });
        try (Requests asking = Requests.over(new MessageChannel(transport, Wire.framed(), ChannelPeer.UNKNOWN));
                Requests asked = Requests.over(MessageChannel.over(pair.right(), Wire.framed()))) {
            asked.handler(1, Requests.Request::body);
            assertThatIllegalStateException()
                    .isThrownBy(() -> ask(asking, "first".repeat(100_000)))
                    .withMessage("on purpose");

            assertThat(asking.abandoned()).isZero();
            assertThat(ask(asking, "second")).isEqualTo("second");
        }
    }

    /// Has a transport do only what `goesOn` says, or throws.
    private static Transport intercepted(Transport transport, Predicate<String> goesOn) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (_, method, arguments) -> {
                    try {
                        return goesOn.test(method.getName()) ? method.invoke(transport, arguments) : null;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
