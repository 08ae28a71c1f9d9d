package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.signal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers that have several requests at once, and hang or crash.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class NumberedPoolTest {

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
