package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers that have several requests at once, and hang or crash.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class NumberedPoolTest {

    private static final String NOT_HEEDED =
            "its worker was ended because of another request: it has not heeded that a request was cancelled";

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan() {
        return NumberedWorkers.plan().onEvent(events);
    }

    @Test
    void a_numbered_worker_that_hangs_is_replaced_and_swallows_no_more() throws Exception {
        try (Workers workers = plan().workers(1).atOnce(4).start()) {
            long before = ask(workers, "pid");
            signal("-STOP", before);

            assertThat(failure(workers, "pid", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            var _ = events.await(WorkerEvent.Retired.class, 1);
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
        }
    }

    @Test
    void a_numbered_worker_that_reads_nothing_is_replaced_though_nothing_can_be_sent_to_it() throws Exception {
        try (Workers workers = plan().workers(1).atOnce(64).start()) {
            long before = ask(workers, "pid");
            signal("-STOP", before);
            for (int i = 0; i < 40; i++) { // until there is no room
                CompletableFuture<ByteBuffer> _ = workers.submit(ByteBuffer.allocate(20_000), Deadline.never());
            }
            Await.until(() -> workers.workers().getFirst().underWay() == 40, LIMIT);

            assertThat(failure(workers, "pid", SHORT).why()).isEqualTo(Why.EXPIRED_WAITING);

            var _ = events.await(WorkerEvent.Retired.class, 1);
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
        }
    }

    /// Has a worker be ended that does not heed that a request is cancelled, while another request of it holds
    /// until there is a file.
    private void endNextToOneThatHolds(Workers workers, CompletableFuture<ByteBuffer> holds) throws Exception {
        Await.until(() -> workers.workers().getFirst().underWay() == 1, LIMIT);
        assertThat(holds).isNotDone();

        assertThat(failure(workers, "deaf", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);
        var _ = events.await(WorkerEvent.Retired.class, 1);
    }

    @Test
    void a_request_next_to_one_that_hangs_is_told_that_its_worker_was_ended_for_that(@TempDir Path folder)
            throws Exception {
        try (Workers workers = plan().workers(1).atOnce(4).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> holds = submit(workers, "hold " + folder.resolve("never"));
            endNextToOneThatHolds(workers, holds);

            RequestFailedException failed = failureOf(holds);

            assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(failed.mayHaveRun()).isTrue();
            assertThat(failed).hasMessageContaining(NOT_HEEDED);
            assertThat(failed.closed()).contains(new Closed.Here(NOT_HEEDED));
        }
    }

    @Test
    void a_request_next_to_one_that_hangs_is_asked_again_where_it_may_run_twice(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("file");
        try (Workers workers = plan().workers(1).atOnce(4).askAgain(1).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> holds = submit(workers, "hold " + file);
            endNextToOneThatHolds(workers, holds);

            Files.createFile(file);

            assertThat(text(holds.get())).isEqualTo(Long.toString(ask(workers, "pid")));
        }
    }

    @Test
    void a_request_that_runs_as_the_workers_are_closed_is_told_so(@TempDir Path folder) throws Exception {
        CompletableFuture<ByteBuffer> holds;
        try (Workers workers = plan().workers(1).atOnce(4).start()) {
            awaitReady(workers);
            holds = submit(workers, "hold " + folder.resolve("never"));
            Await.until(() -> workers.workers().getFirst().underWay() == 1, LIMIT);
        }
        assertThat(failureOf(holds)).hasMessageContaining("the channel has ended: the workers are closed");
    }

    private static RequestFailedException failureOf(CompletableFuture<ByteBuffer> answer) throws Exception {
        try {
            ByteBuffer _ = answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RequestFailedException failed) {
                return failed;
            }
            throw e;
        }
        throw new AssertionError("an answer");
    }

    @Test
    void a_numbered_worker_that_crashes_after_it_was_late_is_told_with_its_exit() throws Exception {
        try (Workers workers = plan().workers(1).atOnce(4).start()) {
            awaitReady(workers); // or it would wait for that
            assertThat(failure(workers, "crash", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            var _ = events.await(WorkerEvent.Failed.class, 1);
            assertThat(events.of(WorkerEvent.Failed.class).getFirst().how()).contains("code=3");
            assertThat(events.of(WorkerEvent.Retired.class)).isEmpty();
        }
    }
}
