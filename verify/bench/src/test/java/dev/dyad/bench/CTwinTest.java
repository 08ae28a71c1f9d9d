package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CTwinTest {

    @Test
    void the_figures_of_a_pair_are_nanoseconds_of_a_few_calls() throws Exception {
        try (var twin = CTwin.compile("pair")) {
            assertThat(twin.figure("write-read", "0.02").measure()).isBetween(50.0, 1e6);
            assertThat(twin.figure("write-read-beside-a-thread", "0.02").measure())
                    .isBetween(50.0, 1e6);
            assertThat(twin.figure("open-close", "0.02").measure()).isBetween(50.0, 1e6);
            assertThat(twin.figure("send-receive-many", "0.02").measure()).isBetween(500.0, 1e7);
        }
    }

    @Test
    void the_sizes_of_messages_are_those_of_ours() throws Exception {
        var printed = new PrintedFigures();
        try (var twin = CTwin.compile("pair")) {
            printed.take("C", twin.command("sizes", "0.01"));
        }

        for (int size : MessageSizes.SIZES) {
            assertThat(printed.of("C", Integer.toString(size)))
                    .hasSize(1)
                    .allSatisfy(nanos -> assertThat(nanos).isBetween(50.0, 1e7));
        }
    }

    @Test
    void the_gaps_are_those_of_ours() throws Exception {
        var printed = new PrintedFigures();
        try (var twin = CTwin.compile("processes")) {
            printed.take("C", twin.command("gaps", "0.01", "2"));
        }

        for (Gap gap : Gap.values()) {
            for (String percentile : PrintedPercentiles.ALL) {
                assertThat(printed.of("C", PrintedPercentiles.name(gap.name(2), percentile)))
                        .hasSize(1)
                        .allSatisfy(micros -> assertThat(micros).isBetween(0.1, 1e6));
            }
        }
    }

    @Test
    void two_processes_move_more_than_nothing() throws Exception {
        try (var twin = CTwin.compile("processes")) {
            assertThat(twin.figure("throughput", "0.02").measure()).isBetween(0.001, 1e3);
        }
    }

    @Test
    void two_processes_answer_each_other() throws Exception {
        try (var twin = CTwin.compile("processes")) {
            assertThat(twin.figure("roundtrip", "0.02", "0").measure()).isBetween(0.5, 1e5);
            assertThat(twin.figure("roundtrip", "0.02", "0.0002").measure()).isBetween(0.5, 1e5);
        }
    }

    @Test
    void an_event_queue_tells_of_many_ends() throws Exception {
        var printed = new PrintedFigures();
        try (var twin = CTwin.compile("selection")) {
            printed.take("C", twin.command("10,10,100", "5", "0.02"));
        }

        for (int i = 0; i < 3; i++) {
            assertThat(printed.of("C", Selection.ofEnds(i)))
                    .hasSize(1)
                    .allSatisfy(nanos -> assertThat(nanos).isBetween(50.0, 1e6));
        }
        assertThat(printed.of("C", Selection.READY)).hasSize(1);
    }

    @Test
    void a_child_starts_and_answers() throws Exception {
        try (var twin = CTwin.compile("spawn")) {
            assertThat(twin.figure("true", "0.02").measure()).isBetween(10.0, 1e7);
            assertThat(twin.figure("answer", "0.02").measure()).isBetween(10.0, 1e7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pair", "processes", "selection", "spawn"})
    void a_question_that_it_does_not_know_is_an_error(String name) throws Exception {
        try (var twin = CTwin.compile(name)) {
            assertThatThrownBy(() -> twin.figure("read-write", "0.02").measure())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("exit code 2");
        }
    }
}
