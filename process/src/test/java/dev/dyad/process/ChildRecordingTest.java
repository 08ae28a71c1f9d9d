package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.FlightRecords;
import dev.dyad.harness.JavaProbe;
import java.time.Duration;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the flight recorder is told of children.
@NullUnmarked
@Timeout(60)
class ChildRecordingTest {

    private static final String STARTED = "dyad.ChildStarted";
    private static final String ENDED = "dyad.ChildEnded";
    private static final String STATISTICS = "dyad.ChildStatistics";

    @Test
    void the_end_of_a_child_is_told_by_default() throws Exception {
        try (var records = new FlightRecords();
                Child child = sh("i=0; while [ $i -lt 10000 ]; do i=$((i + 1)); done; exit 7")
                        .spawn()) {
            child.waitFor();

            RecordedEvent ended = records.await(ENDED);

            assertThat(ended.getLong("pid")).isEqualTo(child.pid());
            assertThat(ended.getString("program")).isEqualTo("sh"); // and none of its arguments
            assertThat(ended.getString("exit")).isEqualTo("Exited[code=7]");
            assertThat(ended.getInt("shellCode")).isEqualTo(7);
            assertThat(ended.getDuration("lifetime")).isPositive();
            assertThat(ended.getDuration("userTime")).isEqualTo(child.usage().userTime());
            assertThat(ended.getDuration("systemTime")).isEqualTo(child.usage().systemTime());
            assertThat(ended.getEventType().getCategoryNames()).containsExactly("Dyad");
            assertThat(records.of(STARTED)).isEmpty();
        }
    }

    @Test
    void a_child_that_is_killed_is_told_of_with_its_signal() throws Exception {
        try (var records = new FlightRecords();
                Child child = sh("read line <&3").spawn()) {
            assertThat(child.signal(Signal.KILL)).isTrue();

            RecordedEvent ended = records.await(ENDED);

            assertThat(ended.getString("exit")).isEqualTo("Signaled[signal=9, coreDumped=false]");
            assertThat(ended.getInt("shellCode")).isEqualTo(137);
        }
    }

    @Test
    void each_end_is_told_once_however_the_exit_is_taken() throws Exception {
        try (var records = new FlightRecords()) {
            for (int i = 0; i < 20; i++) {
                try (Child child = sh("exit 0").spawn()) {
                    if (i % 2 == 0) {
                        child.waitFor();
                    }
                }
            }
            Await.until(() -> records.of(ENDED).size() >= 20, Duration.ofSeconds(30));

            assertThat(records.of(ENDED))
                    .hasSize(20)
                    .extracting(event -> event.getLong("pid"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_start_is_told_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords(STARTED);
                Child child = sh("exit 0").spawn()) {
            RecordedEvent started = records.await(STARTED);

            assertThat(started.getLong("pid")).isEqualTo(child.pid());
            assertThat(started.getString("program")).isEqualTo("sh");
            assertThat(started.getDuration()).isPositive();
            assertThat(started.getStackTrace().getFrames())
                    .anySatisfy(frame -> assertThat(frame.getMethod().getName()).isEqualTo("spawn"));
        }
    }

    @Test
    void how_many_there_are_is_told_where_that_is_wanted() throws Exception {
        try (Child child = sh("read line <&3").spawn();
                var records = new FlightRecords(STATISTICS)) {
            RecordedEvent first = records.await(STATISTICS);
            long running = first.getLong("running");
            long started = first.getLong("started");

            assertThat(running).isPositive().isEqualTo(started - first.getLong("ended"));

            assertThat(child.signal(Signal.KILL)).isTrue();
            child.waitFor();
            try (Child _ = sh("read line <&3").spawn();
                    Child _ = sh("read line <&3").spawn()) {
                Await.until(
                        () -> records.of(STATISTICS).stream()
                                .anyMatch(event -> event.getLong("running") == running + 1
                                        && event.getLong("started") == started + 2
                                        && event.getLong("ended") == started - running + 1),
                        Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void children_run_where_there_is_no_recorder() throws Exception {
        JavaProbe.Result result = JavaProbe.of(WithoutRecorder.class)
                .options("--limit-modules=java.base,java.management")
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("false Exited[code=7]\n");
    }

    static final class WithoutRecorder {

        public static void main(String[] arguments) throws Exception {
            System.out.print(ModuleLayer.boot().findModule("jdk.jfr").isPresent() + " ");
            try (Child child = sh("exit 7").spawn()) {
                System.out.println(child.waitFor());
            }
        }
    }
}
