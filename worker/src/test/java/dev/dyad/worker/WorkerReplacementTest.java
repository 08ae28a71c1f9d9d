package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.pids;
import static dev.dyad.worker.PythonWorkers.scripted;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers that are replaced by others, and what that takes.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkerReplacementTest {

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan() {
        return WorkerPlan.of(worker()).onEvent(events);
    }

    @Test
    void a_worker_is_replaced_at_an_age() throws Exception {
        try (Workers workers =
                plan().workers(1).recycleAfter(Duration.ofMillis(300)).start()) {
            long first = ask(workers, "pid");

            Await.until(() -> pids(workers).stream().noneMatch(pid -> pid == first), LIMIT);
            assertThat(ask(workers, "pid")).isNotEqualTo(first);
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void a_reload_replaces_every_worker_and_fails_no_request(@TempDir Path folder) throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = plan().workers(2).start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);
            CompletableFuture<ByteBuffer> running = submit(workers, "until " + end);
            awaitBusy(workers, 1);

            workers.reload(Deadline.after(LIMIT));

            assertThat(pids(workers)).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(running).isNotDone();
            Files.createFile(end);
            assertThat(running.get().remaining()).isPositive();
            Await.until(
                    () -> before.stream().allMatch(pid -> ProcessHandle.of(pid).isEmpty()), LIMIT);
        }
    }

    @Test
    void a_reload_leaves_places_that_are_not_needed_alone() throws Exception {
        try (Workers workers = plan().workers(1, 3).start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);

            workers.reload(Deadline.after(LIMIT));

            assertThat(pids(workers)).hasSize(1).doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void a_successor_that_fails_is_tried_again_after_pauses_while_the_old_one_answers(@TempDir Path folder)
            throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers =
                scripted(script).workers(1).recycleAfter(1).onEvent(events).start()) {
            awaitReady(workers);
            Files.writeString(script, "raise SystemExit('a bad release')");
            long pid = ask(workers, "pid");

            while (events.of(WorkerEvent.BackedOff.class).size() < 2) {
                assertThat(ask(workers, "pid")).isEqualTo(pid);
            }
        }
    }

    @Test
    void up_to_a_tenth_is_taken_off_so_that_not_all_are_replaced_together() {
        assertThat(LongStream.range(0, 1_000).map(_ -> Workers.shorten(1_000)).boxed())
                .allMatch(requests -> requests >= 900 && requests <= 1_000)
                .satisfies(all -> assertThat(new HashSet<>(all)).hasSizeGreaterThan(10));
        assertThat(Workers.shorten(1)).isOne();
    }
}
