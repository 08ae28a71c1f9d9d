package dev.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.cli.TopFrame.Count;
import dev.dyad.cli.TopFrame.Ends;
import dev.dyad.cli.TopFrame.Happening;
import dev.dyad.cli.TopFrame.PoolRow;
import dev.dyad.cli.TopFrame.Took;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopTextTest {

    private static final Took QUICK = new Took(Duration.ofNanos(80_000), Duration.ofMillis(3), Duration.ofSeconds(2));
    private static final PoolRow POOL = new PoolRow(
            1,
            "python3",
            3,
            1,
            1,
            5,
            6,
            12_000,
            7,
            4,
            QUICK,
            new Took(Duration.ZERO, Duration.ofNanos(1_234_000), Duration.ofSeconds(3)));
    private static final Happening DEATH =
            new Happening(Instant.EPOCH, "dyad.ChildEnded", "child 4711 (\033]0;owned\007\u202e\n): Exited[code=7]");
    static final TopFrame FRAME = new TopFrame(
            Instant.EPOCH,
            4712,
            new Ends(new Count(9, 14, 5), 6, 1, 2, 1, 4),
            new Count(4, 40, 36),
            new Count(3, 1_234_567, 1_234_564),
            List.of(POOL),
            List.of(DEATH));

    private static List<String> lines(int width) {
        return TopText.lines(FRAME, FRAME.happened(), width);
    }

    @Test
    void what_is_not_recorded_is_no_number() {
        var frame = new TopFrame(Instant.EPOCH, 4712, null, null, new Count(3, 4, 1), null, List.of());

        assertThat(String.join("\n", TopText.lines(frame, List.of(), 40))).endsWith("""
                              open     opened     closed
                ends             -          -          -
                channels         -          -          -
                children         3          4          1""");
        assertThat(TopJson.of(frame)).contains("\"ends\":null,\"channels\":null,", "\"pools\":null,");
    }

    @Test
    void all_is_there_on_a_screen_of_80_columns() {
        assertThat(String.join("\n", lines(80))).startsWith("dyad top 4712  ").contains("""

                              open     opened     closed
                ends             9         14          5
                channels         4         40         36
                children         3    1234567    1234564
                6 sockets, 1 listener, 2 pipe ends, 1 selector, 4 other descriptors

                POOL COMMAND        UP BUSY  WAIT FAILED ANSWERED  RAN P50  RAN P99 WAITED P50
                   1 python3       2/3    1     5      7    12000     0 ns   1.2 ms      80 µs
                """);
    }

    @Test
    void the_most_important_is_there_on_one_of_40() {
        assertThat(String.join("\n", lines(40))).contains("""
                children         3    1234567    1234564
                6 sockets, 1 listener, 2 pipe ends
                1 selector, 4 other descriptors

                POOL COMMAND        UP BUSY  WAIT FAILED
                   1 python3       2/3    1     5      7
                """);
    }

    @Test
    void how_to_leave_it_is_seen_from_the_first_moment_on_a_screen_of_40_columns() {
        List<String> first = TopText.beforeTheFirst(4_194_304); // the most that Linux gives

        assertThat(first).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(first.getFirst()).endsWith("(q ends)");
        assertThat(first).contains("waits for the first events");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 80, 40, 20, 7, 1, 0})
    void no_line_is_longer_than_the_screen_is_wide(int width) {
        assertThat(lines(width)).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
    }

    @Test
    void what_another_process_says_moves_no_cursor() {
        assertThat(lines(200).getLast()).endsWith("child 4711 (?]0;owned???): Exited[code=7]");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.0 µs",
        "9949, 9.9 µs",
        "9951, 10 µs",
        "999499, 999 µs",
        "999500, 1.0 ms",
        "3600000000000, 3600 s"
    })
    void durations_have_few_digits(long nanos, String shown) {
        assertThat(TopText.shown(Duration.ofNanos(nanos))).isEqualTo(shown);
    }

    @Test
    void as_json_it_is_one_line_for_programs() {
        assertThat(TopJson.of(FRAME))
                .hasLineCount(1)
                .startsWith(
                        "{\"time\":\"1970-01-01T00:00:00Z\",\"pid\":4712,\"ends\":{\"open\":9,\"opened\":14,\"closed\":5,")
                .contains("\"children\":{\"running\":3,\"started\":1234567,\"ended\":1234564}")
                .contains("\"pools\":[{\"pool\":1,\"command\":\"python3\",")
                .contains("\"waited\":{\"p50\":80000,\"p99\":3000000,\"max\":2000000000}")
                .contains("child 4711 (\\u001b]0;owned\\u0007\u202e\\u000a): Exited[code=7]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"a \"a\"", "a\"b \"a\\\"b\"", "a\\b \"a\\\\b\"", "𝄞\ud834 \"𝄞\\ud834\""})
    void strings_of_json_hold_any_text(String text, String json) {
        assertThat(TopJson.string(text)).isEqualTo(json);
    }
}
