package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where a thread or memory is short, a request that was submitted ends once, and has not run.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class SubmittedRequestsTest {

    private static final class NoThread extends Thread {
        @Override
        public void start() {
            throw new OutOfMemoryError("no thread, on purpose");
        }
    }

    @Test
    void one_that_has_no_thread_fails_on_this_side_and_is_counted_once() throws Exception {
        var submitted = new SubmittedRequests((_, _) -> new NoThread());
        PoolSettings settings =
                WorkerPlan.of(Command.of("sleep", "100")).workers(1).settings();
        try (var workers = new Workers(settings, new RunningTasks(), submitted)) {
            CompletableFuture<ByteBuffer> answer = workers.submit(words("pid"), Deadline.after(LIMIT));

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(answer::get)
                    .withRootCauseInstanceOf(OutOfMemoryError.class)
                    .satisfies(failed -> assertFailedHere((RequestFailedException) failed.getCause()));
            WorkersStatistics statistics = workers.statistics();
            assertThat(statistics.failures()).isEqualTo(1);
            assertThat(statistics.failed()).containsEntry(Why.FAILED_HERE, 1L);
            assertThat(statistics.underWay()).isZero();
            workers.drain(Deadline.after(LIMIT));
        }
    }

    private static void assertFailedHere(RequestFailedException failed) {
        assertThat(failed.why()).isEqualTo(Why.FAILED_HERE);
        assertThat(failed.mayHaveRun()).isFalse();
    }

    @Test
    void one_whose_future_has_no_memory_for_a_cancellation_is_not_asked() throws Exception {
        var started = new AtomicReference<Thread>();
        var submitted = new SubmittedRequests((name, body) -> {
            started.set(Thread.ofVirtual().name(name).unstarted(body));
            return started.get();
        });
        var answer = new CompletableFuture<ByteBuffer>() {
            @Override
            public CompletableFuture<ByteBuffer> whenComplete(
                    BiConsumer<? super ByteBuffer, ? super Throwable> action) {
                throw new OutOfMemoryError("no memory, on purpose");
            }
        };

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> submitted.start(answer, () -> words("answer")));

        assertThat(started.get().getState()).isEqualTo(Thread.State.NEW);
        assertThat(answer).isNotDone();
    }
}
