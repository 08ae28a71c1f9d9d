package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SuiteRunsTest {

    private static final List<Suite> TWO = List.of(Suite.CHANNEL, Suite.FIRST_USE);

    private final List<String> printed = new ArrayList<>();

    @Test
    void two_suites_at_once_are_printed_in_their_order() throws Exception {
        List<SuiteRun> ran = runs().together(TWO);

        assertThat(printed).containsExactly("channel", "first-use");
        assertThat(ran).extracting(SuiteRun::suite).isEqualTo(printed);
        assertThat(ran).allSatisfy(run -> assertThat(run.results()).hasSize(1));
    }

    @Test
    void one_after_the_other_they_are_too() throws Exception {
        assertThat(runs().inTurn(TWO)).extracting(SuiteRun::suite).isEqualTo(printed);
        assertThat(printed).containsExactly("channel", "first-use");
    }

    @Test
    void what_ends_a_suite_ends_the_run_and_is_told_as_it_is() {
        var runs = new SuiteRuns(SuiteRunsTest::refuse, run -> printed.add(run.suite()));

        assertThatThrownBy(() -> runs.together(TWO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no pace for ");
        assertThatThrownBy(() -> runs.inTurn(TWO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no pace for channel");
        assertThat(printed).isEmpty();
    }

    @Test
    void a_suite_that_fails_does_not_wait_for_one_before_it() {
        var runs = new SuiteRuns(
                suite -> suite == Suite.CHANNEL ? run("sleep", "1000") : refuse(suite),
                run -> printed.add(run.suite()));

        assertThatThrownBy(() -> runs.together(TWO)).hasMessage("no pace for first-use");
        assertThat(printed).isEmpty();
    }

    private static Pace refuse(Suite suite) {
        throw new IllegalStateException("no pace for " + suite);
    }

    private static Pace run(String... command) {
        try {
            String _ = Programs.output(List.of(command));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Pace.quick();
    }

    private SuiteRuns runs() {
        return new SuiteRuns(suite -> Pace.quick(), run -> printed.add(run.suite()));
    }
}
