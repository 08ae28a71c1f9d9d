package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.python;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pools whose workers hang, are deaf, crash or never come, and what those who ask are told.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkerFaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    /// Answers with its pid.
    private static final String WORKER = """
            import os, signal, sys
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    request = parent.recv_bytes().decode()
                    if request == 'die':
                        os._exit(7)
                    if request == 'hang':
                        signal.pause()
                    parent.send_bytes(str(os.getpid()).encode())
            except EOFError:
                pass
            """;

    private static final String NEVER_READY = "import signal; signal.pause()";
    private static final String DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n";

    /// Answers several at once, with dyad.py.
    private static final String NUMBERED = """
            import os, sys, time
            sys.path.insert(0, sys.argv[1])
            import dyad
            def handle(request):
                if request.body == b'crash':
                    time.sleep(0.3)
                    os._exit(3)
                return str(os.getpid()).encode()
            dyad.serve(handle)
            """;

    private final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

    private WorkerPlan plan(Command command) {
        return WorkerPlan.of(command).onEvent(events::add);
    }

    private WorkerPlan plan() {
        return plan(python("-c", WORKER));
    }

    private WorkerPlan numbered() {
        String folder = Path.of(System.getProperty("dyad.root"), "children").toString();
        return plan(python("-c", NUMBERED, folder)).exchange(Exchange.NUMBERED);
    }

    /// Returns a plan of a script that a test may replace.
    private WorkerPlan scripted(Path script) throws Exception {
        Files.writeString(script, WORKER);
        return plan(python(script.toString())).readyBy(LIMIT, UTF_8.encode("ready?"));
    }

    private static RequestFailedException failure(Workers workers, ByteBuffer request, Duration within) {
        try {
            workers.call(request, Deadline.after(within));
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer");
    }

    private static RequestFailedException failure(Workers workers, String request, Duration within) {
        return failure(workers, UTF_8.encode(request), within);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(Command.of("kill", name, Long.toString(pid)).output().isSuccess())
                .isTrue();
    }

    private <E extends WorkerEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <E extends WorkerEvent> void awaitEvents(Class<E> type, int number) {
        Await.until(() -> events(type).size() >= number, LIMIT);
    }

    private static void awaitReady(Workers workers) throws Exception {
        workers.awaitReady(Deadline.after(LIMIT));
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

    private static Map<Integer, String> workersOfKeys(Workers workers) throws Exception {
        Map<Integer, String> owners = new HashMap<>();
        for (int key = 0; key < 50; key++) {
            owners.put(key, text(workers.call(key, UTF_8.encode("who?"), Deadline.after(LIMIT))));
        }
        return owners;
    }

    @Test
    void a_spare_takes_the_keys_of_the_one_that_is_away_and_no_others(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers = scripted(script).workers(2).spares(1).start()) {
            awaitReady(workers);
            Map<Integer, String> before = workersOfKeys(workers);
            Files.writeString(script, NEVER_READY);
            long away = workers.workers().getFirst().pid();
            String spare = Long.toString(workers.workers().getLast().pid());
            signal("-KILL", away);
            awaitEvents(WorkerEvent.Failed.class, 1);

            Map<Integer, String> after = workersOfKeys(workers);

            before.replaceAll((_, owner) -> owner.equals(Long.toString(away)) ? spare : owner);
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void a_numbered_worker_that_reads_nothing_is_replaced_though_nothing_can_be_sent_to_it() throws Exception {
        try (Workers workers = numbered().workers(1).atOnce(64).start()) {
            long before = Long.parseLong(text(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT))));
            signal("-STOP", before);
            for (int i = 0; i < 40; i++) { // until there is no room
                CompletableFuture<ByteBuffer> _ = workers.submit(ByteBuffer.allocate(20_000), Deadline.never());
            }
            Await.until(() -> workers.workers().getFirst().underWay() == 40, LIMIT);

            assertThat(failure(workers, "who?", SHORT).why()).isEqualTo(Why.EXPIRED_WAITING);

            awaitEvents(WorkerEvent.Retired.class, 1);
            assertThat(text(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT))))
                    .isNotEqualTo(Long.toString(before));
        }
    }

    @Test
    void workers_that_hang_and_do_not_end_are_not_many() throws Exception {
        Command deaf = python("-c", DEAF + WORKER).patience(Duration.ZERO, Duration.ofMinutes(10));
        try (Workers workers =
                plan(deaf).workers(1).readyBy(LIMIT, UTF_8.encode("ready?")).start()) {
            for (int i = 0; i < 6; i++) {
                awaitReady(workers);
                assertThat(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT))
                                .remaining())
                        .isPositive();
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
        return events(WorkerEvent.Started.class).stream()
                .map(WorkerEvent.Started::pid)
                .filter(pid -> ProcessHandle.of(pid).isPresent())
                .toList();
    }

    @Test
    void a_drain_that_a_close_cuts_short_says_so() throws Exception {
        Workers workers = plan().workers(1).start();
        CompletableFuture<ByteBuffer> _ = workers.submit(UTF_8.encode("hang"), Deadline.never());
        Await.until(() -> workers.workers().getFirst().underWay() == 1, LIMIT);
        var drain = new FutureTask<>(() -> {
            workers.drain(Deadline.never());
            return null;
        });
        Thread.startVirtualThread(drain);
        Await.until(() -> failure(workers, "who?", SHORT).reason().contains("no more requests"), LIMIT);

        workers.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(drain::get)
                .withCauseInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void a_numbered_worker_that_crashes_after_it_was_late_is_told_with_its_exit() throws Exception {
        try (Workers workers = numbered().workers(1).atOnce(4).start()) {
            workers.awaitReady(Deadline.after(LIMIT)); // or it would wait for that
            assertThat(failure(workers, "crash", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            awaitEvents(WorkerEvent.Failed.class, 1);
            assertThat(events(WorkerEvent.Failed.class).getFirst().how()).contains("code=3");
            assertThat(events(WorkerEvent.Retired.class)).isEmpty();
        }
    }

    @Test
    void a_large_request_to_a_worker_that_reads_nothing_is_late() throws Exception {
        try (Workers workers = plan().workers(1).start()) {
            long before = Long.parseLong(text(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT))));
            signal("-STOP", before);

            RequestFailedException late = failure(workers, ByteBuffer.allocate(5 << 20), SHORT);

            assertThat(late.why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThat(late.mayHaveRun()).isTrue();
            awaitEvents(WorkerEvent.Retired.class, 1);
            assertThat(events(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void all_futures_are_done_once_it_is_closed() {
        for (int run = 0; run < 10; run++) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            Workers workers = plan().workers(1).start();
            for (int i = 0; i < 500; i++) {
                answers.add(workers.submit(UTF_8.encode("who?"), Deadline.never()));
            }

            workers.close();

            assertThat(answers).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void what_waits_for_an_answer_may_drain_and_close() throws Exception {
        Workers workers = plan().workers(1).start();
        CompletableFuture<Void> closed = workers.submit(UTF_8.encode("who?"), Deadline.after(LIMIT))
                .thenAccept(_ -> {
                    try {
                        workers.drain(Deadline.after(LIMIT));
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    workers.close();
                });

        assertThat(closed).succeedsWithin(LIMIT);
    }

    @Test
    void giving_up_is_told_once_however_often_a_process_is_started() throws Exception {
        try (Workers workers =
                plan(Command.of("sh", "-c", "exit 3")).workers(1).giveUpAfter(1).start()) {
            awaitEvents(WorkerEvent.Failed.class, 5);

            assertThat(events(WorkerEvent.GaveUp.class)).hasSize(1);
            assertThat(workers.workers().getFirst().generation()).isPositive();
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
            awaitEvents(WorkerEvent.Failed.class, 2);

            List<WorkerEvent.Failed> failed = events(WorkerEvent.Failed.class);
            assertThat(failed).extracting(WorkerEvent.Failed::pid).containsExactly(first, second);
            assertThat(failed)
                    .extracting(WorkerEvent.Failed::how)
                    .satisfiesExactly(
                            how -> assertThat(how).startsWith("the child has ended: Exited[code=7]"),
                            how -> assertThat(how).startsWith("the child has ended: Signaled[signal=9,"));
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
        try (Workers workers = plan(broken)
                .workers(1)
                .readyBy(LIMIT, UTF_8.encode("ready?"))
                .giveUpAfter(2)
                .start()) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.awaitReady(Deadline.after(LIMIT)))
                    .withMessageContaining("no model")
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.NO_WORKERS));
        }
        try (Workers workers = plan(python("-c", NEVER_READY))
                .workers(1)
                .readyBy(LIMIT, UTF_8.encode("ready?"))
                .start()) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> workers.awaitReady(Deadline.after(SHORT)))
                    .withMessageContaining("worker 0 is not ready");
        }
        Workers closed = plan().workers(1).start();
        closed.close();
        assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> awaitReady(closed));
    }
}
