package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A JVM ends while its pool is open: the workers end with it, and nobody takes that for a failure.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(120)
class JvmEndTest {

    /// Tells by a file that it was asked, and answers once there is another.
    private static final String WAITS = """
            import os, sys, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    parent.recv_bytes()
                    open(sys.argv[1], 'w').close()
                    while not os.path.exists(sys.argv[2]):
                        time.sleep(0.005)
                    parent.send_bytes(b'1')
            except EOFError:
                pass
            """;

    /// Ends while one request runs and another waits, and prints what becomes of both.
    static final class Ends {
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            Path asked = Path.of(file + ".asked");
            Command patient =
                    python("-c", WAITS, asked.toString(), file.toString()).patience(LIMIT, LIMIT);
            Workers workers = WorkerPlan.of(patient).workers(1).start();
            CompletableFuture<ByteBuffer> runs = submit(workers, "");
            Await.until(() -> Files.exists(asked), LIMIT); // as soon as a worker is busy, it may not be sent
            CompletableFuture<ByteBuffer> waits = submit(workers, "pid");
            awaitWaiting(workers, 1);
            atEnd(() -> {
                System.out.println("waits: " + outcome(waits));
                Files.createFile(file);
                System.out.println("runs: " + outcome(runs));
                Await.until(() -> workers.workers().isEmpty(), LIMIT);
                System.out.println("comes: " + outcome(submit(workers, "pid")));
                System.out.println("failed: " + workers.statistics().workersFailed());
                workers.close();
            });
        }
    }

    /// Ends while one request runs and another waits, and closes the pool by itself.
    static final class IsClosed {
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            Workers workers = WorkerPlan.of(python("-c", WORKER))
                    .workers(1)
                    .closedByHook(LIMIT)
                    .start();
            awaitReady(workers);
            CompletableFuture<ByteBuffer> runs = submit(workers, "until " + file);
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> waits = submit(workers, "die");
            awaitWaiting(workers, 1);
            atEnd(() -> {
                Files.createFile(file);
                System.out.println("runs: " + outcome(runs));
                System.out.println("waits: " + outcome(waits).replaceAll("; its last lines.*", ""));
                System.out.println("comes: " + outcome(submit(workers, "pid")));
                workers.close();
                System.out.println("comes later: " + outcome(submit(workers, "pid")));
            });
        }
    }

    /// Tells by a file that it was asked, and hangs.
    private static final String HANGS = """
            import signal, sys
            from multiprocessing.connection import Connection
            Connection(3).recv_bytes()
            open(sys.argv[1], 'w').close()
            signal.pause()
            """;

    /// Ends while a request runs that does not end by itself.
    static final class Cuts {
        public static void main(String[] arguments) throws Exception {
            Workers workers = WorkerPlan.of(python("-c", HANGS, arguments[0]))
                    .workers(1)
                    .closedByHook(Duration.parse(arguments[1]))
                    .start();
            CompletableFuture<ByteBuffer> hangs = submit(workers, "hang");
            Await.until(() -> Files.exists(Path.of(arguments[0])), LIMIT);
            atEnd(() -> System.out.println(outcome(hangs)));
        }
    }

    /// Drains in a hook, for which the pool does not live on long enough.
    static final class IsCut {
        public static void main(String[] arguments) throws Exception {
            Workers workers = WorkerPlan.of(python("-c", HANGS, arguments[0]))
                    .workers(1)
                    .closedByHook(Duration.ofMillis(200))
                    .start();
            CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            Await.until(() -> Files.exists(Path.of(arguments[0])), LIMIT);
            atEnd(() -> {
                try (workers) {
                    workers.drain(Deadline.after(LIMIT));
                    System.out.println("drained");
                } catch (AsynchronousCloseException cut) {
                    System.out.println("cut");
                }
            });
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void atEnd(Action action) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }));
    }

    private static String outcome(CompletableFuture<ByteBuffer> request) throws InterruptedException {
        try {
            return text(request.get()).replaceAll("\\d+", "answered");
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        }
    }

    @Test
    void what_runs_may_end_what_waits_is_told_and_no_worker_has_failed(@TempDir Path folder) throws Exception {
        JavaProbe.Result result =
                JavaProbe.of(Ends.class, folder.resolve("go on").toString()).run();

        assertThat(result.toString()).isEqualTo("""
                exit 0
                waits: this JVM is ending; it has not run
                runs: answered
                comes: this JVM is ending; it has not run
                failed: 0
                """);
    }

    @Test
    void a_pool_that_a_hook_closes_goes_on_until_then(@TempDir Path folder) throws Exception {
        JavaProbe.Result result =
                JavaProbe.of(IsClosed.class, folder.resolve("go on").toString()).run();

        assertThat(result.toString()).isEqualTo("""
                exit 0
                runs: answered
                waits: the channel has ended: the child has ended: Exited[code=7]
                comes: answered
                comes later: the workers are closed; it has not run
                """);
    }

    @Test
    void a_drain_that_the_end_of_the_jvm_cuts_short_says_so(@TempDir Path folder) throws Exception {
        Path asked = folder.resolve("asked");

        assertThat(JavaProbe.of(IsCut.class, asked.toString()).run().outText()).isEqualTo("cut\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.2S"})
    void what_is_cut_says_that_the_jvm_was_ending(String closedWithin, @TempDir Path folder) throws Exception {
        Path asked = folder.resolve("asked");

        assertThat(JavaProbe.of(Cuts.class, asked.toString(), closedWithin)
                        .run()
                        .outText())
                .startsWith("this JVM is ending: the channel has ended: the child has ended: Signaled[signal=15")
                .endsWith("; it may have run\n");
    }
}
