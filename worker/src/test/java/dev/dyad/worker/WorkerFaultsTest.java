package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.scripted;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pools whose workers hang, are deaf, crash or never come, and what those who ask are told.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkerFaultsTest {

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan(Command command) {
        return WorkerPlan.of(command).onEvent(events);
    }

    private WorkerPlan plan() {
        return plan(worker());
    }

    @Test
    void what_ran_before_its_worker_ended_may_have_run_however_it_fails_then(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers = scripted(script).workers(1).askAgain(1).start()) {
            awaitReady(workers);
            Files.writeString(script, NEVER_READY);

            RequestFailedException failed = failure(workers, "die", SHORT);

            assertThat(failed.why()).isEqualTo(Why.EXPIRED_WAITING);
            assertThat(failed.mayHaveRun()).isTrue();
        }
    }

    @Test
    void workers_that_hang_and_do_not_end_are_not_many() throws Exception {
        Command deaf = python("-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WORKER)
                .patience(Duration.ZERO, Duration.ofMinutes(10));
        try (Workers workers =
                plan(deaf).workers(1).readyBy(LIMIT, words("ready?")).start()) {
            for (int i = 0; i < 6; i++) {
                awaitReady(workers);
                assertThat(ask(workers, "pid")).isPositive();
                assertThat(failure(workers, "hang", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);
            }
            awaitReady(workers);

            Await.until(() -> alive().size() <= 2, LIMIT); // the last one that hangs, and the one that is asked
            for (long pid : alive()) {
                signal("-KILL", pid);
            }
        }
    }

    private List<Long> alive() {
        return events.of(WorkerEvent.Started.class).stream()
                .map(WorkerEvent.Started::pid)
                .filter(pid -> ProcessHandle.of(pid).isPresent())
                .toList();
    }

    @Test
    void a_large_request_to_a_worker_that_reads_nothing_is_late() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = ask(workers, "pid");
            signal("-STOP", before);

            RequestFailedException late = failure(workers, ByteBuffer.allocate(5 << 20), Deadline.after(SHORT));

            assertThat(late.why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThat(late.mayHaveRun()).isTrue();
            var _ = events.await(WorkerEvent.Retired.class, 1);
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void giving_up_is_told_once_however_often_a_process_is_started() throws Exception {
        try (Workers workers =
                plan(Command.of("sh", "-c", "exit 3")).workers(1).giveUpAfter(1).start()) {
            var _ = events.await(WorkerEvent.Failed.class, 5);

            assertThat(events.of(WorkerEvent.GaveUp.class)).hasSize(1);
            assertThat(workers.workers().getFirst().generation()).isPositive();
        }
    }

    /// It has often closed its end before it is asked its first question, and its exit is not known yet.
    @Test
    void one_that_ends_before_it_has_answered_at_all_is_told_with_its_exit_and_its_last_lines() throws Exception {
        Command command =
                Command.of("sh", "-c", "echo no licence >&2; exec 3>&-; exit 3").stderr(Stdio.lastLines(10));
        try (Workers _ = plan(command)
                .workers(1)
                .readyBy(LIMIT, UTF_8.encode("ready?"))
                .giveUpAfter(1_000)
                .start()) {
            var _ = events.await(WorkerEvent.Failed.class, 6);

            assertThat(events.of(WorkerEvent.Failed.class))
                    .allSatisfy(failed -> assertThat(failed.how()).contains("Exited[code=3]", "no licence"));
        }
    }

    @Test
    void a_failure_tells_the_process_and_its_end_in_one_form() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            awaitReady(workers);
            long first = workers.workers().getFirst().pid();
            assertThat(failure(workers, "die", LIMIT).why()).isEqualTo(Why.CHANNEL_ENDED);
            awaitReady(workers);
            long second = workers.workers().getFirst().pid();
            signal("-KILL", second);
            var _ = events.await(WorkerEvent.Failed.class, 2);

            List<WorkerEvent.Failed> failed = events.of(WorkerEvent.Failed.class);
            assertThat(failed).extracting(WorkerEvent.Failed::pid).containsExactly(first, second);
            assertThat(failed)
                    .extracting(WorkerEvent.Failed::how)
                    .satisfiesExactly(
                            how -> assertThat(how).startsWith("the child has ended: Exited[code=7]"),
                            how -> assertThat(how).startsWith("the child has ended: Signaled[signal=9,"));
        }
    }

    @Test
    void a_command_that_fails_harms_no_worker_of_another() throws Exception {
        Command broken = Command.of("sh", "-c", "exit 3");
        try (Workers workers = WorkerPlan.of(List.of(broken, worker()))
                .readyBy(LIMIT, words("pid"))
                .workers(2)
                .giveUpAfter(1)
                .onEvent(events)
                .start()) {
            for (int i = 0; i < 10; i++) {
                assertThat(ask(workers, "pid")).isPositive();
            }

            var _ = events.await(WorkerEvent.BackedOff.class, 1);
            assertThat(workers.workers().get(0).pid()).isZero();
            assertThat(workers.workers().get(1).answered()).isEqualTo(10);
        }
    }
}
