package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Workers in Python that answer with what they are asked, and die or hang where they are told to.
final class EchoWorkers {

    private static final String WORKER = """
            import os, signal
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    request = parent.recv_bytes()
                    if request == b'die':
                        os._exit(7)
                    if request == b'hang':
                        signal.pause()
                    parent.send_bytes(request)
            except EOFError:
                pass
            """;

    private EchoWorkers() {}

    /// Plans one of them.
    static WorkerPlan plan() {
        return WorkerPlan.of(PythonWorkers.python("-c", WORKER)).workers(1);
    }

    static void ask(Workers workers, String request) throws RequestFailedException {
        assertThat(workers.call(UTF_8.encode(request), Deadline.after(LIMIT))).isEqualTo(UTF_8.encode(request));
    }

    static void assertFails(Workers workers, String request, Deadline deadline, Why why) {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> workers.call(UTF_8.encode(request), deadline))
                .satisfies(failed -> assertThat(failed.why()).isEqualTo(why));
    }

    /// Has a request wait behind another one, and give up.
    ///
    /// @return how long it has waited at least
    static Duration assertGivesUpWaiting(Workers workers) {
        var deadline = new MovableDeadline(Deadline.never());
        var fails = CompletableFuture.runAsync(() -> assertFails(workers, "x", deadline, Why.EXPIRED_WAITING));
        Await.until(() -> workers.waiting() == 1, LIMIT);
        Duration waited = Await.pause();
        deadline.expire();
        assertThat(fails).succeedsWithin(LIMIT);
        return waited;
    }
}
