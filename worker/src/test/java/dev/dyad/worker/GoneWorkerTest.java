package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.python;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers that have closed their ends and live on: for a second nobody knows how they have ended.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class GoneWorkerTest {

    private final ToldEvents events = new ToldEvents();

    private int failed() {
        return events.of(WorkerEvent.Failed.class).size();
    }

    @Test
    void a_request_goes_to_another_before_it_is_known_how_one_has_ended(@TempDir Path folder) throws Exception {
        try (Workers workers =
                WorkerPlan.of(python("-c", WORKER)).workers(2).onEvent(events).start()) {
            var tries = new Object() {
                int number;
            };

            Await.until( // as this machine may take longer for an answer than for that
                    () -> {
                        try {
                            return isAnsweredByAnother(workers, folder.resolve("left " + tries.number++));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    LIMIT);

            Await.until(() -> failed() == tries.number, LIMIT);
            assertThat(events.of(WorkerEvent.Failed.class))
                    .allSatisfy(each -> assertThat(each.how()).isEqualTo("the peer has ended it"));
        }
    }

    private boolean isAnsweredByAnother(Workers workers, Path left) throws Exception {
        awaitReady(workers);
        int before = failed();
        long gone = ask(workers, "answer_and_leave " + left);
        Await.until(() -> Files.exists(left), LIMIT);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(workers, "pid")).isNotEqualTo(gone);
        }
        return failed() == before;
    }

    /// The end of each is told before its answer, which is taken from what it has left.
    @Test
    void those_that_answer_a_part_of_a_request_and_end_are_no_row_of_failures() throws Exception {
        var once = """
                import os, socket, struct
                parent = socket.socket(fileno=3)
                size, = struct.unpack('>I', parent.recv(4, socket.MSG_WAITALL))
                parent.sendall(struct.pack('>I', 3) + b'yes')
                os._exit(0)
                """;
        try (Workers workers = WorkerPlan.of(python("-c", once))
                .workers(1)
                .askAgain(100) // of one that has answered and is about to end
                .onEvent(events)
                .start()) {
            for (int i = 0; i < 12; i++) {
                assertThat(workers.call(ByteBuffer.allocate(900_000), Deadline.after(LIMIT)))
                        .isEqualTo(UTF_8.encode("yes"));
            }

            assertThat(events.of(WorkerEvent.GaveUp.class)).isEmpty();
        }
    }
}
