package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.python;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A pool of two places, of which one has a worker that is no good: it is told how, and the other one goes on.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class BadWorkerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration READY_BY = Duration.ofSeconds(5);
    private static final int BAD = 1;

    /// Answers with what it was asked.
    private static final String GOOD = """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    parent.send_bytes(parent.recv_bytes())
            except EOFError:
                pass
            """;

    /// What is wrong with a worker, and what is told of it.
    enum Bad {
        IS_NOT_THERE(Command.of("/nonexistent/worker"), "ENOENT"),
        EXITS_AT_ONCE(python("-c", "import sys; sys.exit('no licence')"), "no licence"),
        SAYS_NOTHING(python("-c", "import signal; signal.pause()"), "ready"),
        SAYS_WHAT_IS_NO_MESSAGE(
                python("-c", "import os; os.write(3, b'Could not open input file: worker.php\\n')"),
                "Could not open input file"),
        CUTS_ITS_ANSWER(python("-c", "import os; os.read(3, 100); os.write(3, b'\\0\\0\\0\\7rea')"), "Exited[code=0]"),
        ANSWERS_TWICE(python("-c", """
                        from multiprocessing.connection import Connection
                        import os
                        parent = Connection(3)
                        while True:
                            asked = parent.recv_bytes()
                            os.write(3, (len(asked).to_bytes(4, 'big') + asked) * 2)
                        """), "an answer that nobody has asked for");

        @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
        private final Command command;

        private final String told;

        Bad(Command command, String told) {
            this.command = command;
            this.told = told;
        }
    }

    @ParameterizedTest
    @EnumSource
    void is_told_with_what_is_wrong_and_harms_no_other(Bad bad) throws Exception {
        List<WorkerEvent> events = new CopyOnWriteArrayList<>();
        try (Workers workers = WorkerPlan.of(List.of(python("-c", GOOD), bad.command))
                .workers(2)
                .readyBy(READY_BY, UTF_8.encode("ready?"))
                .onEvent(events::add)
                .start()) {
            var keys = new AtomicInteger();
            Await.until(
                    () -> {
                        askOrFail(workers, keys.incrementAndGet(), "request");
                        return isTold(events, bad.told);
                    },
                    LIMIT);
            Await.until(() -> workers.workers().getFirst().state() == Worker.State.READY, LIMIT);
            for (int i = 0; i < 20; i++) {
                askOrFail(workers, i, "afterwards");
            }

            assertThat(workers.workers().getFirst().generation()).isZero();
            assertThat(events)
                    .filteredOn(WorkerEvent.Failed.class::isInstance)
                    .allSatisfy(event ->
                            assertThat(((WorkerEvent.Failed) event).place()).isEqualTo(BAD));
        }
    }

    private static boolean isTold(List<WorkerEvent> events, String told) {
        return events.stream()
                .anyMatch(event -> event instanceof WorkerEvent.Failed failed
                        && failed.how().contains(told));
    }

    /// Asks, and takes the answer to this request, or a failure that says something, and nothing else.
    private static void askOrFail(Workers workers, int key, String what) {
        String request = what + " " + key;
        try {
            String answer = UTF_8.decode(workers.call(key, UTF_8.encode(request), Deadline.after(LIMIT)))
                    .toString();
            assertThat(answer).isEqualTo(request);
        } catch (RequestFailedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }
}
