package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.askOfKey;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.scripted;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static dev.dyad.worker.PythonWorkers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which worker is asked.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WorkerChoiceTest {

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan() {
        return WorkerPlan.of(worker()).onEvent(events);
    }

    @Test
    void the_requests_of_a_key_go_to_one_worker() throws Exception {
        try (Workers workers = plan().workers(4).start()) {
            awaitReady(workers);
            Map<Integer, Long> first = new HashMap<>();
            for (int key = 0; key < 100; key++) {
                first.put(key, askOfKey(workers, key));
            }
            assertThat(new HashSet<>(first.values())).hasSize(4);
            for (int key = 0; key < 100; key++) {
                assertThat(askOfKey(workers, key)).isEqualTo(first.get(key));
            }
        }
    }

    @Test
    void what_is_submitted_goes_to_the_worker_of_its_key() throws Exception {
        try (Workers workers = plan().workers(4).start()) {
            awaitReady(workers);
            for (int key = 0; key < 20; key++) {
                assertThat(text(workers.submit(key, words("pid"), Deadline.after(LIMIT))
                                .get()))
                        .isEqualTo(Long.toString(askOfKey(workers, key)));
            }
        }
    }

    @Test
    void no_more_are_asked_than_there_are_workers_however_many_spares() throws Exception {
        try (Workers workers = plan().workers(1).spares(3).start()) {
            Await.until(() -> workers.workers().size() == 4, LIMIT);
            awaitReady(workers);
            CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            awaitBusy(workers, 1);

            CompletableFuture<ByteBuffer> waits = submit(workers, "pid");
            Await.until(() -> workers.waiting() == 1 || waits.isDone(), LIMIT);
            assertThat(waits).isNotDone();
        }
    }

    @Test
    void a_spare_takes_the_keys_of_the_one_that_is_away_and_no_others(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers =
                scripted(script).workers(2).spares(1).onEvent(events).start()) {
            awaitReady(workers);
            Map<Integer, Long> before = workersOfKeys(workers);
            Files.writeString(script, NEVER_READY);
            long away = workers.workers().getFirst().pid();
            long spare = workers.workers().getLast().pid();
            signal("-KILL", away);
            var _ = events.await(WorkerEvent.Failed.class, 1);

            Map<Integer, Long> after = workersOfKeys(workers);

            before.replaceAll((_, owner) -> owner == away ? spare : owner);
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void more_are_started_one_after_the_other_while_requests_go_on_waiting() throws Exception {
        try (Workers workers = plan().workers(1, 3).start()) {
            awaitReady(workers);
            for (int i = 0; i < 4; i++) {
                CompletableFuture<ByteBuffer> _ = submit(workers, "hang");
            }

            awaitBusy(workers, 3);
            assertThat(workers.waiting()).isOne();
        }
    }

    @Test
    void requests_go_to_the_worker_that_has_least_to_do(@TempDir Path folder) throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = NumberedWorkers.plan().workers(3).atOnce(4).start()) {
            awaitReady(workers);
            List<CompletableFuture<ByteBuffer>> held = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                held.add(submit(workers, "hold " + end));
                int number = i;
                Await.until(() -> underWay(workers).mapToInt(each -> each).sum() == number, LIMIT);

                assertThat(underWay(workers)).allMatch(each -> each == number / 3 || each == (number + 2) / 3);
            }
            Files.createFile(end);

            assertThat(held)
                    .allSatisfy(answer -> assertThat(answer.get().remaining()).isPositive());
        }
    }

    private static Stream<Integer> underWay(Workers workers) {
        return workers.workers().stream().map(Worker::underWay);
    }

    @Test
    void a_request_of_a_key_waits_for_its_worker_though_others_are_free(@TempDir Path folder) throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = plan().workers(2).start()) {
            awaitReady(workers);
            long own = askOfKey(workers, "key");
            var running =
                    new FutureTask<>(() -> text(workers.call("key", words("until " + end), Deadline.after(LIMIT))));
            Thread.startVirtualThread(running);
            awaitBusy(workers, 1);
            var waiting = new FutureTask<>(() -> askOfKey(workers, "key"));
            Thread.startVirtualThread(waiting);

            awaitWaiting(workers, 1);
            assertThat(ask(workers, "pid")).isNotEqualTo(own);
            assertThat(workers.waiting()).isOne();
            Files.createFile(end);

            assertThat(running.get()).isEqualTo(Long.toString(own));
            assertThat(waiting.get()).isEqualTo(own);
        }
    }

    private static Map<Integer, Long> workersOfKeys(Workers workers) throws Exception {
        Map<Integer, Long> owners = new HashMap<>();
        for (int key = 0; key < 50; key++) {
            owners.put(key, askOfKey(workers, key));
        }
        return owners;
    }
}
