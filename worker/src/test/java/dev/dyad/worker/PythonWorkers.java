package dev.dyad.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Workers in Python that do as they are asked, and how the tests ask them.
final class PythonWorkers {

    /// For how long a test waits for what is sure to come.
    static final Duration LIMIT = Duration.ofSeconds(30);

    /// For how long it waits for what does not come.
    static final Duration SHORT = Duration.ofMillis(100);

    /// Answers with its pid, and does what else it is told before: `until` waits until there is a file.
    static final String WORKER = """
            import os, signal, sys, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    what, _, argument = parent.recv_bytes().decode().partition(' ')
                    if what == 'die':
                        print('asked to die', file=sys.stderr, flush=True)
                        os._exit(7)
                    if what == 'crash':
                        os.kill(os.getpid(), signal.SIGSEGV)
                    if what == 'exit':
                        sys.exit('asked to exit')
                    if what == 'hang':
                        signal.pause()
                    if what == 'until':
                        while not os.path.exists(argument):
                            time.sleep(0.005)
                    if what == 'eat':
                        eaten = bytearray(100 << 20)
                    parent.send_bytes(str(os.getpid()).encode())
                    if what == 'answer_and_exit':
                        os._exit(0)
                    if what == 'answer_and_leave':
                        parent.close()
                        open(argument, 'w').close()
                        signal.pause()
            except EOFError:
                pass
            """;

    /// Never gets ready, if it is asked for that.
    static final String NEVER_READY = "import signal; signal.pause()";

    private PythonWorkers() {}

    /// Returns a command whose last lines are kept, and that is soon killed where it does not end.
    static Command python(String... arguments) {
        List<String> line = new ArrayList<>(List.of("python3"));
        line.addAll(List.of(arguments));
        return Command.of(line).stderr(Stdio.lastLines(10)).patience(Duration.ZERO, Duration.ofSeconds(1));
    }

    static Command worker() {
        return python("-c", WORKER);
    }

    /// Returns a plan of a script that a test may replace.
    static WorkerPlan scripted(Path script) throws Exception {
        Files.writeString(script, WORKER);
        return WorkerPlan.of(python(script.toString())).readyBy(LIMIT, UTF_8.encode("ready?"));
    }

    static ByteBuffer words(String request) {
        return UTF_8.encode(request);
    }

    static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    static long ask(Workers workers, String request) throws RequestFailedException {
        return Long.parseLong(text(workers.call(words(request), Deadline.after(LIMIT))));
    }

    static long askOfKey(Workers workers, Object key) throws RequestFailedException {
        return Long.parseLong(text(workers.call(key, words("pid"), Deadline.after(LIMIT))));
    }

    static CompletableFuture<ByteBuffer> submit(Workers workers, String request) {
        return workers.submit(words(request), Deadline.never());
    }

    static RequestFailedException failure(Workers workers, ByteBuffer request, Deadline deadline) {
        try {
            workers.call(request, deadline);
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer");
    }

    static RequestFailedException failure(Workers workers, String request, Duration within) {
        return failure(workers, words(request), Deadline.after(within));
    }

    static RequestFailedException failure(Workers workers, String request) {
        return failure(workers, words(request), Deadline.never());
    }

    static void awaitReady(Workers workers) throws Exception {
        workers.awaitReady(Deadline.after(LIMIT));
    }

    /// Waits until so many have something to do.
    static void awaitBusy(Workers workers, int number) {
        Await.until(
                () -> workers.workers().stream()
                                .filter(worker -> worker.state() == Worker.State.BUSY)
                                .count()
                        == number,
                LIMIT);
    }

    static void awaitWaiting(Workers workers, int number) {
        Await.until(() -> workers.waiting() == number, LIMIT);
    }

    static void awaitGone(long pid) {
        Await.until(() -> ProcessHandle.of(pid).isEmpty(), LIMIT);
    }

    static Set<Long> pids(Workers workers) {
        Set<Long> pids = new HashSet<>();
        workers.workers().forEach(worker -> pids.add(worker.pid()));
        return pids;
    }

    static void signal(String name, long pid) throws Exception {
        assertThat(Command.of("kill", name, Long.toString(pid)).output().isSuccess())
                .isTrue();
    }
}
