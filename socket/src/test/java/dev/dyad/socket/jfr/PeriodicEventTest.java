package dev.dyad.socket.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.FlightRecords;
import dev.dyad.harness.JavaProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Recording;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked
@Timeout(60)
class PeriodicEventTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NAME = "dyad.test.Count";

    @Name(NAME)
    @Enabled(false)
    @Period("10 ms")
    static final class CountEvent extends Event {
        int count;

        static void tell(AtomicInteger counter) {
            var event = new CountEvent();
            event.count = counter.incrementAndGet();
            event.commit();
        }
    }

    private static PeriodicEvent<AtomicInteger> begin(AtomicInteger owner) {
        return PeriodicEvent.begin(owner, () -> CountEvent.class, CountEvent::tell);
    }

    private static void awaitMore(AtomicInteger owner) {
        int before = owner.get();
        Await.until(() -> owner.get() >= before + 2, LIMIT);
    }

    @Test
    void it_is_asked_for_until_it_is_ended() throws Exception {
        var owner = new AtomicInteger();
        var other = new AtomicInteger();
        try (var records = new FlightRecords(NAME)) {
            PeriodicEvent<AtomicInteger> event = begin(owner);
            PeriodicEvent<AtomicInteger> goesOn = begin(other);
            awaitMore(owner);

            event.end();
            awaitMore(other); // what the recorder was about to ask for
            int told = owner.get();
            awaitMore(other);
            goesOn.end();

            assertThat(owner.get()).isEqualTo(told);
            assertThat(records.of(NAME)).hasSizeGreaterThanOrEqualTo(told);
            assertThat(FlightRecorder.removePeriodicEvent(event)).isFalse();
            assertThat(FlightRecorder.removeListener(event)).isFalse();
        }
    }

    @Test
    void it_keeps_nobody_and_ends_with_who_is_forgotten() throws Exception {
        try (var _ = new FlightRecords(NAME)) {
            PeriodicEvent<AtomicInteger> event = begin(new AtomicInteger());

            Await.until(
                    () -> {
                        System.gc();
                        return event.isEnded();
                    },
                    LIMIT);
        }
    }

    /// In a JVM of its own, as no recorder ever ends.
    @Test
    void it_waits_for_a_recorder_that_begins_later() throws Exception {
        JavaProbe.Result result = JavaProbe.of(RecorderLater.class).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("[false, true]\n");
    }

    static final class RecorderLater {

        public static void main(String[] arguments) {
            var owner = new AtomicInteger();
            PeriodicEvent<AtomicInteger> event = begin(owner);
            boolean before = FlightRecording.hasBegun();
            try (var recording = new Recording()) {
                recording.enable(NAME);
                recording.start();
                awaitMore(owner);
            }
            event.end();
            System.out.println(List.of(before, FlightRecording.hasBegun()));
        }
    }

    @Test
    void where_there_is_no_recorder_none_is_possible() throws Exception {
        JavaProbe.Result result = JavaProbe.of(NoRecorder.class)
                .options("--limit-modules=java.base")
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("[false, false]\n");
    }

    static final class NoRecorder {

        public static void main(String[] arguments) {
            System.out.println(List.of(FlightRecording.isPossible(), FlightRecording.hasBegun()));
        }
    }
}
