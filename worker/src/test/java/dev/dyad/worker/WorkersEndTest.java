package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The ends of pools: they are drained and closed.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkersEndTest {

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan() {
        return WorkerPlan.of(worker()).onEvent(events);
    }

    @Test
    void a_close_ends_what_waits_and_what_runs_and_leaves_nothing() throws Exception {
        Workers workers = plan().workers(2).start();
        awaitReady(workers);
        List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(submit(workers, "hang"));
        }
        awaitWaiting(workers, 3);
        List<Long> pids = workers.workers().stream().map(Worker::pid).toList();

        workers.close();

        assertThat(workers.workers()).isEmpty();
        assertThat(pids).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
        assertThat(answers)
                .allSatisfy(answer -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(answer::get)
                        .withCauseInstanceOf(RequestFailedException.class));
        assertThat(failure(workers, "pid").why()).isEqualTo(Why.REFUSED);
        workers.close();
    }

    @Test
    void two_threads_may_close_it_at_the_same_time() throws Exception {
        Workers workers = plan().workers(2).start();
        awaitReady(workers);
        Thread other = Thread.startVirtualThread(workers::close);
        workers.close();
        other.join();

        assertThat(workers.workers())
                .allSatisfy(worker -> assertThat(worker.pid()).isZero());
    }

    @Test
    void a_drained_pool_starts_no_worker_in_the_place_of_one_that_ends() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            awaitReady(workers);
            workers.drain(Deadline.after(LIMIT));

            signal("-KILL", workers.workers().getFirst().pid());

            var _ = events.await(WorkerEvent.Failed.class, 1);
            assertThat(workers.workers()).isEmpty();
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> awaitReady(workers))
                    .withMessageContaining("no more requests are taken");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> workers.reload(Deadline.after(LIMIT)))
                    .withMessageContaining("no more requests are taken");
            assertThat(events.of(WorkerEvent.Started.class)).hasSize(1);
        }
    }

    @Test
    void a_pool_that_drains_starts_a_worker_for_what_still_waits() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> hangs = submit(workers, "hang");
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> waits = submit(workers, "pid");
            awaitWaiting(workers, 1);
            var drain = new FutureTask<Void>(() -> {
                workers.drain(Deadline.after(LIMIT));
                return null;
            });
            Thread.startVirtualThread(drain);
            Await.until(() -> isRefused(workers), LIMIT);

            signal("-KILL", workers.workers().getFirst().pid());

            assertThatExceptionOfType(ExecutionException.class).isThrownBy(hangs::get);
            assertThat(waits.get()).isNotNull();
            assertThat(drain.get()).isNull();
        }
    }

    private static boolean isRefused(Workers workers) {
        CompletableFuture<ByteBuffer> answer = submit(workers, "pid");
        return answer.isCompletedExceptionally();
    }

    @Test
    void a_drain_has_a_deadline() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            awaitBusy(workers, 1);

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> workers.drain(Deadline.after(Duration.ofMillis(10))));
        }
    }

    @Test
    void a_drain_waits_for_what_was_submitted_before_it() throws Exception {
        try (Workers workers = plan().workers(2).start()) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(workers.submit(words("pid"), Deadline.after(LIMIT)));
            }

            workers.drain(Deadline.after(LIMIT));

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.get().remaining()).isPositive());
        }
    }

    @Test
    void a_drain_that_a_close_cuts_short_says_so() throws Exception {
        Workers workers = plan().workers(1).start();
        CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
        Await.until(() -> workers.workers().getFirst().underWay() == 1, LIMIT);
        var drain = new FutureTask<>(() -> {
            workers.drain(Deadline.never());
            return null;
        });
        Thread.startVirtualThread(drain);
        Await.until(() -> failure(workers, "pid", SHORT).reason().contains("no more requests"), LIMIT);

        workers.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(drain::get)
                .withCauseInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void all_futures_are_done_once_it_is_closed() {
        for (int run = 0; run < 10; run++) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            Workers workers = plan().workers(1).start();
            for (int i = 0; i < 500; i++) {
                answers.add(submit(workers, "pid"));
            }

            workers.close();

            assertThat(answers).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void what_waits_for_an_answer_may_drain_and_close() throws Exception {
        Workers workers = plan().workers(1).start();
        CompletableFuture<Void> closed = workers.submit(words("pid"), Deadline.after(LIMIT))
                .thenAccept(_ -> {
                    try {
                        workers.drain(Deadline.after(LIMIT));
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    workers.close();
                });

        assertThat(closed).succeedsWithin(LIMIT);
    }
}
