package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestLengthTest {

    private final Properties before = (Properties) System.getProperties().clone();

    static class Tests {
        @Test
        void stands_for_its_kind() {}

        @Test
        @NotInShortRuns("stands_for_its_kind")
        void takes_its_time() {}

        @Test
        @NotInShortRuns(value = "stands_for_its_kind", inCi = 0)
        void takes_more_time_than_ci_ever_has() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        @FirstInShortRuns
        void takes_its_time_for_each(int number) {
            assertThat(number).isPositive();
        }

        @Nested
        @NotInShortRuns("stands_for_its_kind")
        class OfAnotherKind {
            @Test
            void takes_its_time_too() {}
        }
    }

    @AfterEach
    void restore() {
        System.setProperties(before);
    }

    @Test
    void a_short_run_leaves_out_what_another_test_stands_for() {
        System.clearProperty("dyad.length");
        assertThat(testsRun()).isEqualTo(2);
    }

    @Test
    void ci_leaves_out_what_has_no_chance_there_and_a_long_run_nothing() {
        System.setProperty("dyad.length", "ci");
        assertThat(testsRun()).isEqualTo(6);

        System.setProperty("dyad.length", "long");
        assertThat(testsRun()).isEqualTo(7);
    }

    @Test
    void a_short_run_has_one_of_several_and_the_others_have_all() {
        System.clearProperty("dyad.length");
        assertThat(TestLength.oneOrAll(List.of(1, 2, 3))).hasSize(1).isSubsetOf(1, 2, 3);
        assertThat(TestLength.oneOrAll(List.of())).isEmpty();

        System.setProperty("dyad.length", "ci");
        assertThat(TestLength.oneOrAll(List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }

    private static long testsRun() {
        return InnerTests.run(Tests.class, Map.of()).getTestsSucceededCount();
    }
}
