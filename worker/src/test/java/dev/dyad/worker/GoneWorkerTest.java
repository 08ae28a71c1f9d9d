package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.WORKER;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
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
}
