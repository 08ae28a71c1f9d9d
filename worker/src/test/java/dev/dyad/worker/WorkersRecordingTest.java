package dev.dyad.worker;

import static dev.dyad.worker.EchoWorkers.ask;
import static dev.dyad.worker.EchoWorkers.assertFails;
import static dev.dyad.worker.EchoWorkers.assertGivesUpWaiting;
import static dev.dyad.worker.EchoWorkers.plan;
import static dev.dyad.worker.PythonWorkers.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.FlightRecords;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the flight recorder is told of a pool.
@Sampled
@NullUnmarked
@Timeout(60)
class WorkersRecordingTest {

    @Test
    void a_worker_that_dies_is_told_of_by_default() throws Exception {
        try (var records = new FlightRecords();
                Workers workers = plan().start()) {
            ask(workers, "x");
            long pid = workers.workers().getFirst().pid();
            assertFails(workers, "die", Deadline.after(LIMIT), Why.CHANNEL_ENDED);

            RecordedEvent failed = records.await("dyad.WorkerFailed");

            assertThat(failed.getLong("pid")).isEqualTo(pid);
            assertThat(failed.getInt("place")).isZero();
            assertThat(failed.getString("how")).contains("Exited[code=7]");
            assertThat(failed.getInt("failuresInARow")).isEqualTo(1);
            assertThat(failed.getEventType().getCategoryNames()).containsExactly("Dyad");
        }
    }

    @Test
    void a_pool_of_which_every_worker_fails_is_told_of_by_default() throws Exception {
        try (var records = new FlightRecords();
                Workers workers = WorkerPlan.of(Command.of("dyad-has-no-such-program"))
                        .workers(1)
                        .giveUpAfter(1)
                        .start()) {
            RecordedEvent gaveUp = records.await("dyad.WorkersGaveUp");

            assertThat(gaveUp.getString("how")).contains("was not started", "dyad-has-no-such-program");
            assertThat(records.of("dyad.WorkerFailed").getFirst().getLong("pid"))
                    .isZero();
            assertThat(workers.waiting()).isZero();
        }
    }

    @Test
    void nothing_else_of_a_pool_is_told_by_default() throws Exception {
        try (var records = new FlightRecords();
                Workers workers = plan().start()) {
            ask(workers, "x");
            workers.reload(Deadline.after(LIMIT));
            assertFails(workers, "hang", Deadline.after(Duration.ofMillis(20)), Why.EXPIRED_RUNNING);
            ask(workers, "x");
            assertFails(workers, "die", Deadline.after(LIMIT), Why.CHANNEL_ENDED);
            RecordedEvent _ = records.await("dyad.WorkerFailed"); // the last of the row

            assertThat(names(records.of("dyad.Worker"))).containsExactly("dyad.WorkerFailed");
            assertThat(records.of("dyad.Request")).isEmpty();
        }
    }

    private static List<String> names(List<RecordedEvent> events) {
        return events.stream().map(event -> event.getEventType().getName()).collect(Collectors.toList());
    }

