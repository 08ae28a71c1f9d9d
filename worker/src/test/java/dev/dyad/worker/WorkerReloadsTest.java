package dev.dyad.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reloads that do not wait until the new worker is ready, which begins when a file is there.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkerReloadsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String WORKER = """
            import os, sys, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            if not os.path.exists(sys.argv[1]):
                sys.stderr.write('it waits for a file\\n' * 10000) # more than is read ahead: some was read by then
                sys.stderr.flush()
                open(sys.argv[1] + '.waits', 'w').close()
            while not os.path.exists(sys.argv[1]):
                time.sleep(0.01)
            try:
                while True:
                    parent.send_bytes(parent.recv_bytes())
            except EOFError:
                pass
            """;

    private final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void one_in_a_pause_after_failures_starts_a_worker_at_once() {
        PoolSettings settings = WorkerPlan.of(Command.of("none")).workers(1).settings();
        var pool = new Pool(settings, new PoolHost(null, events::add, () -> 0, most -> most));
        Place place = pool.places().getFirst();
        for (int i = 0; i < 2; i++) {
            assertThat(pool.untilStart(place)).isZero();
            pool.notStarted(place, "broken");
        }
        assertThat(pool.untilStart(place)).isPositive();

        Reload reload = pool.beginReload(place);

        assertThat(pool.untilStart(place)).isZero();
        pool.notStarted(place, "broken still");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(reload::isDone)
                .withMessage("worker 0 was not replaced: broken still");
        assertThat(pool.untilStart(place)).isPositive(); // it is one more failure of the row
        reload.close();
    }

    private Workers start(Path begin) throws Exception {
        Files.createFile(begin);
        Workers workers = ready(PythonWorkers.python("-c", WORKER, begin.toString()));
        Files.delete(begin);
        return workers;
    }

    private Workers ready(Command worker) throws Exception {
        Workers workers = WorkerPlan.of(worker)
                .workers(1)
                .readyBy(LIMIT, UTF_8.encode("ready?"))
                .onEvent(events::add)
                .start();
        workers.awaitReady(soon());
        return workers;
    }

    private long started() {
        return events.stream().filter(WorkerEvent.Started.class::isInstance).count();
    }

    private static long pid(Workers workers) {
        return workers.workers().getFirst().pid();
    }

    private static FutureTask<Void> reloading(Workers workers, Deadline deadline) {
        var reload = new FutureTask<Void>(() -> {
            workers.reload(deadline);
            return null;
        });
        Thread.startVirtualThread(reload);
        return reload;
    }

    /// Has a reload wait no longer, whose worker is being started.
    private void expire(FutureTask<Void> reload, MovableDeadline deadline) {
        Await.until(() -> started() == 2, LIMIT);
        deadline.expire();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(reload::get)
                .withMessageContaining("not ready in time");
    }

    private static Deadline soon() {
        return Deadline.after(LIMIT);
    }

    @Test
    void one_that_waits_no_longer_takes_nothing_from_another(@TempDir Path folder) throws Exception {
        Path begin = folder.resolve("begin");
        try (Workers workers = start(begin)) {
            long before = pid(workers);
            FutureTask<Void> other = reloading(workers, soon());
            Await.until(() -> started() == 2, LIMIT);
            var deadline = new MovableDeadline(soon());
            FutureTask<Void> late = reloading(workers, deadline);
            expire(late, deadline);

            Files.createFile(begin);

            assertThat(other.get()).isNull();
            assertThat(pid(workers)).isNotEqualTo(before);
        }
    }

    @Test
    void the_one_after_one_that_waits_no_longer_needs_one_start(@TempDir Path folder) throws Exception {
        Path begin = folder.resolve("begin");
        try (Workers workers = start(begin)) {
            long before = pid(workers);
            var deadline = new MovableDeadline(soon());
            expire(reloading(workers, deadline), deadline);
            assertThat(pid(workers)).isEqualTo(before);

            FutureTask<Void> next = reloading(workers, soon());
            Files.createFile(begin);

            assertThat(next.get()).isNull();
            assertThat(started()).isEqualTo(3); // the first one, the one that nobody waits for, and this
        }
    }

    @Test
    void one_that_waits_no_longer_ends_what_it_has_started_and_says_what_that_printed(@TempDir Path folder)
            throws Exception {
        Path begin = folder.resolve("begin");
        try (Workers workers = start(begin)) {
            long before = pid(workers);
            var deadline = new MovableDeadline(soon());
            FutureTask<Void> reload = reloading(workers, deadline);
            Await.until(() -> Files.exists(folder.resolve("begin.waits")), LIMIT);
            deadline.expire();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(reload::get)
                    .withMessageContaining("not ready in time; its last lines: ")
                    .withMessageContaining("it waits for a file");

            Await.until(() -> events.stream().anyMatch(WorkerEvent.Retired.class::isInstance), LIMIT);
            assertThat(pid(workers)).isEqualTo(before);
            assertThat(started()).isEqualTo(2);
            assertThat(events).noneMatch(WorkerEvent.Failed.class::isInstance);
        }
    }

    @Test
    void the_one_after_one_that_waits_no_longer_takes_the_script_that_is_there_now(@TempDir Path folder)
            throws Exception {
        Path script = folder.resolve("worker.py");
        Files.writeString(script, PythonWorkers.WORKER);
        try (Workers workers = ready(PythonWorkers.python(script.toString()))) {
            Files.writeString(script, PythonWorkers.NEVER_READY);
            var deadline = new MovableDeadline(soon());
            expire(reloading(workers, deadline), deadline);
            Files.writeString(script, PythonWorkers.WORKER);

            workers.reload(soon());

            assertThat(started()).isEqualTo(3);
            assertThat(PythonWorkers.ask(workers, "pid")).isEqualTo(pid(workers));
            assertThat(events).noneMatch(WorkerEvent.Failed.class::isInstance);
        }
    }

    @Test
    void one_that_waits_for_a_later_start_does_not_fail_of_an_earlier_one(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("worker.py");
        Files.writeString(script, PythonWorkers.WORKER);
        try (Workers workers = ready(PythonWorkers.python(script.toString()))) {
            Files.writeString(script, PythonWorkers.NEVER_READY);
            FutureTask<Void> first = reloading(workers, soon());
            Await.until(() -> started() == 2, LIMIT);
            long candidate = ((WorkerEvent.Started) events.getLast()).pid();
            FutureTask<Void> second = new FutureTask<>(() -> {
                workers.reload(soon());
                return null;
            });
            Thread thread = Thread.startVirtualThread(second);
            Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING, LIMIT);
            Files.writeString(script, PythonWorkers.WORKER);

            PythonWorkers.signal("-KILL", candidate);

            assertThatExceptionOfType(ExecutionException.class).isThrownBy(first::get);
            assertThat(second.get()).isNull();
            assertThat(started()).isEqualTo(3);
        }
    }

    @Test
    void one_that_is_interrupted_leaves_the_old_worker(@TempDir Path folder) throws Exception {
        Path begin = folder.resolve("begin");
        try (Workers workers = start(begin)) {
            long before = pid(workers);
            var reload = new FutureTask<Void>(() -> {
                workers.reload(soon());
                return null;
            });
            Thread thread = Thread.startVirtualThread(reload);
            Await.until(() -> started() == 2, LIMIT);
            thread.interrupt();
            thread.join();
            assertThat(reload.state()).isEqualTo(Future.State.FAILED);

            Files.createFile(begin);

            Await.until(() -> events.stream().anyMatch(WorkerEvent.Retired.class::isInstance), LIMIT);
            assertThat(pid(workers)).isEqualTo(before);
        }
    }
}
