package dev.dyad.worker;

import static dev.dyad.worker.EchoWorkers.ask;
import static dev.dyad.worker.EchoWorkers.assertFails;
import static dev.dyad.worker.EchoWorkers.assertGivesUpWaiting;
import static dev.dyad.worker.EchoWorkers.plan;
import static dev.dyad.worker.PythonWorkers.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.harness.Await;
import dev.dyad.harness.LargestBuffer;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pool tells of its requests and workers as a whole.
@NullUnmarked
@Timeout(60)
class WorkersStatisticsTest {

    @Test
    void nothing_has_happened_at_first() {
        try (Workers workers = plan().start()) {
            WorkersStatistics statistics = workers.statistics();

            assertThat(statistics.answered()).isZero();
            assertThat(statistics.failed())
                    .containsOnlyKeys(Why.values())
                    .allSatisfy((_, count) -> assertThat(count).isZero());
            assertThat(statistics.waited().count()).isZero();
            assertThat(statistics.ran().count()).isZero();
        }
    }

    @Test
    void each_request_that_was_answered_has_waited_and_run() throws Exception {
        try (Workers workers = plan().start()) {
            for (int i = 0; i < 10; i++) {
                ask(workers, "x");
            }
            WorkersStatistics statistics = workers.statistics();

            assertThat(statistics.answered()).isEqualTo(10);
            assertThat(statistics.failures()).isZero();
            assertThat(statistics.workersStarted()).isEqualTo(1);
            assertThat(statistics.waited().count()).isEqualTo(10);
            assertThat(statistics.ran().count()).isEqualTo(10);
            assertThat(statistics.ran().at(50)).isBetween(Duration.ofNanos(1), LIMIT);
        }
    }

    @Test
    void what_waits_and_what_is_under_way_is_told_apart() throws Exception {
        List<CompletableFuture<ByteBuffer>> answers;
        try (Workers workers = plan().start()) {
            var running = workers.submit(UTF_8.encode("hang"), Deadline.never());
            var waiting = workers.submit(UTF_8.encode("x"), Deadline.never());
            answers = List.of(running, waiting);

            Await.until(
                    () -> workers.statistics().waiting() == 1
                            && workers.statistics().underWay() == 1,
                    LIMIT);
        }
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get));
    }

    @Test
    void what_this_side_has_no_memory_for_is_told_and_counted_once(@TempDir Path folder) throws Exception {
        ByteBuffer large = LargestBuffer.in(folder);
        ByteBuffer withoutHead = large.slice(0, Integer.MAX_VALUE - 16); // of a numbered message
        try (Workers workers = NumberedWorkers.plan().workers(1).start()) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.call(withoutHead, Deadline.after(LIMIT)))
                    .satisfies(WorkersStatisticsTest::assertFailedHere);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(
                            () -> workers.submit(large, Deadline.after(LIMIT)).get())
                    .satisfies(failed -> assertFailedHere(failed.getCause()));

            assertThat(workers.statistics().failed()).containsEntry(Why.FAILED_HERE, 2L);
            assertThat(workers.statistics().failures()).isEqualTo(2);
            assertThat(workers.call(UTF_8.encode("echo"), Deadline.after(LIMIT)))
                    .isEqualTo(UTF_8.encode("echo"));
            assertThat(workers.workers().getFirst().generation()).isZero();
        }
    }

    private static void assertFailedHere(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(RequestFailedException.class, e -> {
                    assertThat(e.why()).isEqualTo(Why.FAILED_HERE);
                    assertThat(e.mayHaveRun()).isFalse();
                })
                .hasCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void failures_are_told_by_their_reason() throws Exception {
        try (Workers workers = plan().start()) {
            assertFails(workers, "die", Deadline.after(LIMIT), Why.CHANNEL_ENDED);
            awaitState(workers, Worker.State.READY);
            assertFails(workers, "hang", Deadline.after(Duration.ofMillis(20)), Why.EXPIRED_RUNNING);
            WorkersStatistics statistics = workers.statistics();

            assertThat(statistics.failed())
                    .containsEntry(Why.EXPIRED_RUNNING, 1L)
                    .containsEntry(Why.CHANNEL_ENDED, 1L)
                    .containsEntry(Why.REFUSED, 0L);
            assertThat(statistics.failures()).isEqualTo(2);
            assertThat(statistics.workersRetired()).isEqualTo(1);
            assertThat(statistics.workersFailed()).isEqualTo(1);
        }
    }

    @Test
    void what_is_refused_at_once_has_not_waited() throws Exception {
        try (Workers workers = plan().queue(0).start()) {
            awaitState(workers, Worker.State.READY);
            var running = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitState(workers, Worker.State.BUSY);
            assertFails(workers, "x", Deadline.after(LIMIT), Why.REFUSED);

            assertThat(workers.statistics().failed()).containsEntry(Why.REFUSED, 1L);
            assertThat(workers.statistics().waited().count()).isEqualTo(1);
            assertThat(running).isNotDone();
        }
    }

    private static void awaitState(Workers workers, Worker.State state) {
        Await.until(() -> workers.workers().getFirst().state() == state, LIMIT);
    }

    @Test
    void a_request_that_gives_up_has_waited_so_long() throws Exception {
        try (Workers workers = plan().start()) {
            var running = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitState(workers, Worker.State.BUSY);

            Duration waited = assertGivesUpWaiting(workers);

            assertThat(workers.statistics().waited().max()).isGreaterThanOrEqualTo(waited);
            assertThat(workers.statistics().failed()).containsEntry(Why.EXPIRED_WAITING, 1L);
            assertThat(running).isNotDone();
        }
    }

    @Test
    void a_drained_pool_counts_what_it_refuses() throws Exception {
        try (Workers workers = plan().start()) {
            workers.drain(Deadline.after(LIMIT));
            assertFails(workers, "x", Deadline.after(LIMIT), Why.REFUSED);
            assertThat(workers.submit(UTF_8.encode("x"), Deadline.never())).isCompletedExceptionally();

            assertThat(workers.statistics().failed()).containsEntry(Why.REFUSED, 2L);
        }
    }

    @Test
    void a_request_that_is_asked_again_is_answered_once_and_has_run_twice() throws Exception {
        try (Workers workers = plan().exchange(Exchange.IN_TURN).askAgain(1).start()) {
            assertFails(workers, "die", Deadline.after(LIMIT), Why.CHANNEL_ENDED);

            assertThat(workers.statistics().failures()).isEqualTo(1);
            assertThat(workers.statistics().ran().count()).isEqualTo(2);
            assertThat(workers.statistics().waited().count()).isEqualTo(2);
        }
    }

    @Test
    void two_snapshots_tell_what_happened_between_them() throws Exception {
        try (Workers workers = plan().start()) {
            ask(workers, "x");
            WorkersStatistics earlier = workers.statistics();
            ask(workers, "x");
            ask(workers, "x");
            WorkersStatistics later = workers.statistics();

            WorkersStatistics since = later.since(earlier);
            assertThat(since.answered()).isEqualTo(2);
            assertThat(since.ran().count()).isEqualTo(2);
            assertThat(since.workersStarted()).isZero();
            assertThat(since.failures()).isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> earlier.since(later));
        }
    }
}
