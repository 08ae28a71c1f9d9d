package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.askOfKey;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.scripted;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people complain of who ask pools of other projects: about requests that wait, run, end and are lost.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class PoolComplaintsTest {

    @TempDir
    private Path folder;

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan(int workers) {
        return WorkerPlan.of(worker()).workers(workers).onEvent(events);
    }

    @Test
    void requests_that_find_no_free_workers_are_bounded_and_in_sight() throws Exception {
        try (Workers workers = plan(1).queue(10).start()) {
            List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
            all.add(submit(workers, "hang"));
            awaitBusy(workers, 1);
            for (int i = 0; i < 10; i++) {
                all.add(submit(workers, "pid"));
            }
            awaitWaiting(workers, 10);

            assertThat(failure(workers, "pid").why()).isEqualTo(Why.REFUSED);
            assertThat(workers.statistics().waiting()).isEqualTo(10);
            assertThat(workers.statistics().underWay()).isEqualTo(1);
            assertThat(all).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void nobody_is_stuck_when_a_worker_neither_answers_nor_exits() throws Exception {
        try (Workers workers = plan(1).start()) {
            var stuck = new FutureTask<>(() -> failure(workers, "hang").why());
            Thread thread = Thread.ofPlatform().start(stuck);
            awaitBusy(workers, 1);
            thread.interrupt();
            assertThat(stuck.get()).isEqualTo(Why.CANCELLED);

            assertThat(failure(workers, "hang", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            assertThat(ask(workers, "pid")).isPositive();
        }
    }

    @Test
    void no_slot_leaks_with_cancellations_timeouts_and_deaths() throws Exception {
        try (Workers workers = plan(2).start()) {
            for (int i = 0; i < 3; i++) {
                CompletableFuture<ByteBuffer> cancelled = submit(workers, "hang");
                awaitBusy(workers, 1);
                assertThat(cancelled.cancel(true)).isTrue();
                assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
                assertThat(failure(workers, "hang", SHORT).why()).isIn(Why.EXPIRED_RUNNING, Why.EXPIRED_WAITING);
            }

            awaitReady(workers);
            Path end = folder.resolve("end");
            List<CompletableFuture<ByteBuffer>> both =
                    List.of(submit(workers, "until " + end), submit(workers, "until " + end));
            awaitBusy(workers, 2);
            Files.createFile(end);
            assertThat(text(both.getFirst().get()))
                    .isNotEqualTo(text(both.getLast().get()));
        }
    }

    @Test
    void killed_by_us_and_crashed_do_not_look_the_same() throws Exception {
        try (Workers workers = plan(1).start()) {
            assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
            awaitReady(workers);
            assertThat(failure(workers, "hang", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            assertThat(events.await(WorkerEvent.Failed.class, 1))
                    .singleElement()
                    .satisfies(failed -> assertThat(failed.how()).contains("Exited[code=7]", "asked to die"));
            assertThat(events.await(WorkerEvent.Retired.class, 1))
                    .singleElement()
                    .satisfies(retired -> assertThat(retired.why()).isEqualTo("it has not answered in time"));
        }
    }

    @Test
    void a_late_request_says_which_worker_has_it_and_what_that_has_printed() throws Exception {
        Path said = folder.resolve("said");
        Command stuck = python("-c", """
                import signal, sys
                from multiprocessing.connection import Connection
                Connection(3).recv_bytes()
                print('stuck', file=sys.stderr, flush=True)
                open(sys.argv[1], 'w').close()
                signal.pause()
                """, said.toString());
        try (Workers workers = WorkerPlan.of(stuck).workers(1).start()) {
            Await.until(
                    () -> lateOnce(said, workers)
                            .matches("the deadline has passed before the answer came; worker 0, process \\d+; "
                                    + "its last lines: stuck; it may have run"),
                    LIMIT); // the lines are read by another thread, a little later
        }
    }

    /// Returns what is said of a request that is late once there is a file, which is deleted.
    private static String lateOnce(Path file, Workers workers) {
        var deadline = new MovableDeadline(Deadline.never());
        var late = CompletableFuture.supplyAsync(() -> failure(workers, words("hang"), deadline));
        Await.until(() -> Files.exists(file), LIMIT);
        assertThat(file.toFile().delete()).isTrue();
        deadline.expire();
        return late.join().getMessage();
    }

    @Test
    void callers_with_too_little_time_take_no_worker_from_others() throws Exception {
        try (Workers workers = plan(1).giveUpAfter(2).start()) {
            awaitReady(workers);
            for (int i = 0; i < 4; i++) {
                assertThat(failure(workers, "hang", SHORT).why()).isIn(Why.EXPIRED_RUNNING, Why.EXPIRED_WAITING);
            }

            assertThat(ask(workers, "pid")).isPositive();
            assertThat(events.await(WorkerEvent.Retired.class, 1)).isNotEmpty();
            assertThat(events.of(WorkerEvent.BackedOff.class)).isEmpty();
        }
    }

    @Test
    void a_request_that_kills_each_worker_takes_none_from_others() throws Exception {
        try (Workers workers =
                plan(1).readyBy(LIMIT, words("pid")).giveUpAfter(2).start()) {
            for (int i = 0; i < 4; i++) {
                assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
            }

            assertThat(ask(workers, "pid")).isPositive();
            assertThat(events.await(WorkerEvent.Failed.class, 4))
                    .extracting(WorkerEvent.Failed::failuresInARow)
                    .containsOnly(1);
            assertThat(events.of(WorkerEvent.GaveUp.class)).isEmpty();
            assertThat(events.await(WorkerEvent.BackedOff.class, 3)) // or each request would start a process
                    .extracting(pause -> pause.pause().toMillis())
                    .containsExactly(100L, 200L, 400L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void workers_that_end_as_soon_as_they_are_ready_are_started_after_pauses(int waiting) throws Exception {
        try (Workers workers = plan(1).readyBy(LIMIT, words("answer_and_exit")).start()) {
            for (int i = 0; i < waiting; i++) {
                var _ = submit(workers, "pid");
            }
            assertThat(events.await(WorkerEvent.BackedOff.class, 2)).isNotEmpty();
        }
    }

    @Test
    void restarts_are_counted() throws Exception {
        try (Workers workers = plan(1).start()) {
            for (int i = 0; i < 2; i++) {
                awaitReady(workers);
                assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
            }
            awaitReady(workers);

            assertThat(workers.statistics().workersFailed()).isEqualTo(2);
            assertThat(workers.statistics().workersStarted()).isEqualTo(3);
            assertThat(events.await(WorkerEvent.Failed.class, 2).getLast().failuresInARow())
                    .isEqualTo(2);
        }
    }

    @Test
    void the_crash_count_does_not_span_the_whole_life() throws Exception {
        try (Workers workers = plan(1).giveUpAfter(2).start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(workers, "pid")).isPositive();
                assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);
            }

            assertThat(ask(workers, "pid")).isPositive();
            assertThat(events.await(WorkerEvent.Failed.class, 3))
                    .extracting(WorkerEvent.Failed::failuresInARow)
                    .containsOnly(1);
            assertThat(events.of(WorkerEvent.GaveUp.class)).isEmpty();
        }
    }

    @Test
    void requests_that_stick_to_a_worker_that_has_left_do_not_wait_for_it() throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers = scripted(script).workers(2).start()) {
            awaitReady(workers);
            long own = askOfKey(workers, "key");
            Files.writeString(script, NEVER_READY);
            var running = new FutureTask<>(() -> workers.call("key", words("hang"), Deadline.never()));
            Thread.startVirtualThread(running);
            awaitBusy(workers, 1);
            var waiting = new FutureTask<>(() -> askOfKey(workers, "key"));
            Thread.startVirtualThread(waiting);
            awaitWaiting(workers, 1);

            signal("-KILL", own);

            assertThat(waiting.get()).isNotEqualTo(own);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(running::get)
                    .withCauseInstanceOf(RequestFailedException.class);
        }
    }

    @Test
    void recycling_neither_hangs_nor_strands_work() throws Exception {
        try (Workers workers = plan(2).recycleAfter(1).start()) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(workers.submit(words("pid"), Deadline.after(LIMIT)));
            }
            Set<String> pids = new HashSet<>();
            for (CompletableFuture<ByteBuffer> answer : answers) {
                pids.add(text(answer.get()));
            }
            while (pids.size() < 4) {
                pids.add(Long.toString(ask(workers, "pid")));
            }

            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void both_ends_full_is_no_deadlock() throws Exception {
        String much = "echo " + "x".repeat(1 << 20);
        try (Workers workers = NumberedWorkers.plan().workers(1).atOnce(8).start()) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(workers.submit(words(much), Deadline.after(LIMIT)));
            }

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(text(answer.get())).isEqualTo(much));
        }
    }

    @Test
    void an_answer_that_is_sent_at_exit_is_not_lost() throws Exception {
        try (Workers workers = plan(1).start()) {
            for (int i = 0; i < 3; i++) {
                awaitReady(workers);
                assertThat(ask(workers, "answer_and_exit")).isPositive();
                assertThat(events.await(WorkerEvent.Failed.class, i + 1)).hasSize(i + 1);
            }
        }
    }

    @Test
    void an_aborted_head_of_the_queue_does_not_block_those_behind_it() throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = plan(1).start()) {
            CompletableFuture<ByteBuffer> running = submit(workers, "until " + end);
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> head = submit(workers, "pid");
            awaitWaiting(workers, 1);
            CompletableFuture<ByteBuffer> behind = submit(workers, "pid");
            awaitWaiting(workers, 2);

            assertThat(head.cancel(true)).isTrue();
            awaitWaiting(workers, 1);
            Files.createFile(end);

            assertThat(text(behind.get())).isEqualTo(text(running.get()));
            assertThat(events.of(WorkerEvent.Retired.class)).isEmpty();
        }
    }

    @Test
    void a_drain_waits_for_what_waits_and_runs_and_refuses_the_rest() throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = plan(1).start()) {
            CompletableFuture<ByteBuffer> running = submit(workers, "until " + end);
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> waiting = submit(workers, "pid");
            awaitWaiting(workers, 1);
            var drain = new FutureTask<>(() -> {
                workers.drain(Deadline.after(LIMIT));
                return running.isDone() && waiting.isDone();
            });
            Thread.startVirtualThread(drain);
            Await.until(() -> failure(workers, "pid", SHORT).why() == Why.REFUSED, LIMIT);
            Files.createFile(end);

            assertThat(drain.get()).isTrue();
            assertThat(text(waiting.get())).isEqualTo(text(running.get()));
        }
    }

    @Test
    void boot_time_is_not_counted_as_hanging() throws Exception {
        Path booted = folder.resolve("booted");
        Command slow = python("-c", WORKER.replace("try:", """
                while not os.path.exists('%s'):
                    time.sleep(0.005)
                try:""".formatted(booted)));
        try (Workers workers = WorkerPlan.of(slow)
                .workers(1)
                .readyBy(LIMIT, words("ready?"))
                .onEvent(events)
                .start()) {
            assertThat(failure(workers, "pid", SHORT).why()).isEqualTo(Why.EXPIRED_WAITING);
            Files.createFile(booted);

            assertThat(ask(workers, "pid"))
                    .isEqualTo(events.of(WorkerEvent.Started.class).getFirst().pid());
        }
    }
}
