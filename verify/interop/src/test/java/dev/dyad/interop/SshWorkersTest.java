package dev.dyad.interop;

import static dev.dyad.interop.RemoteCommands.overPipes;
import static dev.dyad.interop.RemoteCommands.ssh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Workers that a pool reaches by `ssh`, through a real `sshd` on a loopback address.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(120)
class SshWorkersTest {

    static final Duration LIMIT = Duration.ofSeconds(60);

    /// Answers with its pid, or with its arguments, and does what else it is told.
    static final String WORKER = """
            import os, signal, sys
            from multiprocessing.connection import Connection
            requests, answers = Connection(0, writable=False), Connection(1, readable=False)
            try:
                while True:
                    request = requests.recv_bytes().decode()
                    if request == 'die':
                        print('asked to die', file=sys.stderr, flush=True)
                        os._exit(7)
                    if request == 'hang':
                        signal.pause()
                    answers.send_bytes(repr(sys.argv[1:] if request == 'arguments' else os.getpid()).encode())
            except EOFError:
                pass
            """;

    @TempDir
    private Path folder;

    private SshServer server;
    private final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Interpreters.require("python3");
        server = SshServer.start(folder);
        Files.writeString(script(), WORKER);
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        try (SshServer started = server) {
            Await.until(() -> started == null || started.sessions() == 0, LIMIT); // null where there is no sshd
        }
    }

    private Path script() {
        return folder.resolve("it's a worker.py");
    }

    private Command remote(String... arguments) {
        var words = new ArrayList<>(List.of("python3", script().toString()));
        words.addAll(List.of(arguments));
        return overPipes(ssh(server.options(), server.address(), words.toArray(String[]::new)));
    }

    private WorkerPlan plan(Command... commands) {
        return WorkerPlan.of(List.of(commands))
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .workers(commands.length)
                .onEvent(events::add);
    }

    private static String ask(Workers workers, String request) {
        return ask(workers, request, request);
    }

    static String ask(Workers workers, Object key, String request) {
        try {
            ByteBuffer answer = workers.call(key, UTF_8.encode(request), Deadline.after(LIMIT));
            return UTF_8.decode(answer).toString();
        } catch (RequestFailedException e) {
            throw new AssertionError(request, e);
        }
    }

    private static RequestFailedException failure(Workers workers, String request, Deadline deadline) {
        return failure(workers, request, request, deadline);
    }

    static RequestFailedException failure(Workers workers, Object key, String request, Deadline deadline) {
        try {
            workers.call(key, UTF_8.encode(request), deadline);
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer to " + request);
    }

    static void awaitState(Workers workers, int place, Worker.State state) {
        Await.until(() -> workers.workers().get(place).state() == state, LIMIT);
    }

    @Test
    void workers_over_their_standard_streams_answer() throws Exception {
        String worker = ChildLanguage.inChildren("worker_stdio.py").toString();
        List<String> machines = List.of(server.address(), "localhost");
        try (Workers workers = RemoteCommands.start(server.options(), machines, worker)) {
            for (String request : List.of("hello", "", "我 😀", "x".repeat(300_000))) {
                assertThat(ask(workers, request)).isEqualTo(request.toUpperCase(Locale.ROOT));
            }
            awaitState(workers, 0, Worker.State.READY);
            awaitState(workers, 1, Worker.State.READY);
            assertThat(server.sessions()).isGreaterThanOrEqualTo(2);
            assertThat(server.controlSocket())
                    .as("a connection that others share")
                    .doesNotExist();
        }
    }

    @Test
    void the_launcher_asks_workers_over_ssh() throws Exception {
        String worker = ChildLanguage.inChildren("worker_stdio.py").toString();

        Launcher.Run run = Launcher.dyad(
                        "pool",
                        "--stdio",
                        "--workers",
                        "2",
                        "--",
                        "ssh",
                        "-F",
                        server.options().getLast(),
                        "-S",
                        "none",
                        "-T",
                        server.address(),
                        "python3",
                        worker)
                .run("hello\nand more\n".getBytes(UTF_8));

        assertThat(run.err()).isEmpty();
        assertThat(run.text()).isEqualTo("HELLO\nAND MORE\n");
    }

    @Test
    void words_arrive_as_they_are() throws Exception {
        try (Workers workers = plan(remote("a  b", "it's", "\"$HOME\"", "*", "", "\\", "`id`", "我", "a\nb", "-x"))
                .start()) {
            assertThat(ask(workers, "arguments")).isEqualTo("""
                            ['a  b', "it's", '"$HOME"', '*', '', '\\\\', '`id`', '我', 'a\\nb', '-x']""");
        }
    }

    @Test
    void a_worker_that_dies_tells_its_exit_and_its_last_lines_from_there() throws Exception {
        try (Workers workers = plan(remote()).start()) {
            RequestFailedException died = failure(workers, "die", Deadline.after(LIMIT));

            assertThat(died.why()).isEqualTo(Why.CHANNEL_ENDED);
            var child = (Closed.ChildEnded) died.closed().orElseThrow();
            assertThat(child.exit()).isEqualTo(new Exit.Exited(7));
            assertThat(child.lastLines()).containsExactly("asked to die");
            assertThat(Long.parseLong(ask(workers, "pid"))).isPositive();
        }
    }

    @Test
    void a_worker_that_hangs_is_replaced_and_is_gone_from_there() throws Exception {
        try (Workers workers = plan(remote()).start()) {
            long before = Long.parseLong(ask(workers, "pid"));

            assertThat(failure(workers, "hang", Deadline.after(Duration.ofSeconds(1)))
                            .why())
                    .isEqualTo(Why.EXPIRED_RUNNING);

            assertThat(Long.parseLong(ask(workers, "pid"))).isNotEqualTo(before);
            Await.until(() -> hasEnded(before), LIMIT);
        }
    }

    @Test
    void a_server_that_goes_away_takes_its_own_requests_and_comes_back() throws Exception {
        Command local = overPipes(List.of("python3", script().toString()));
        try (Workers workers = plan(remote(), local).start()) {
            awaitState(workers, 0, Worker.State.READY);
            awaitState(workers, 1, Worker.State.READY);
            String here = Long.toString(workers.workers().getLast().pid());
            int key = keyOfTheFirst(workers, here);
            CompletableFuture<RequestFailedException> asked =
                    CompletableFuture.supplyAsync(() -> failure(workers, key, "hang", Deadline.never()));
            awaitState(workers, 0, Worker.State.BUSY);

            server.kill();

            RequestFailedException failed = asked.get();
            assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(failed.mayHaveRun()).isTrue();
            assertThat(((Closed.ChildEnded) failed.closed().orElseThrow()).exit())
                    .isEqualTo(new Exit.Exited(255));
            Await.until(
                    () -> {
                        assertThat(ask(workers, key, "pid")).isEqualTo(here);
                        return events.stream().anyMatch(WorkerEvent.BackedOff.class::isInstance);
                    },
                    LIMIT);

            server.start();

            Await.until(() -> !ask(workers, key, "pid").equals(here), LIMIT);
            assertOnlyTheFirstFailed(events);
            assertThat(workers.workers().getLast().pid()).hasToString(here);
        }
    }

    /// Returns a key whose worker is not this one.
    static int keyOfTheFirst(Workers workers, String last) {
        int key = 0;
        while (ask(workers, key, "pid").equals(last)) {
            key++;
        }
        return key;
    }

    static void assertOnlyTheFirstFailed(List<WorkerEvent> events) {
        assertThat(events).noneMatch(WorkerEvent.GaveUp.class::isInstance).noneMatch(event -> switch (event) {
            case WorkerEvent.Failed failed -> failed.place() != 0;
            case WorkerEvent.BackedOff backedOff -> backedOff.place() != 0;
            default -> false;
        });
    }

    @Test
    void several_requests_at_once_run_there_and_one_that_is_late_is_cancelled() throws Exception {
        String worker = ChildLanguage.inChildren("numbered.py").toString();
        Command numbered = overPipes(ssh(server.options(), server.address(), "python3", worker, "--stdio"));
        try (Workers workers =
                plan(numbered).exchange(Exchange.NUMBERED).atOnce(4).start()) {
            assertThat(ask(workers, "first")).isEqualTo("FIRST"); // and so it is there
            List<CompletableFuture<RequestFailedException>> late = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                late.add(CompletableFuture.supplyAsync(
                        () -> failure(workers, "wait", Deadline.after(Duration.ofSeconds(1)))));
            }
            assertThat(ask(workers, "hello")).isEqualTo("HELLO");

            for (CompletableFuture<RequestFailedException> each : late) {
                assertThat(each.get().why()).isEqualTo(Why.EXPIRED_RUNNING);
            }
            assertThat(ask(workers, "again")).isEqualTo("AGAIN");
            assertThat(events).noneMatch(WorkerEvent.Retired.class::isInstance);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PubkeyAuthentication=no, Permission denied (publickey)",
        "UserKnownHostsFile=/dev/null, Host key verification failed",
        "Port=1, Connection refused"
    })
    void a_connection_that_cannot_be_made_is_told_and_nobody_is_asked_for_a_password(String option, String reason) {
        var options = new ArrayList<>(List.of("-o", option));
        options.addAll(server.options());
        try (Workers workers = plan(overPipes(ssh(options, server.address(), "true")))
                .giveUpAfter(1)
                .start()) {
            RequestFailedException none = failure(workers, "pid", Deadline.after(LIMIT));

            assertThat(none.why()).isEqualTo(Why.NO_WORKERS);
            assertThat(none).hasMessageContaining(reason).hasMessageContaining("code=255");
        }
    }

    @Test
    void what_is_printed_there_before_the_worker_is_shown() throws Exception {
        Command noisy = overPipes(ssh(
                server.options(),
                server.address(),
                "sh",
                "-c",
                "echo Welcome; exec python3 \"$0\"",
                script().toString()));
        try (Workers workers = plan(noisy).giveUpAfter(1).start()) {
            assertThat(failure(workers, "pid", Deadline.after(LIMIT))).hasMessageContaining("Welcome");
        }
    }

    /// Has two workers over ssh, of which one hangs; says their pids, and waits to be killed.
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            Command remote = overPipes(ssh(List.of("-F", arguments[0]), arguments[1], "python3", arguments[2]));
            Workers workers = WorkerPlan.of(remote)
                    .workers(2)
                    .readyBy(LIMIT, UTF_8.encode("pid"))
                    .start();
            awaitState(workers, 0, Worker.State.READY);
            awaitState(workers, 1, Worker.State.READY);
            for (int key = 0; key < 10; key++) { // each of the two has some of them
                System.out.println(UTF_8.decode(workers.call(key, UTF_8.encode("pid"), Deadline.after(LIMIT))));
            }
            CompletableFuture<ByteBuffer> hangs = workers.submit(UTF_8.encode("hang"), Deadline.never());
            Await.until(
                    () -> workers.workers().stream().anyMatch(worker -> worker.state() == Worker.State.BUSY), LIMIT);
            System.out.println("ready");
            new CountDownLatch(1).await();
            hangs.join();
            workers.close();
        }

        /// Reads the pids of the workers there, until one of them hangs.
        static List<Long> pidsThere(InputStream out) {
            return new BufferedReader(new InputStreamReader(out, UTF_8))
                    .lines()
                    .takeWhile(line -> !line.equals("ready"))
                    .map(Long::valueOf)
                    .distinct()
                    .toList();
        }
    }

    @Test
    void a_jvm_that_is_killed_leaves_nothing_here_and_there() throws Exception {
        List<String> parent = JavaProbe.of(
                        Parent.class, server.options().getLast(), server.address(), script().toString())
                .command();
        try (Started jvm = new Started(new ProcessBuilder(parent)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start())) {
            List<Long> there = Parent.pidsThere(jvm.out());
            List<ProcessHandle> here = jvm.process().descendants().toList();
            assertThat(there).hasSize(2);
            assertThat(here).hasSize(2);

            jvm.process().destroyForcibly().waitFor();

            here.forEach(ssh -> Await.until(() -> hasEnded(ssh.pid()), LIMIT));
            there.forEach(worker -> Await.until(() -> hasEnded(worker), LIMIT));
        }
    }

    /// One that nobody has reaped yet has no command line.
    private static boolean hasEnded(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> !process.isAlive() || process.info().command().isEmpty())
                .orElse(true);
    }
}
