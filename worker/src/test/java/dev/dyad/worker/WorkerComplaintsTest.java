package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitGone;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.pids;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Limit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people complain of who ask pools of other projects: about workers that are started, die, are replaced and
/// ended.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class WorkerComplaintsTest {

    @TempDir
    private Path folder;

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan(Command command, int workers) {
        return WorkerPlan.of(command).workers(workers).onEvent(events);
    }

    private WorkerPlan plan(int workers) {
        return plan(worker(), workers);
    }

    @Test
    void what_a_worker_prints_on_stdout_is_not_among_its_answers() throws Exception {
        Command printing = python(
                        "-c", WORKER.replace("parent.send_bytes", "print('debug', flush=True); parent.send_bytes"))
                .stdout(Stdio.ignore());
        try (Workers workers = plan(printing, 1).start()) {
            assertThat(ask(workers, "pid")).isEqualTo(ask(workers, "pid"));
        }
    }

    @Test
    void a_script_that_fails_at_import_is_told_at_once_and_not_cryptic() throws Exception {
        Command broken = python("-c", "import no_such_module");
        try (Workers workers = plan(broken, 1)
                .readyBy(Duration.ofDays(1), words("ready?"))
                .giveUpAfter(1)
                .start()) {
            assertThat(failure(workers, "pid", LIMIT))
                    .hasMessageContaining("Command[python3]")
                    .hasMessageContaining("No module named 'no_such_module'");
        }
    }

    @Test
    void a_worker_that_never_gets_ready_has_a_time_limit() throws Exception {
        try (Workers workers = plan(python("-c", NEVER_READY), 1)
                .readyBy(SHORT, words("ready?"))
                .giveUpAfter(1)
                .start()) {
            assertThat(failure(workers, "pid", LIMIT).why()).isEqualTo(Why.NO_WORKERS);
            awaitGone(events.of(WorkerEvent.Started.class).getFirst().pid());
        }
    }

    @Test
    void a_system_exit_in_user_code_does_not_hang_its_request() throws Exception {
        try (Workers workers = plan(1).start()) {
            assertThat(failure(workers, "exit"))
                    .satisfies(left -> assertThat(left.why()).isEqualTo(Why.CHANNEL_ENDED))
                    .hasMessageContaining("asked to exit");
        }
    }

    @Test
    void a_segfault_is_noticed() throws Exception {
        try (Workers workers = plan(1).start()) {
            assertThat(failure(workers, "crash")).hasMessageContaining("Signaled[signal=11");
        }
    }

    @Test
    void an_idle_worker_that_died_is_not_given_the_next_request() throws Exception {
        try (Workers workers = plan(1).start()) {
            long before = ask(workers, "pid");
            signal("-KILL", before);
            WorkerEvent.Failed _ = events.await(WorkerEvent.Failed.class, 1).getFirst();

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
        }
    }

    @Test
    void the_death_of_one_does_not_break_all() throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = plan(2).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> other = submit(workers, "until " + end);
            awaitBusy(workers, 1);

            RequestFailedException died = failure(workers, "die");

            assertThat(died.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(died.mayHaveRun()).isTrue();
            assertThat(died.closed())
                    .hasValue(new Closed.ChildEnded(new Exit.Exited(7), false, List.of("asked to die")));
            Files.createFile(end);
            assertThat(other.get().remaining()).isPositive();
            awaitReady(workers);
        }
    }

    @Test
    void workers_that_are_lost_are_refilled() throws Exception {
        try (Workers workers = plan(3).start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);
            for (long pid : before) {
                signal("-KILL", pid);
            }
            var _ = events.await(WorkerEvent.Failed.class, 3);
            awaitReady(workers);

            assertThat(pids(workers)).hasSize(3).doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void workers_that_are_lost_are_no_zombies() throws Exception {
        try (Workers workers = plan(1).start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
            }
            awaitReady(workers);

            Await.until(() -> ProcessHandle.current().children().count() == 1, LIMIT); // a zombie is one
        }
    }

    @Test
    void restarts_are_no_storm() throws Exception {
        try (Workers workers = plan(Command.of("false"), 1).start()) {
            assertThat(events.await(WorkerEvent.BackedOff.class, 3).subList(0, 3))
                    .extracting(pause -> pause.pause().toMillis())
                    .containsExactly(100L, 200L, 400L);
            assertThat(events.of(WorkerEvent.Started.class)).hasSizeLessThanOrEqualTo(5);
            assertThat(workers.workers().getFirst().pid()).isZero();
        }
    }

    @Test
    void a_worker_that_replaced_another_is_not_killed_in_a_loop() throws Exception {
        try (Workers workers = plan(1).readyBy(LIMIT, words("ready?")).start()) {
            awaitReady(workers);
            workers.reload(Deadline.after(LIMIT));
            long second = ask(workers, "pid");

            for (int i = 0; i < 100; i++) {
                assertThat(ask(workers, "pid")).isEqualTo(second);
            }
            assertThat(events.of(WorkerEvent.Retired.class)).hasSize(1);
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void a_worker_that_leaks_memory_is_replaced() throws Exception {
        try (Workers workers = plan(1).recycleAbove(80 << 20).start()) {
            long first = ask(workers, "eat");

            Await.until(() -> !pids(workers).contains(first), LIMIT);
            assertThat(events.await(WorkerEvent.Retired.class, 1).getFirst().why())
                    .contains("bytes of memory");
            assertThat(ask(workers, "pid")).isNotEqualTo(first);
        }
    }

    @Test
    void a_worker_without_memory_leaves_nobody_hanging() throws Exception {
        Command bounded = worker().limit(Limit.AS, 80 << 20);
        try (Workers workers = plan(bounded, 2).start()) {
            assertThat(failure(workers, "eat")).hasMessageContaining("MemoryError");
            assertThat(ask(workers, "pid")).isPositive();
        }
    }

    @Test
    void the_kill_after_the_grace_time_comes() throws Exception {
        Command deaf = python(
                        "-c",
                        """
                import signal
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                """ + WORKER.replace("except EOFError:", "finally:").replace("    pass", "    signal.pause()"))
                .patience(SHORT, SHORT);
        long pid;
        try (Workers workers = plan(deaf, 1).start()) {
            pid = ask(workers, "pid");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void an_end_is_graceful() throws Exception {
        Path saved = folder.resolve("saved");
        Command saving = python("-c", WORKER.replace("    pass", "    open('%s', 'w').close()".formatted(saved)))
                .patience(LIMIT, LIMIT);
        try (Workers workers = plan(saving, 1).start()) {
            assertThat(ask(workers, "pid")).isPositive();
        }
        assertThat(saved).exists();
    }

    @Test
    void a_fast_start_and_stop_leaves_no_process() {
        for (int i = 0; i < 10; i++) {
            plan(2).start().close();
        }
        assertThat(events.of(WorkerEvent.Started.class))
                .allSatisfy(
                        started -> assertThat(ProcessHandle.of(started.pid())).isEmpty());
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void a_wrapper_does_not_hide_the_end_from_its_worker() throws Exception {
        Command wrapped = Command.of("sh", "-c", "python3 -c \"$0\"; true", WORKER)
                .processGroup()
                .patience(SHORT, SHORT);
        Workers workers = plan(wrapped, 1).start();
        long inner;
        try (workers) {
            inner = ask(workers, "pid");
            assertThat(inner).isNotEqualTo(workers.workers().getFirst().pid());
            CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            awaitBusy(workers, 1);
        }
        awaitGone(inner);
    }

    /// Ends, or is killed by itself, while a request may be under way.
    static final class ParentOfWorkers {
        public static void main(String[] arguments) throws Exception {
            Workers workers = WorkerPlan.of(worker()).workers(2).start();
            awaitReady(workers);
            System.out.println(ask(workers, "pid"));
            CompletableFuture<ByteBuffer> _ = submit(workers, "pid");
            if (arguments[0].equals("killed")) {
                signal("-KILL", ProcessHandle.current().pid());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ended", "killed"})
    void no_worker_outlives_its_parent_which_a_pool_does_not_hold_up(String how) throws Exception {
        JavaProbe.Result result = JavaProbe.of(ParentOfWorkers.class, how).run();

        assertThat(result.exit()).as(result.toString()).isEqualTo(how.equals("killed") ? 137 : 0);
        awaitGone(Long.parseLong(result.outText().strip()));
    }
}
