package dev.dyad.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.dyad.harness.Await;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pools of workers in Python that do as they are asked.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkersTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// Answers `pid` with its pid, and does what else it is told.
    private static final String WORKER = """
            import os, signal, sys, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    request = parent.recv_bytes().decode()
                    if request == 'die':
                        print('asked to die', file=sys.stderr, flush=True)
                        os._exit(7)
                    if request == 'hang':
                        signal.pause()
                    if request == 'nap':
                        time.sleep(0.05)
                    if request == 'eat':
                        eaten = bytearray(100 << 20)
                    parent.send_bytes(str(os.getpid()).encode())
            except EOFError:
                pass
            """;

    private final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

    private static Command python() {
        return PythonWorkers.python("-c", WORKER);
    }

    private WorkerPlan plan() {
        return WorkerPlan.of(python()).onEvent(events::add);
    }

    private static long ask(Workers workers, String request) throws RequestFailedException {
        return Long.parseLong(UTF_8.decode(workers.call(UTF_8.encode(request), Deadline.after(LIMIT)))
                .toString());
    }

    private static void awaitReady(Workers workers) {
        Await.until(() -> workers.workers().stream().allMatch(worker -> worker.state() == Worker.State.READY), LIMIT);
    }

    private static RequestFailedException failure(Workers workers, String request, Deadline deadline) {
        try {
            workers.call(UTF_8.encode(request), deadline);
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer to " + request);
    }

    @Test
    void a_request_is_answered_by_a_worker() throws Exception {
        try (Workers workers = plan().start()) {
            assertThat(ask(workers, "pid")).isPositive();
            assertThat(workers.workers()).hasSize(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void requests_go_to_the_worker_that_has_least_to_do() throws Exception {
        List<CompletableFuture<ByteBuffer>> hanging = new ArrayList<>();
        try (Workers workers = plan().workers(3).start()) {
            awaitReady(workers);
            for (int i = 1; i <= 2; i++) {
                hanging.add(workers.submit(UTF_8.encode("hang"), Deadline.never()));
                awaitBusy(workers, i);
            }
            Set<Long> pids = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                pids.add(ask(workers, "pid"));
            }

            assertThat(pids).hasSize(1);
        }
        assertThat(hanging)
                .allSatisfy(answer -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(answer::get)
                        .withCauseInstanceOf(RequestFailedException.class));
    }

    private static void awaitBusy(Workers workers, int number) {
        Await.until(
                () -> workers.workers().stream()
                                .filter(worker -> worker.state() == Worker.State.BUSY)
                                .count()
                        == number,
                LIMIT);
    }

    @Test
    void a_worker_that_dies_fails_its_own_request_and_is_replaced() throws Exception {
        try (Workers workers = plan().workers(2).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> other = workers.submit(UTF_8.encode("nap"), Deadline.never());

            RequestFailedException died = failure(workers, "die", Deadline.never());

            assertThat(died.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(died.mayHaveRun()).isTrue();
            var child = (Closed.ChildEnded) died.closed().orElseThrow();
            assertThat(child.exit()).isEqualTo(new Exit.Exited(7));
            assertThat(child.lastLines()).containsExactly("asked to die");
            assertThat(other.get().remaining()).isPositive();
            awaitReady(workers);
            assertThat(ask(workers, "pid")).isPositive();
        }
    }

    @Test
    void an_idle_worker_that_is_killed_is_replaced_before_anybody_asks_it() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = ask(workers, "pid");
            kill(before);
            Await.until(() -> events.stream().anyMatch(WorkerEvent.Failed.class::isInstance), LIMIT);

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
        }
    }

    @Test
    void a_worker_that_is_late_is_replaced_and_never_asked_again() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = ask(workers, "pid");

            RequestFailedException late = failure(workers, "hang", Deadline.after(Duration.ofMillis(200)));

            assertThat(late.why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            Await.until(() -> ProcessHandle.of(before).isEmpty(), LIMIT);
        }
    }

    @Test
    void a_request_that_waits_too_long_is_told_from_one_that_runs_too_long() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> hanging = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);

            RequestFailedException late = failure(workers, "pid", Deadline.after(Duration.ofMillis(20)));

            assertThat(late.why()).isEqualTo(Why.EXPIRED_WAITING);
            assertThat(late.mayHaveRun()).isFalse();
            assertThat(workers.waiting()).isZero();
            assertThat(hanging).isNotDone();
        }
    }

    @Test
    void the_queue_is_bounded() throws Exception {
        try (Workers workers = plan().workers(1).queue(1).start()) {
            awaitReady(workers);
            CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("pid"), Deadline.never());
            Await.until(() -> workers.waiting() == 1, LIMIT);

            assertThat(failure(workers, "pid", Deadline.never()).why()).isEqualTo(Why.REFUSED);
        }
    }

    @Test
    void requests_fail_once_every_worker_fails_and_say_how() throws Exception {
        Command command =
                Command.of("sh", "-c", "echo no model found >&2; exit 3").stderr(Stdio.lastLines(10));
        try (Workers workers = WorkerPlan.of(command)
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .workers(1)
                .giveUpAfter(2)
                .onEvent(events::add)
                .start()) {
            RequestFailedException none = failure(workers, "pid", Deadline.never());

            assertThat(none.why()).isEqualTo(Why.NO_WORKERS);
            assertThat(none.mayHaveRun()).isFalse();
            assertThat(none).hasMessageContaining("no model found").hasMessageContaining("code=3");
            Await.until(() -> events.stream().anyMatch(WorkerEvent.GaveUp.class::isInstance), LIMIT);
        }
    }

    @Test
    void a_command_that_is_not_there_is_told() throws Exception {
        try (Workers workers = WorkerPlan.of(Command.of("no-such-program"))
                .workers(1)
                .giveUpAfter(1)
                .start()) {
            assertThat(failure(workers, "pid", Deadline.never())).hasMessageContaining("no-such-program");
        }
    }

    @Test
    void nothing_is_sent_to_a_worker_before_it_is_ready() throws Exception {
        try (Workers workers =
                plan().readyBy(LIMIT, UTF_8.encode("nap")).workers(1).start()) {
            assertThat(ask(workers, "pid")).isPositive();
            assertThat(workers.workers().getFirst().answered()).isEqualTo(1); // not what made it ready
        }
    }

    @Test
    void a_worker_is_replaced_after_so_many_requests_by_one_that_is_ready() throws Exception {
        try (Workers workers = plan().workers(1).recycleAfter(5).start()) {
            Set<Long> pids = new HashSet<>();
            for (int i = 0; i < 200 && pids.size() < 4; i++) {
                pids.add(ask(workers, "nap"));
            }

            assertThat(pids).hasSize(4);
            assertThat(events).noneMatch(WorkerEvent.Failed.class::isInstance);
        }
    }

    @Test
    void what_may_run_twice_is_asked_again_as_often_as_was_said() throws Exception {
        try (Workers workers = plan().workers(2).askAgain(1).start()) {
            awaitReady(workers);

            assertThat(failure(workers, "die", Deadline.never()).why()).isEqualTo(Why.CHANNEL_ENDED);
            Await.until(
                    () -> events.stream()
                                    .filter(WorkerEvent.Failed.class::isInstance)
                                    .count()
                            == 2,
                    LIMIT);
        }
    }

    @Test
    void ten_thousand_virtual_threads_share_the_workers() throws Exception {
        try (Workers workers = plan().workers(2).queue(10_000).start()) {
            awaitReady(workers);
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                answers.add(workers.submit(UTF_8.encode("pid"), Deadline.after(LIMIT)));
            }
            Set<String> pids = new HashSet<>();
            for (CompletableFuture<ByteBuffer> answer : answers) {
                pids.add(UTF_8.decode(answer.get()).toString());
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
    void a_close_ends_what_waits_and_what_runs_and_leaves_nothing() throws Exception {
        Workers workers = plan().workers(2).start();
        awaitReady(workers);
        List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(workers.submit(UTF_8.encode("hang"), Deadline.never()));
        }
        Await.until(() -> workers.waiting() == 3, LIMIT);
        List<Long> pids = workers.workers().stream().map(Worker::pid).toList();

        workers.close();

        assertThat(pids).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
        assertThat(answers)
                .allSatisfy(answer -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(answer::get)
                        .withCauseInstanceOf(RequestFailedException.class));
        assertThat(failure(workers, "pid", Deadline.never()).why()).isEqualTo(Why.REFUSED);
        workers.close();
    }

    @Test
    void a_reload_replaces_every_worker_and_fails_no_request() throws Exception {
        try (Workers workers = plan().workers(2).start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);
            CompletableFuture<ByteBuffer> running = workers.submit(UTF_8.encode("nap"), Deadline.never());

            workers.reload(Deadline.after(LIMIT));

            assertThat(pids(workers)).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(running.get().remaining()).isPositive();
            Await.until(
                    () -> before.stream().allMatch(pid -> ProcessHandle.of(pid).isEmpty()), LIMIT);
        }
    }

    private static Set<Long> pids(Workers workers) {
        Set<Long> pids = new HashSet<>();
        workers.workers().forEach(worker -> pids.add(worker.pid()));
        return pids;
    }

    @Test
    void a_reload_keeps_the_old_where_the_new_does_not_get_ready(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("worker.py"), WORKER);
        Command command = Command.of("python3", script.toString()).stderr(Stdio.lastLines(10));
        try (Workers workers = WorkerPlan.of(command)
                .workers(2)
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);
            Files.writeString(script, "raise SystemExit('a bad release')");

            assertThatIOException()
                    .isThrownBy(() -> workers.reload(Deadline.after(LIMIT)))
                    .withMessageContaining("a bad release");
            assertThat(pids(workers)).isEqualTo(before);
            assertThat(before).contains(ask(workers, "pid"));
        }
    }

    @Test
    void a_drain_waits_for_what_waits_and_runs_and_refuses_the_rest() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                answers.add(workers.submit(UTF_8.encode("nap"), Deadline.never()));
            }
            Await.until(() -> workers.waiting() + workers.workers().getFirst().underWay() == 5, LIMIT);

            workers.drain(Deadline.after(LIMIT));

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.get().remaining()).isPositive());
            assertThat(failure(workers, "pid", Deadline.never()).why()).isEqualTo(Why.REFUSED);
        }
    }

    @Test
    void a_drain_has_a_deadline() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> workers.drain(Deadline.after(Duration.ofMillis(10))));
        }
    }

    @Test
    void a_command_that_fails_harms_no_worker_of_another() throws Exception {
        Command broken = Command.of("sh", "-c", "exit 3");
        try (Workers workers = WorkerPlan.of(List.of(broken, python()))
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .workers(2)
                .giveUpAfter(1)
                .onEvent(events::add)
                .start()) {
            for (int i = 0; i < 10; i++) {
                assertThat(ask(workers, "pid")).isPositive();
            }

            Await.until(() -> events.stream().anyMatch(WorkerEvent.BackedOff.class::isInstance), LIMIT);
            assertThat(workers.workers().get(0).pid()).isZero();
            assertThat(workers.workers().get(1).answered()).isEqualTo(10);
        }
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private static long ofKey(Workers workers, Object key) throws RequestFailedException {
        return Long.parseLong(UTF_8.decode(workers.call(key, UTF_8.encode("pid"), Deadline.after(LIMIT)))
                .toString());
    }

    @Test
    void the_requests_of_a_key_go_to_one_worker() throws Exception {
        try (Workers workers = plan().workers(4).start()) {
            awaitReady(workers);
            Map<Integer, Long> first = new HashMap<>();
            for (int key = 0; key < 100; key++) {
                first.put(key, ofKey(workers, key));
            }
            assertThat(new HashSet<>(first.values())).hasSize(4);
            for (int key = 0; key < 100; key++) {
                assertThat(ofKey(workers, key)).isEqualTo(first.get(key));
            }
        }
    }

    @Test
    void a_request_of_a_key_waits_for_its_worker_though_others_are_free() throws Exception {
        try (Workers workers = plan().workers(2).start()) {
            awaitReady(workers);
            long own = ofKey(workers, "key");
            CompletableFuture<Long> napping = CompletableFuture.supplyAsync(() -> {
                try {
                    workers.call("key", UTF_8.encode("nap"), Deadline.after(LIMIT));
                    return ofKey(workers, "key");
                } catch (RequestFailedException e) {
                    throw new AssertionError(e);
                }
            });
            awaitBusy(workers, 1);

            assertThat(ofKey(workers, "key")).isEqualTo(own);
            assertThat(napping.get()).isEqualTo(own);
        }
    }

    @Test
    void a_spare_steps_in_where_a_worker_is_away() throws Exception {
        try (Workers workers = plan().workers(1).spares(1).start()) {
            awaitReady(workers);
            assertThat(workers.workers()).hasSize(2);
            long first = ask(workers, "pid");
            long spare = workers.workers().get(1).pid();
            assertThat(first).isNotEqualTo(spare);

            assertThat(failure(workers, "die", Deadline.never()).why()).isEqualTo(Why.CHANNEL_ENDED);

            assertThat(ask(workers, "pid")).isIn(spare, workers.workers().get(0).pid());
            awaitReady(workers);
            assertThat(workers.workers()).hasSize(2);
        }
    }

    @Test
    void more_workers_are_started_while_requests_wait_up_to_the_most() throws Exception {
        try (Workers workers = plan().workers(1, 2).start()) {
            awaitReady(workers);
            assertThat(workers.workers()).hasSize(1);
            CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);

            assertThat(ask(workers, "pid")).isEqualTo(workers.workers().get(1).pid());
            assertThat(workers.workers()).hasSize(2);
        }
    }

    @Test
    void a_worker_is_replaced_at_an_age() throws Exception {
        try (Workers workers =
                plan().workers(1).recycleAfter(Duration.ofMillis(300)).start()) {
            long first = ask(workers, "pid");

            Await.until(() -> pids(workers).stream().noneMatch(pid -> pid == first), LIMIT);
            assertThat(ask(workers, "pid")).isNotEqualTo(first);
            assertThat(events).noneMatch(WorkerEvent.Failed.class::isInstance);
        }
    }

    @Test
    void a_worker_that_uses_too_much_memory_is_replaced() throws Exception {
        try (Workers workers = plan().workers(1).recycleAbove(80 << 20).start()) {
            long first = ask(workers, "eat");

            Await.until(() -> pids(workers).stream().noneMatch(pid -> pid == first), LIMIT);
            assertThat(ask(workers, "pid")).isNotEqualTo(first);
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
    void no_more_are_asked_than_there_are_workers_however_many_spares() throws Exception {
        try (Workers workers = plan().workers(1).spares(3).start()) {
            Await.until(() -> workers.workers().size() == 4, LIMIT);
            awaitReady(workers);
            CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);

            CompletableFuture<ByteBuffer> waits = workers.submit(UTF_8.encode("pid"), Deadline.never());
            Await.until(() -> workers.waiting() == 1 || waits.isDone(), LIMIT);
            assertThat(waits).isNotDone();
        }
    }

    @Test
    void a_successor_that_fails_is_tried_again_after_pauses_while_the_old_one_answers(@TempDir Path folder)
            throws Exception {
        Path script = Files.writeString(folder.resolve("worker.py"), WORKER);
        Command command = Command.of("python3", script.toString()).stderr(Stdio.lastLines(10));
        try (Workers workers = WorkerPlan.of(command)
                .workers(1)
                .recycleAfter(1)
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .onEvent(events::add)
                .start()) {
            awaitReady(workers);
            Files.writeString(script, "raise SystemExit('a bad release')");
            long pid = ask(workers, "pid");

            while (events.stream()
                            .filter(WorkerEvent.BackedOff.class::isInstance)
                            .count()
                    < 2) {
                assertThat(ask(workers, "pid")).isEqualTo(pid);
            }
        }
    }

    @Test
    void a_request_that_is_cancelled_ends_its_worker_which_has_not_failed() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = ask(workers, "pid");
            CompletableFuture<ByteBuffer> hanging = workers.submit(UTF_8.encode("hang"), Deadline.never());
            awaitBusy(workers, 1);

            assertThat(hanging.cancel(true)).isTrue();

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            assertThat(events).noneMatch(WorkerEvent.Failed.class::isInstance);
        }
    }

    @Test
    void more_are_started_one_after_the_other_while_requests_go_on_waiting() throws Exception {
        try (Workers workers = plan().workers(1, 3).start()) {
            awaitReady(workers);
            for (int i = 0; i < 4; i++) {
                CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
            }

            awaitBusy(workers, 3);
            assertThat(workers.waiting()).isOne();
        }
    }

    @Test
    void a_drain_waits_for_what_was_submitted_before_it() throws Exception {
        try (Workers workers = plan().workers(2).start()) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(workers.submit(UTF_8.encode("pid"), Deadline.after(LIMIT)));
            }

            workers.drain(Deadline.after(LIMIT));

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.get().remaining()).isPositive());
        }
    }

    @Test
    void a_deadline_that_has_passed_harms_no_worker() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long pid = ask(workers, "pid");

            for (int i = 0; i < 10; i++) {
                RequestFailedException late = failure(workers, "pid", Deadline.after(Duration.ZERO));
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
            assertThatIllegalStateException().isThrownBy(() -> ofKey(workers, bad));

            assertThat(ask(workers, "pid")).isPositive();
        }
    }

    @Test
    void what_is_null_takes_no_place() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            assertThatNullPointerException().isThrownBy(() -> workers.call(UTF_8.encode("pid"), null));
            assertThatNullPointerException().isThrownBy(() -> workers.submit(UTF_8.encode("pid"), null));

            assertThat(ask(workers, "pid")).isPositive();
            assertThat(workers.workers().getFirst().underWay()).isZero();
        }
    }

    @Test
    void a_numbered_worker_that_hangs_is_replaced_and_swallows_no_more() throws Exception {
        Command numbered = Command.of(
                        "python3",
                        Path.of(System.getProperty("dyad.root"), "children/numbered.py")
                                .toString())
                .patience(Duration.ZERO, Duration.ofSeconds(1));
        try (Workers workers = WorkerPlan.of(numbered)
                .exchange(Exchange.NUMBERED)
                .workers(1)
                .atOnce(4)
                .onEvent(events::add)
                .start()) {
            assertThat(workers.call(UTF_8.encode("a"), Deadline.after(LIMIT)).remaining())
                    .isPositive();
            long before = workers.workers().getFirst().pid();
            assertThat(Command.of("kill", "-STOP", Long.toString(before))
                            .output()
                            .isSuccess())
                    .isTrue();

            assertThat(failure(workers, "b", Deadline.after(Duration.ofMillis(100)))
                            .why())
                    .isEqualTo(Why.EXPIRED_RUNNING);

            Await.until(() -> events.stream().anyMatch(WorkerEvent.Retired.class::isInstance), LIMIT);
            assertThat(workers.call(UTF_8.encode("c"), Deadline.after(LIMIT)).remaining())
                    .isPositive();
            assertThat(workers.workers().getFirst().pid()).isNotEqualTo(before);
        }
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
    void a_plan_that_makes_no_sense_is_refused_at_once() {
        assertThatIllegalArgumentException().isThrownBy(() -> WorkerPlan.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().workers(0));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().workers(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().spares(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().recycleAfter(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().recycleAbove(0));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().queue(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().atOnce(2).start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan().exchange(Exchange.GORIDGE).atOnce(2).start());
        assertThatIllegalArgumentException().isThrownBy(() -> plan().recycleAfter(0));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().giveUpAfter(0));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().askAgain(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> plan().readyBy(Duration.ZERO, ByteBuffer.allocate(0)));
    }

    @Test
    void a_command_whose_workers_nobody_can_ask_is_refused_before_any_is_started() {
        Command mute = python().withoutSocket();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerPlan.of(mute).start())
                .withMessage("""
                        no worker of Command[python3] could be asked: it has no socket, so say stdin(Stdio.pipe()) and \
                        stdout(Stdio.pipe())""");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerPlan.of(List.of(python(), mute.stdin(Stdio.pipe())))
                        .start());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> WorkerPlan.of(mute.stdout(Stdio.pipeToChild())).start());
    }

    @Test
    void a_worker_is_asked_over_its_standard_streams() throws Exception {
        Command echo =
                Command.of("cat").withoutSocket().stdin(Stdio.pipeToChild()).stdout(Stdio.pipe());
        try (Workers workers = WorkerPlan.of(echo).workers(2).start()) {
            assertThat(UTF_8.decode(workers.call(UTF_8.encode("hello"), Deadline.after(LIMIT)))
                            .toString())
                    .isEqualTo("hello");
        }
    }
}
