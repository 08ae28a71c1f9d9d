package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// More numbered requests than are answered at once, of which each runs until it is cancelled.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class CrowdedAnswererTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger begun = new AtomicInteger();
    private final Queue<String> cancelled = new ConcurrentLinkedQueue<>();
    private final SocketPair<StreamSocket> pair = SocketPair.stream();
    private final Requests answers = Requests.over(MessageChannel.over(pair.left(), Wire.framed()), Exchange.NUMBERED);

    CrowdedAnswererTest() throws Exception {}

    private ByteBuffer untilCancelled(Requests.Request request) throws InterruptedException {
        begun.incrementAndGet();
        try {
            new CountDownLatch(1).await();
        } finally {
            cancelled.add(UTF_8.decode(request.body()).toString());
        }
        return ByteBuffer.allocate(0);
    }

    private static ByteBuffer request(long number, String body) {
        ByteBuffer bytes = UTF_8.encode(body);
        ByteBuffer message = ByteBuffer.allocate(NumberedHead.SIZE + bytes.remaining());
        NumberedHead.put(message, NumberedHead.REQUEST, 0, number);
        return message.put(bytes).flip();
    }

    private void awaitBegun(int count) {
        Await.until(() -> begun.get() == count, PATIENCE);
    }

    private void awaitCancelled(String... bodies) {
        Await.until(() -> cancelled.size() >= bodies.length, PATIENCE);
        assertThat(cancelled).containsExactlyInAnyOrder(bodies);
    }

    @Test
    void one_that_runs_can_be_cancelled_though_others_wait_behind_it() throws Exception {
        answers.handler(1, this::untilCancelled);
        try (Requests asks = Requests.over(MessageChannel.over(pair.right(), Wire.framed()), Exchange.NUMBERED)) {
            CompletableFuture<ByteBuffer> first = asks.submit(UTF_8.encode("first"), Deadline.never());
            awaitBegun(1);
            CompletableFuture<ByteBuffer> second = asks.submit(UTF_8.encode("second"), Deadline.never());
            first.cancel(true);
            awaitBegun(2);
            awaitCancelled("first");
            second.cancel(true);
            awaitCancelled("first", "second");
        } finally {
            answers.close();
        }
    }

    @Test
    void the_end_of_the_peer_cancels_those_that_run_though_others_wait_behind_them() throws Exception {
        answers.handler(1, this::untilCancelled);
        try (answers) {
            try (MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
                peer.send(request(1, "first"));
                peer.send(request(2, "second"));
                awaitBegun(1);
            }
            awaitCancelled("first");
        }
    }

    @Test
    void a_close_cancels_those_that_run_though_more_wait_than_are_kept() throws Exception {
        answers.handler(1, this::untilCancelled);
        try (MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            peer.send(request(1, "first"));
            awaitBegun(1);
            var flood = Call.start(Thread.ofVirtual().factory(), () -> {
                for (int i = 2; i < 100; i++) {
                    peer.send(request(i, "x".repeat(100_000)));
                }
                return null;
            });
            Await.until(() -> pair.right().waiters() > 0, PATIENCE); // nothing more is read
            answers.close();
            awaitCancelled("first");
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(flood::get);
        }
    }

    @Test
    void one_that_is_cancelled_while_it_waits_is_answered_all_the_same() throws Exception {
        answers.handler(1, this::untilCancelled);
        try (MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            peer.send(request(1, "first"));
            peer.send(request(2, "second"));
            peer.send(cancel(2));
            peer.send(cancel(1));
            for (long number = 1; number <= 2; number++) {
                try (Message answer = peer.receive(Deadline.after(PATIENCE))) {
                    assertThat(NumberedHead.kind(answer.bytes())).isEqualTo(NumberedHead.ERROR);
                    assertThat(NumberedHead.number(answer.bytes())).isEqualTo(number);
                }
            }
            assertThat(cancelled).doesNotContain("second");
        } finally {
            answers.close();
        }
    }

    private static ByteBuffer cancel(long number) {
        ByteBuffer message = ByteBuffer.allocate(NumberedHead.SIZE);
        NumberedHead.put(message, NumberedHead.CANCEL, 0, number);
        return message.flip();
    }

    @Test
    void a_number_that_is_under_way_is_not_taken_again() throws Exception {
        answers.handler(2, this::untilCancelled);
        try (MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed())) {
            peer.send(request(7, "first"));
            awaitBegun(1);
            peer.send(request(7, "second"));

            Closed closed = answers.channel().onClosed().get(20, TimeUnit.SECONDS);
            assertThat(closed).isInstanceOf(Closed.Misbehaved.class);
            assertThat(closed.toString()).contains("a second request of number 7");
            awaitCancelled("first");
        } finally {
            answers.close();
        }
    }
}
