package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many requests at once, in both directions.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class NumberedRequestsTest {

    private static final Thread.Builder THREADS = Thread.ofVirtual();

    private interface Conversation {
        void run(Requests asking, Requests asked) throws Exception;
    }

    private static void converse(Conversation conversation) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests left = numbered(pair.left());
                Requests right = numbered(pair.right())) {
            conversation.run(left, right);
        }
    }

    private static Requests numbered(StreamSocket end) {
        return Requests.over(MessageChannel.over(end, Wire.framed()), Exchange.NUMBERED);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static String ask(Requests requests, String request) throws IOException {
        return text(requests.call(UTF_8.encode(request)));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(30));
    }

    @Test
    void requests_to_a_worker_that_answers_in_turn_fail_by_a_word_of_that() throws Exception {
        Command worker =
                Command.of("cat").stdin(Stdio.pipe()).stdout(Stdio.pipe()).withoutSocket();
        try (Child child = worker.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), Exchange.NUMBERED)) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(requests, "anything"))
                    .withMessageContainingAll("no handler answers requests here", "use Exchange.IN_TURN");
            assertThat(requests)
                    .asString()
                    .startsWith("Requests[MessageChannel[")
                    .endsWith(", 0 under way]");
        }
    }

    @Test
    void answers_come_in_any_order_and_each_to_its_request() throws Exception {
        converse((asking, asked) -> {
            var first = new CountDownLatch(1);
            asked.handler(64, request -> {
                String text = text(request.body());
                if (text.equals("slow")) {
                    first.await();
                }
                return UTF_8.encode(text + "!");
            });
            CompletableFuture<ByteBuffer> slow = asking.submit(UTF_8.encode("slow"), Deadline.never());
            List<CompletableFuture<ByteBuffer>> quick = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                quick.add(asking.submit(UTF_8.encode("quick" + i), Deadline.never()));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(text(quick.get(i).get())).isEqualTo("quick" + i + "!");
            }
            assertThat(asking.underWay()).isOne();
            first.countDown();
            assertThat(text(slow.get())).isEqualTo("slow!");
            assertThat(asking.underWay()).isZero();
        });
    }

    @Test
    void a_drain_returns_when_all_futures_are_done() throws Exception {
        for (int run = 0; run < 100; run++) {
            converse((asking, asked) -> {
                asked.handler(64, Requests.Request::body);
                List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    answers.add(asking.submit(UTF_8.encode("hello"), Deadline.never()));
                }
                asking.drain(Deadline.never());
                assertThat(answers).allMatch(CompletableFuture::isDone);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 3_000_000}) // what the channel writes on, and what a thread of its own writes
    void a_peer_that_ends_its_own_side_and_reads_nothing_fails_what_is_being_sent(int length) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.framed()), Exchange.NUMBERED);
                StreamSocket peer = pair.right()) {
            CompletableFuture<ByteBuffer> first = asking.submit(ByteBuffer.allocate(length), Deadline.never());
            assertThat(peer.read(ByteBuffer.allocate(1))).isOne();
            CompletableFuture<ByteBuffer> behind = asking.submit(ByteBuffer.allocate(length), Deadline.never());
            peer.shutdownOutput();

            assertThat(failure(first).mayHaveRun()).isTrue();
            assertThat(failure(behind).mayHaveRun()).isFalse();
            assertThat(asking.underWay()).isZero();
        }
    }

    private static RequestFailedException failure(CompletableFuture<ByteBuffer> answer) throws Exception {
        try {
            throw new AssertionError(text(answer.get(30, TimeUnit.SECONDS)));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(RequestFailedException.class);
            RequestFailedException failed = (RequestFailedException) e.getCause();
            assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
            return failed;
        }
    }

    @Test
    void what_hangs_on_a_future_may_drain() throws Exception {
        converse((asking, asked) -> {
            asked.handler(1, Requests.Request::body);
            CompletableFuture<Boolean> drained =
                    asking.submit(UTF_8.encode("hello"), Deadline.never()).thenApply(_ -> isDrained(asking));
            assertThat(drained.get()).isTrue();
        });
    }

    private static boolean isDrained(Requests requests) {
        try {
            requests.drain(Deadline.never());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void no_more_are_answered_at_once_than_may_be() throws Exception {
        converse((asking, asked) -> {
            var now = new AtomicInteger();
            var most = new AtomicInteger();
            asked.handler(3, request -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                now.decrementAndGet();
                return request.body();
            });
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                answers.add(asking.submit(UTF_8.encode("x"), Deadline.never()));
            }
            for (CompletableFuture<ByteBuffer> answer : answers) {
                answer.get();
            }
            assertThat(most.get()).isBetween(1, 3);
        });
    }

    @Test
    void a_request_that_expires_is_cancelled_there_and_its_answer_is_dropped() throws Exception {
        converse((asking, asked) -> {
            var told = new CompletableFuture<Boolean>();
            var left = new AtomicReference<Deadline>();
            asked.handler(4, request -> {
                if (text(request.body().duplicate()).equals("slow")) {
                    left.set(request.deadline());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException cancelled) {
                        told.complete(request.isCancelled());
                    }
                }
                return request.body();
            });
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("slow"), soon()))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING));
            assertThat(told.get()).isTrue();
            assertThat(left.get().isLimited()).isTrue();
            assertThat(ask(asking, "next")).isEqualTo("next");

            CompletableFuture<ByteBuffer> future = asking.submit(UTF_8.encode("slow"), soon());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(future::get)
                    .withCauseInstanceOf(RequestFailedException.class);
            asking.submit(UTF_8.encode("slow"), Deadline.never()).cancel(true);
            Await.until(() -> asking.underWay() == 0, Duration.ofSeconds(10));
        });
    }

    @Test
    void what_a_handler_throws_is_told_and_the_next_request_is_answered() throws Exception {
        converse((asking, asked) -> {
            asked.handler(1, request -> {
                if (request.body().remaining() == 0) {
                    throw new IllegalArgumentException("nothing to do");
                }
                return request.body();
            });
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, ""))
                    .withMessageContaining("nothing to do")
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.ANSWERED_ERROR));
            assertThat(ask(asking, "x")).isEqualTo("x");
        });
    }

    @Test
    void an_answer_in_parts_to_a_call_is_an_error_and_cancels_the_request() throws Exception {
        converse((asking, asked) -> {
            var cancelled = new CompletableFuture<Boolean>();
            asked.handler(2, request -> {
                if (request.body().remaining() == 1) {
                    return request.body();
                }
                try {
                    for (int i = 0; i < 100; i++) {
                        request.part(ByteBuffer.allocate(4));
                    }
                } finally {
                    cancelled.complete(request.isCancelled());
                }
                return ByteBuffer.allocate(0);
            });

            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "count"))
                    .withMessageContaining("in parts")
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.ANSWERED_ERROR));
            assertThat(cancelled.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ask(asking, "x")).isEqualTo("x");
            Await.until(() -> asking.abandoned() == 0, Duration.ofSeconds(10));
        });
    }

    @Test
    void an_answer_in_parts_to_a_call_ends_no_other_request_and_not_the_channel() throws Exception {
        converse((asking, asked) -> {
            asked.handler(2, request -> {
                for (int i = 0; i < 5 && request.body().remaining() > 1; i++) {
                    request.part(ByteBuffer.allocate(4));
                }
                return request.body();
            });

            for (int i = 0; i < 300; i++) {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> ask(asking, "count"))
                        .withMessageContaining("in parts");
                assertThat(ask(asking, "x")).isEqualTo("x");
            }
        });
    }

    @Test
    void an_answer_in_parts_waits_until_they_are_taken() throws Exception {
        converse((asking, asked) -> {
            var sent = new AtomicInteger();
            asked.handler(1, request -> {
                for (int i = 0; i < 100; i++) {
                    request.part(ByteBuffer.allocate(4).putInt(i).flip());
                    sent.incrementAndGet();
                }
                return ByteBuffer.allocate(0);
            });
            try (Requests.Parts parts = asking.stream(UTF_8.encode("count"), Deadline.never())) {
                Await.until(() -> sent.get() == 16, Duration.ofSeconds(10));
                for (int i = 0; i < 100; i++) {
                    assertThat(parts.next().getInt()).isEqualTo(i);
                    assertThat(sent.get()).isLessThanOrEqualTo(i + 17);
                }
                assertThat(parts.next()).isNull();
                assertThat(parts.next()).isNull();
            }
            try (Requests.Parts given = asking.stream(UTF_8.encode("count"), Deadline.never())) {
                assertThat(given.next().getInt()).isZero();
            }
            assertThat(asking.underWay()).isZero();
        });
    }

    @Test
    void both_sides_ask_each_other() throws Exception {
        converse((left, right) -> {
            right.handler(8, request -> UTF_8.encode("right asked " + ask(right, text(request.body()))));
            left.handler(8, request -> UTF_8.encode("left says " + text(request.body())));
            List<Call<String>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "n" + i;
                calls.add(Call.start(THREADS.factory(), () -> ask(left, name)));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(calls.get(i).get()).isEqualTo("right asked left says n" + i);
            }
        });
    }

    @Test
    void the_end_of_the_channel_ends_each_request_once_and_says_how() throws Exception {
        converse((asking, asked) -> {
            var come = new CountDownLatch(10);
            asked.handler(10, request -> {
                come.countDown();
                new CountDownLatch(1).await();
                return request.body();
            });
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(asking.submit(UTF_8.encode("x"), Deadline.never()));
            }
            come.await();
            asked.close();
            for (CompletableFuture<ByteBuffer> answer : answers) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(answer::get)
                        .satisfies(e -> assertThat(((RequestFailedException) e.getCause()).closed())
                                .isPresent())
                        .satisfies(e -> assertThat(((RequestFailedException) e.getCause()).mayHaveRun())
                                .isTrue());
            }
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(asking, "later"))
                    .satisfies(e -> assertThat(e.mayHaveRun()).isFalse());
        });
    }

    @Test
    void an_answer_to_no_request_and_a_message_without_a_head_end_the_channel() throws Exception {
        for (byte[] bad : new byte[][] {
            new byte[3],
            ByteBuffer.allocate(16).putLong(0x03000000_00000000L).putLong(77).array(),
            new byte[16]
        }) {
            SocketPair<StreamSocket> pair = SocketPair.stream();
            try (Requests asking = numbered(pair.left());
                    MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
                CompletableFuture<ByteBuffer> answer = asking.submit(UTF_8.encode("x"), Deadline.never());
                peer.send(ByteBuffer.wrap(bad));
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(answer::get)
                        .withMessageContaining("does not keep to the wire");
                assertThat(asking.channel().closed()).containsInstanceOf(Closed.Misbehaved.class);
            }
        }
    }

    private static void say(MessageChannel channel, int kind, long number) throws IOException {
        var message = ByteBuffer.allocate(NumberedHead.SIZE);
        NumberedHead.put(message, kind, 0, number);
        channel.send(message.position(0).limit(NumberedHead.SIZE));
    }

    @Test
    void submit_does_not_wait_for_a_peer_that_does_not_read() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = numbered(pair.left());
                Requests asked = numbered(pair.right())) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(asking.submit(ByteBuffer.allocate(100_000), Deadline.never()));
            }
            CompletableFuture<ByteBuffer> late = asking.submit(ByteBuffer.allocate(100_000), soon());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(late::get)
                    .withCauseInstanceOf(RequestFailedException.class);
            assertThat(answers).noneMatch(CompletableFuture::isDone);

            asked.handler(4, Requests.Request::body);

            for (CompletableFuture<ByteBuffer> answer : answers) {
                assertThat(answer.get().remaining()).isEqualTo(100_000);
            }
        }
    }

    @Test
    void nothing_is_left_of_one_that_is_cancelled_before_it_was_sent() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = numbered(pair.left());
                Requests asked = numbered(pair.right())) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(asking.submit(ByteBuffer.allocate(100_000), Deadline.never()));
            }
            answers.subList(20, 40).forEach(answer -> answer.cancel(true)); // which wait for others to be sent
            Await.until(() -> asking.underWay() == 20, Duration.ofSeconds(30));
            assertThat(asking.abandoned()).isZero();

            var taken = new AtomicInteger();
            asked.handler(4, request -> {
                taken.incrementAndGet();
                return request.body();
            });

            for (CompletableFuture<ByteBuffer> answer : answers.subList(0, 20)) {
                assertThat(answer.get().remaining()).isEqualTo(100_000);
            }
            assertThat(taken).hasValue(20);
            assertThat(asking.abandoned()).isZero();
        }
    }

    @Test
    void a_late_answer_to_one_that_was_submitted_and_sent_in_part_is_dropped() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = numbered(pair.left());
                Requests asked = numbered(pair.right())) {
            CompletableFuture<ByteBuffer> late = asking.submit(ByteBuffer.allocate(900_000), soon());
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(late::get);

            asked.handler(4, Requests.Request::body);

            assertThat(ask(asking, "again")).isEqualTo("again");
            assertThat(asking.channel().closed()).isEmpty();
        }
    }

    @Test
    void a_message_that_the_wire_cannot_have_fails_its_future() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.packet(2)), Exchange.NUMBERED);
                StreamSocket peer = pair.right()) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> asking.submit(ByteBuffer.allocate(1_200_000), Deadline.never())
                            .get())
                    .withCauseInstanceOf(RequestFailedException.class);
            assertThat(peer.isOpen()).isTrue();
            assertThat(asking.underWay()).isZero();
        }
    }

    @Test
    void nothing_is_left_of_one_that_the_wire_refuses_at_once() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = Requests.over(MessageChannel.over(pair.left(), Wire.packet(2)), Exchange.NUMBERED);
                StreamSocket peer = pair.right()) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> asking.submit(ByteBuffer.allocate(70_000), Deadline.never()));

            assertThat(asking.underWay()).isZero();
            asking.drain(Line.now());
            assertThat(peer.isOpen()).isTrue();
        }
    }

    @Test
    void a_second_answer_ends_the_channel_and_one_to_a_request_that_was_given_up_does_not() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = numbered(pair.left());
                MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("late"), soon()));
            say(peer, NumberedHead.PART, 1);
            say(peer, NumberedHead.ANSWER, 1); // which nobody wants any more
            CompletableFuture<ByteBuffer> answer = asking.submit(UTF_8.encode("twice"), Deadline.never());
            say(peer, NumberedHead.ANSWER, 2);
            assertThat(answer.get().remaining()).isZero();
            assertThat(asking.channel().closed()).isEmpty();

            say(peer, NumberedHead.ANSWER, 2);

            assertThat(asking.channel().onClosed().get())
                    .isInstanceOf(Closed.Misbehaved.class)
                    .asString()
                    .contains("a second answer to request 2");
        }
    }

    @Test
    void a_second_answer_to_a_request_that_was_given_up_ends_the_channel() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asking = numbered(pair.left());
                MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> asking.call(UTF_8.encode("late"), soon()));
            say(peer, NumberedHead.ERROR, 1);
            say(peer, NumberedHead.ERROR, 1);

            assertThat(asking.channel().onClosed().get()).isInstanceOf(Closed.Misbehaved.class);
        }
    }

    @Test
    void a_flood_of_requests_that_nobody_answers_ends_the_channel_once_refusals_are_not_read() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asked = numbered(pair.left());
                MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            CompletableFuture<ByteBuffer> begins = asked.submit(UTF_8.encode("so that it receives"), Deadline.never());

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                for (long number = 1; number < 1_000_000; number++) {
                    say(peer, NumberedHead.REQUEST, number);
                }
            });

            assertThat(asked.channel().onClosed().get()).asString().contains("more requests than refusals are read");
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(begins::get);
        }
    }

    @Test
    void an_action_that_waits_for_ever_holds_up_no_answer() throws Exception {
        converse((asking, asked) -> {
            var attached = new CountDownLatch(1); // or the action would run on the thread that attaches it
            asked.handler(2, request -> {
                attached.await();
                return request.body();
            });
            var release = new CountDownLatch(1);
            var answered = asking.submit(UTF_8.encode("first"), Deadline.never())
                    .thenApply(answer -> {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return answer;
                    });
            attached.countDown();
            assertThat(ask(asking, "second")).isEqualTo("second");
            release.countDown();
            assertThat(text(answered.get())).isEqualTo("first");
        });
    }
}