    @Test
    void workers_that_are_replaced_are_told_of_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords("dyad.WorkerReady", "dyad.WorkerRetired");
                Workers workers = plan().start()) {
            ask(workers, "x");
            long pid = workers.workers().getFirst().pid();
            workers.reload(Deadline.after(LIMIT));

            RecordedEvent retired = records.await("dyad.WorkerRetired");

            assertThat(retired.getLong("pid")).isEqualTo(pid);
            assertThat(retired.getString("why")).isEqualTo("all are replaced");
            assertThat(records.of("dyad.WorkerReady"))
                    .hasSize(2)
                    .allSatisfy(ready -> assertThat(ready.getDuration("took")).isPositive())
                    .first()
                    .satisfies(ready -> assertThat(ready.getLong("pid")).isEqualTo(pid));
        }
    }

    @Test
    void requests_that_expire_are_told_of_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords("dyad.RequestExpired");
                Workers workers = plan().start()) {
            ask(workers, "x");
            var hangs = workers.submit(UTF_8.encode("hang"), Deadline.after(LIMIT));
            Await.until(() -> workers.workers().getFirst().state() == Worker.State.BUSY, LIMIT);
            Duration waited = assertGivesUpWaiting(workers);
            assertThat(hangs.cancel(true)).isTrue();
            ask(workers, "x");
            assertFails(workers, "hang", Deadline.after(Duration.ofMillis(100)), Why.EXPIRED_RUNNING);

            List<RecordedEvent> expired = records.of("dyad.RequestExpired");

            assertThat(expired).hasSize(2);
            assertThat(expired.getFirst().getDuration()).isGreaterThanOrEqualTo(waited.minusMillis(1)); // two clocks
            assertThat(expired.getFirst().getBoolean("wasWaiting")).isTrue();
            assertThat(expired.getFirst().getBoolean("mayHaveRun")).isFalse();
            assertThat(expired.getLast().getDuration()).isPositive();
            assertThat(expired.getLast().getBoolean("wasWaiting")).isFalse();
            assertThat(expired.getLast().getBoolean("mayHaveRun")).isTrue();
            assertThat(expired.getLast().getStackTrace().getFrames())
                    .anySatisfy(frame -> assertThat(frame.getMethod().getName()).isEqualTo("call"));
        }
    }

    @Test
    void a_pool_tells_how_it_fares_now_and_then_where_that_is_wanted() throws Exception {
        try (Workers workers = plan().start();
                var records = new FlightRecords("dyad.WorkersStatistics")) {
            for (int i = 0; i < 10; i++) {
                ask(workers, "x");
            }

            RecordedEvent told = records.await("dyad.WorkersStatistics");
            Await.until(() -> answered(records) >= 10, LIMIT);

            assertThat(told.getString("command")).isEqualTo("python3");
            assertThat(records.of("dyad.WorkersStatistics").getLast())
                    .satisfies(last -> assertThat(last.getInt("workers")).isEqualTo(1))
                    .satisfies(last -> assertThat(last.getInt("waiting")).isZero());
            assertThat(records.of("dyad.WorkersStatistics"))
                    .filteredOn(event -> event.getLong("answered") > 0)
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(event.getDuration("ran99"))
                            .isPositive()
                            .isLessThanOrEqualTo(event.getDuration("ranMost")));
            assertThat(answered(records)).isEqualTo(10); // each is in one event
        }
    }

    @Test
    void a_pool_over_several_commands_tells_the_first_program_and_how_many_more() throws Exception {
        List<Command> three = List.of(Command.of("cat"), Command.of("cat", "-u"), Command.of("cat"));
        try (Workers _ = WorkerPlan.of(three).workers(3).start();
                var records = new FlightRecords("dyad.WorkersStatistics")) {
            RecordedEvent told = records.await("dyad.WorkersStatistics");

            assertThat(told.getString("command")).isEqualTo("cat and 2 more");
        }
    }

    private static long answered(FlightRecords records) {
        return records.of("dyad.WorkersStatistics").stream()
                .mapToLong(event -> event.getLong("answered"))
                .sum();
    }

    @Test
    void a_pool_that_is_closed_tells_nothing_more() throws Exception {
        try (var records = new FlightRecords("dyad.WorkersStatistics");
                Workers other = plan().start()) {
            ask(other, "x");
            int pool = awaitNew(records, 0);
            int closed;
            try (Workers workers = plan().start()) {
                ask(workers, "x");
                closed = awaitNew(records, pool);
            }
            awaitMore(records, pool); // what the recorder asked for meanwhile was told
            long told = of(records, closed);
            awaitMore(records, pool);

            assertThat(of(records, closed)).isEqualTo(told);
        }
    }

    /// Waits until the recorder has asked twice.
    private static void awaitMore(FlightRecords records, int pool) {
        long before = of(records, pool);
        Await.until(() -> of(records, pool) >= before + 2, LIMIT);
    }

    /// Waits for a pool that was started after another one.
    private static int awaitNew(FlightRecords records, int before) {
        Await.until(() -> newest(records, before) != before, LIMIT);
        return newest(records, before);
    }

    private static int newest(FlightRecords records, int before) {
        return records.of("dyad.WorkersStatistics").stream()
                .mapToInt(event -> event.getInt("pool"))
                .max()
                .orElse(before);
    }

    private static long of(FlightRecords records, int pool) {
        return records.of("dyad.WorkersStatistics").stream()
                .filter(event -> event.getInt("pool") == pool)
                .count();
    }

    @Test
    void a_pool_works_where_there_is_no_recorder() throws Exception {
        JavaProbe.Result result = JavaProbe.of(WithoutRecorder.class)
                .options("--limit-modules=java.base,java.management")
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("false x EXPIRED_RUNNING\n");
        assertThat(result.exit()).isZero();
    }

    static final class WithoutRecorder {

        public static void main(String[] arguments) throws Exception {
            System.out.print(ModuleLayer.boot().findModule("jdk.jfr").isPresent() + " ");
            try (Workers workers = plan().start()) {
                System.out.print(UTF_8.decode(workers.call(UTF_8.encode("x"))) + " ");
                workers.call(UTF_8.encode("hang"), Deadline.after(Duration.ofMillis(20)));
            } catch (RequestFailedException e) {
                System.out.println(e.why());
            }
        }
    }
}
