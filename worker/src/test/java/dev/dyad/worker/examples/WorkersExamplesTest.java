package dev.dyad.worker.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import dev.dyad.worker.WorkersStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersExamplesTest {

    private static final String WORKER = """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    parent.send_bytes(parent.recv_bytes().upper())
            except EOFError:
                pass
            """;

    // @start region="workers"
    static String ask(Path script) throws IOException { // such as children/worker.py
        Command python = Command.of("python3", script.toString()).stderr(Stdio.lastLines(50));
        try (Workers workers = WorkerPlan.of(python).start()) {
            var answer = workers.call(UTF_8.encode("hello"), Deadline.after(Duration.ofSeconds(30)));
            return UTF_8.decode(answer).toString(); // "HELLO"
        }
    }
    // @end

    @Test
    void a_worker_answers() throws Exception {
        assertThat(ask(Path.of(System.getProperty("dyad.root"), "children/worker.py")))
                .isEqualTo("HELLO");
    }

    // @start region="plan"
    static WorkerPlan plan(Command command) {
        return WorkerPlan.of(command)
                .workers(4)
                .readyBy(Duration.ofMinutes(2), UTF_8.encode("are you ready?"))
                .recycleAfter(10_000); // requests
    }
    // @end

    @Test
    void a_plan_says_little() throws Exception {
        Command python = Command.of("python3", "-c", WORKER);
        try (Workers workers = plan(python).start()) {
            assertThat(workers.workers()).hasSize(4);
            assertThat(workers.call(UTF_8.encode("a")).remaining()).isEqualTo(1);
        }
    }

    // @start region="events"
    static String describe(WorkerEvent event) {
        return switch (event) {
            case WorkerEvent.Started started -> "process " + started.pid() + " was started";
            case WorkerEvent.Ready ready -> "process " + ready.pid() + " is ready after " + ready.took();
            case WorkerEvent.Failed failed -> "worker " + failed.place() + " failed: " + failed.how();
            case WorkerEvent.Retired retired -> "process " + retired.pid() + " is replaced: " + retired.why();
            case WorkerEvent.BackedOff backedOff -> "the next try is in " + backedOff.pause();
            case WorkerEvent.GaveUp gaveUp -> "every worker fails: " + gaveUp.how();
        };
    }
    // @end

    @Test
    void events_are_told_in_their_order() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Command python = Command.of("python3", "-c", WORKER);
        try (Workers workers = WorkerPlan.of(python)
                .workers(1)
                .onEvent(event -> told.add(describe(event)))
                .start()) {
            assertThat(workers.call(UTF_8.encode("a")).remaining()).isEqualTo(1);
        }

        assertThat(told).hasSizeGreaterThanOrEqualTo(2);
        assertThat(told.get(0)).contains("was started");
        assertThat(told.get(1)).contains("is ready");
    }

    // @start region="snapshot"
    static String describe(Workers workers) {
        return workers.workers().stream()
                .map(worker ->
                        "process " + worker.pid() + " is " + worker.state() + " and answered " + worker.answered())
                .collect(Collectors.joining(", "));
    }
    // @end

    @Test
    void a_snapshot_tells_what_each_does() throws Exception {
        Command python = Command.of("python3", "-c", WORKER);
        try (Workers workers = WorkerPlan.of(python).workers(1).start()) {
            assertThat(workers.call(UTF_8.encode("a")).remaining()).isEqualTo(1);

            assertThat(describe(workers)).contains(Worker.State.READY.name()).endsWith("answered 1");
        }
    }

    // @start region="statistics"
    static String sum(Workers workers, WorkersStatistics before) {
        WorkersStatistics lately = workers.statistics().since(before);
        long micros = lately.waited().at(99).toNanos() / 1000;
        return "%d answered, %d failed, %d wait; 99 of 100 have waited %d µs at most"
                .formatted(lately.answered(), lately.failures(), lately.waiting(), micros);
    }
    // @end

    @Test
    void statistics_tell_what_has_become_of_all_requests() throws Exception {
        Command python = Command.of("python3", "-c", WORKER);
        try (Workers workers = WorkerPlan.of(python).workers(1).start()) {
            WorkersStatistics before = workers.statistics();
            assertThat(workers.call(UTF_8.encode("a")).remaining()).isEqualTo(1);

            assertThat(sum(workers, before)).startsWith("1 answered, 0 failed, 0 wait; ");
        }
    }
}
