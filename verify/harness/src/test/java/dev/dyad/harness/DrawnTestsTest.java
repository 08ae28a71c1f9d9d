package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What [Sampled] and [SecondChoice] leave out.
class DrawnTestsTest {

    private static final int MANY = 400;
    private static final int FEWEST = 50;
    private static final int MOST = 150; // of 100, with a deviation of 9

    private static final Map<String, String> ONLY_SECOND_CHOICE = Map.of(
            "junit.jupiter.extensions.autodetection.enabled",
            "true",
            "junit.jupiter.extensions.autodetection.include",
            SecondChoice.class.getName());

    private final Properties before = (Properties) System.getProperties().clone();

    @BeforeEach
    void nothing_is_asked_for_by_name() {
        System.clearProperty("test");
        System.setProperty("dyad.length", "ci");
    }

    @AfterEach
    void restore() {
        System.setProperties(before);
    }

    @Sampled
    static class Slow {
        @RepeatedTest(MANY)
        void runs() {}
    }

    @Test
    void one_in_four_of_a_slow_class_runs() {
        assertThat(testsRun(Slow.class)).isBetween(FEWEST, MOST);
    }

    @Test
    void all_of_a_slow_class_run_if_the_run_is_long_or_asks_for_it() {
        System.setProperty("dyad.length", "long");
        assertThat(testsRun(Slow.class)).isEqualTo(MANY);

        System.setProperty("dyad.length", "ci");
        System.setProperty("test", "Slow");
        assertThat(testsRun(Slow.class)).isEqualTo(MANY);
    }

    @Test
    void one_in_four_classes_runs_over_the_second_choice_too() {
        System.setProperty("dyad.secondChoice", "true");
        assertThat(timesRun(Again.class)).isBetween(FEWEST, MOST);

        System.setProperty("dyad.length", "long");
        assertThat(timesRun(Again.class)).isEqualTo(MANY);
    }

    @Test
    void all_run_over_the_only_choice_that_they_have() {
        assertThat(timesRun(Again.class)).isEqualTo(MANY);

        System.setProperty("dyad.secondChoice", "true");
        assertThat(timesRun(OnlySecond.class)).isEqualTo(MANY);
    }

    private static int timesRun(Class<?> tests) {
        int times = 0;
        for (int i = 0; i < MANY; i++) {
            times += testsRun(tests);
        }
        return times;
    }

    private static int testsRun(Class<?> tests) {
        return Math.toIntExact(InnerTests.run(tests, ONLY_SECOND_CHOICE).getTestsSucceededCount());
    }
}

/// Runs over the first choice, and may over the second.
class Again {
    @Test
    void runs() {}
}

/// Runs only over the second choice.
@Tag("fallback")
class OnlySecond {
    @Test
    void runs() {}
}
