package dev.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.cli.TopFrame.PoolRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopEventsTest {

    /// As a pool tells it, but for its text, which may be lost on the way.
    @Name("dyad.WorkersStatistics")
    static final class Told extends Event {
        int pool;

        @Nullable
        String command;

        int workers;
        int ready;
        int busy;
        int waiting;
        int underWay;
        long answered;
        long failed;
        long started;

        @Timespan
        long waited50;

        @Timespan
        long waited99;

        @Timespan
        long waitedMost;

        @Timespan
        long ran50;

        @Timespan
        long ran99;

        @Timespan
        long ranMost;

        Told(int pool, @Nullable String command, long answered) {
            this.pool = pool;
            this.command = command;
            this.answered = answered;
        }
    }

    @Test
    void a_pool_whose_name_the_recorder_loses_keeps_it() throws Exception {
        try (var recording = new Recording()) {
            recording.enable(Told.class);
            recording.start();
            var repository = Path.of(System.getProperty("jdk.jfr.repository"));
            try (TopEvents events = TopEvents.of(1, repository, true)) {
                assertThat(await(events, 1, "a program", null)).containsExactly("a program", "(not recorded)");
                assertThat(await(events, 2, null, "found")).containsExactly("a program", "found");
            }
        }
    }

    /// A recording of nothing but pools says nothing of ends: there may be many.
    @Test
    void what_no_event_tells_is_unknown_and_not_none() throws Exception {
        try (var recording = new Recording()) {
            recording.enable(Told.class);
            recording.start();
            var repository = Path.of(System.getProperty("jdk.jfr.repository"));
            try (TopEvents all = TopEvents.of(1, repository, true);
                    TopEvents some = TopEvents.of(1, repository, false)) {
                List<String> _ = await(some, 1, "a program");
                List<String> _ = await(all, 2, "a program");

                assertThat(TopJson.of(next(some)))
                        .contains("\"ends\":null,\"channels\":null,\"children\":null,\"pools\":[{");
                assertThat(TopJson.of(next(all)))
                        .contains("\"ends\":{\"open\":0,", "\"channels\":{\"open\":0,", "\"children\":{\"running\":0,");
            }
        }
    }

    private static TopFrame next(TopEvents events) throws InterruptedException {
        return Stream.generate(() -> poll(events))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private static Optional<TopFrame> poll(TopEvents events) {
        try {
            return events.next(1_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Has two pools tell of themselves until that is in a frame: what is told before the first look is not read.
    ///
    /// @return their names in the frame
    private static List<String> await(TopEvents events, int answered, @Nullable String... commands)
            throws InterruptedException {
        while (true) {
            for (int pool = 0; pool < commands.length; pool++) {
                new Told(pool, commands[pool], answered).commit();
            }
            Optional<TopFrame> frame = events.next(100);
            List<PoolRow> pools = frame.map(TopFrame::pools).orElse(List.of());
            if (pools.size() == commands.length && pools.stream().allMatch(pool -> pool.answered() == answered)) {
                return pools.stream().map(PoolRow::command).toList();
            }
        }
    }
}
