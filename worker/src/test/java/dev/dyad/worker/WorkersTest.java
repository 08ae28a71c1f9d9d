package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.askOfKey;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pools of workers, which any number of threads may ask.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkersTest {

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan() {
        return WorkerPlan.of(worker()).onEvent(events);
    }

    @Test
    void a_plan_says_what_it_is_without_arguments() {
        Command python = Command.of("python3", "--password=secret");

        assertThat(WorkerPlan.of(python).workers(1)).hasToString("WorkerPlan[Command[python3], 1 worker]");
        assertThat(WorkerPlan.of(List.of(python, Command.of("ssh"))).workers(2, 4))
                .hasToString("WorkerPlan[[Command[python3], Command[ssh]], 2 to 4 workers]");
    }

    @Test
    void a_request_is_answered_by_a_worker() throws Exception {
        try (Workers workers = plan().start()) {
            assertThat(ask(workers, "pid")).isPositive();
            assertThat(workers.workers()).hasSize(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void ten_thousand_virtual_threads_share_the_workers() throws Exception {
        try (Workers workers = plan().workers(2).queue(10_000).start()) {
            awaitReady(workers);
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                answers.add(workers.submit(words("pid"), Deadline.after(LIMIT)));
            }
            Set<String> pids = new HashSet<>();
            for (CompletableFuture<ByteBuffer> answer : answers) {
                pids.add(text(answer.get()));
            }

            assertThat(pids).hasSize(2);
        }
    }

    @Test
    void ten_thousand_virtual_threads_may_wait_in_a_call() throws Exception {
        try (Workers workers = plan().workers(2).queue(10_000).start()) {
            awaitReady(workers);
            List<FutureTask<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                var call = new FutureTask<>(() -> ask(workers, "pid"));
                calls.add(call);
                Thread.startVirtualThread(call);
            }
            Set<Long> pids = new HashSet<>();
            for (FutureTask<Long> call : calls) {
                pids.add(call.get());
            }

            assertThat(pids).hasSize(2);
            assertThat(workers.statistics().answered()).isEqualTo(10_000);
        }
    }

    @Test
    void a_deadline_that_has_passed_harms_no_worker() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long pid = ask(workers, "pid");

            for (int i = 0; i < 10; i++) {
                RequestFailedException late = failure(workers, "pid", Duration.ZERO);
                assertThat(late.why()).isEqualTo(Why.EXPIRED_WAITING);
                assertThat(late.mayHaveRun()).isFalse();
            }
            assertThat(ask(workers, "pid")).isEqualTo(pid);
        }
    }

    @Test
    void a_key_whose_hash_fails_harms_its_own_request_only() throws Exception {
        Object bad = new Object() {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        };
        try (Workers workers = plan().workers(1).start()) {
            assertThatIllegalStateException().isThrownBy(() -> askOfKey(workers, bad));

            assertThat(ask(workers, "pid")).isPositive();
        }
    }

    @Test
    void what_is_null_takes_no_place() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            assertThatNullPointerException().isThrownBy(() -> workers.call(words("pid"), null));
            assertThatNullPointerException().isThrownBy(() -> workers.submit(words("pid"), null));

            assertThat(ask(workers, "pid")).isPositive();
            assertThat(workers.workers().getFirst().underWay()).isZero();
        }
    }

    @Test
    void a_request_that_is_cancelled_ends_its_worker_which_has_not_failed() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = ask(workers, "pid");
            CompletableFuture<ByteBuffer> hanging = submit(workers, "hang");
            awaitBusy(workers, 1);

            assertThat(hanging.cancel(true)).isTrue();

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void one_may_wait_until_all_are_ready_spares_as_well() throws Exception {
        try (Workers workers = plan().workers(2).spares(1).start()) {
            awaitReady(workers);

            assertThat(workers.workers()).hasSize(3).allMatch(worker -> worker.state() == Worker.State.READY);
        }
    }

    @Test
    void one_that_waits_for_workers_is_told_why_they_are_not_ready() throws Exception {
        Command broken = python("-c", "raise SystemExit('no model')");
        try (Workers workers = WorkerPlan.of(broken)
                .workers(1)
                .readyBy(LIMIT, words("ready?"))
                .giveUpAfter(2)
                .start()) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.awaitReady(Deadline.after(LIMIT)))
                    .withMessageContaining("no model")
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.NO_WORKERS));
        }
        try (Workers workers = WorkerPlan.of(python("-c", NEVER_READY))
                .workers(1)
                .readyBy(LIMIT, words("ready?"))
                .start()) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> workers.awaitReady(Deadline.after(SHORT)))
                    .withMessageContaining("worker 0 is not ready");
        }
        Workers closed = plan().workers(1).start();
        closed.close();
        assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> awaitReady(closed));
    }

    @Test
    void a_worker_that_is_not_ready_is_shown_with_its_process() throws Exception {
        try (Workers workers = WorkerPlan.of(Command.of("sleep", "1000"))
                .workers(1)
                .readyBy(LIMIT, ByteBuffer.allocate(1))
                .start()) {
            Await.until(() -> workers.workers().getFirst().pid() != 0, LIMIT);

            Worker first = workers.workers().getFirst();
            assertThat(first.state()).isEqualTo(Worker.State.STARTING);
            assertThat(first.generation()).isZero();
            assertThat(ProcessHandle.of(first.pid())).isPresent();
        }
    }

    @Test
    void a_pool_says_in_a_log_how_it_fares() throws Exception {
        Workers workers = plan().workers(2).start();
        try (workers) {
            awaitReady(workers);
            assertThat(workers).hasToString("Workers[Command[python3]: 2 ready; 0 wait]");
            for (int i = 0; i < 3; i++) {
                CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            }
            awaitBusy(workers, 2);
            awaitWaiting(workers, 1);
            assertThat(workers).hasToString("Workers[Command[python3]: 2 busy; 1 wait]");
        }
        assertThat(workers).hasToString("Workers[Command[python3]: none; 0 wait]");
        try (Workers two = WorkerPlan.of(List.of(Command.of("cat"), Command.of("cat")))
                .workers(2)
                .start()) {
            assertThat(two.toString()).startsWith("Workers[Command[cat] and 1 more: ");
        }
    }
}
