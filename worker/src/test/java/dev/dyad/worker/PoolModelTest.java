package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All that may happen to small pools, in every order: their states are explored whole.
@NullUnmarked
@Timeout(120)
class PoolModelTest {

    /// A reload meets what recycles a worker, its death, the deadline of a request, a close and a cancellation.
    private static final Set<PoolSteps.Kind> ALL_AT_ONCE = EnumSet.of(
            PoolSteps.Kind.RELOAD,
            PoolSteps.Kind.LEAVE_RELOAD,
            PoolSteps.Kind.DIE,
            PoolSteps.Kind.WITHDRAW,
            PoolSteps.Kind.LATE,
            PoolSteps.Kind.CANCEL,
            PoolSteps.Kind.CLOSE);

    /// A way to a state.
    private record Way(Way before, PoolSteps.Step last) {

        List<PoolSteps.Step> steps() {
            Deque<PoolSteps.Step> steps = new ArrayDeque<>();
            for (Way way = this; way.last() != null; way = way.before()) {
                steps.addFirst(way.last());
            }
            return List.copyOf(steps);
        }
    }

    private static PoolWorld replay(PoolSize size, Way way) {
        var world = new PoolWorld(size);
        if (way.last() == null) {
            return world;
        }
        way.before().steps().forEach(world::run); // what was looked at before
        var rules = new PoolRules(world);
        rules.before();
        world.run(way.last());
        rules.after();
        return world;
    }

    /// @param kinds of steps that lead to them
    private record Explored(int states, Set<PoolSteps.Kind> kinds) {}

    /// Goes to each state. The shortest ways come first.
    private static Explored explore(PoolSize size) {
        Set<PoolSteps.Kind> kinds = EnumSet.noneOf(PoolSteps.Kind.class);
        Set<String> seen = new HashSet<>();
        Deque<Way> open = new ArrayDeque<>();
        open.add(new Way(null, null));
        while (!open.isEmpty()) {
            Way way = open.removeFirst();
            PoolWorld world;
            try {
                world = replay(size, way);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(e.getMessage() + ", after " + way.steps(), e);
            }
            if (seen.add(PoolState.of(world))) {
                for (PoolSteps.Step step : PoolSteps.of(world)) {
                    kinds.add(step.kind());
                    open.add(new Way(way, step));
                }
            }
        }
        return new Explored(seen.size(), kinds);
    }

    private static Set<PoolSize.May> may(String words) {
        Set<PoolSize.May> may = EnumSet.noneOf(PoolSize.May.class);
        for (String word : words.split(" ", -1)) {
            may.add(PoolSize.May.valueOf(word));
        }
        return may;
    }

    @FirstInShortRuns
    @ParameterizedTest(
            name = "{0} to {1} workers, {2} spares, {3} at once: {4} requests, {5} starts, {6} failures, {7}")
    @CsvSource({
        "1, 1, 0, 1, 2, 3, 1, HAVE_KEYS ASK_AGAIN",
        "1, 1, 0, 1, 1, 3, 0, END_SLOWLY",
        "1, 1, 0, 1, 1, 3, 1, RELOAD BE_UNPROVEN PAUSE",
        "1, 1, 0, 1, 2, 2, 1, RELOAD DRAIN",
        "1, 1, 0, 1, 1, 3, 0, RELOAD AGE ASK_AGAIN",
        "1, 1, 1, 1, 1, 2, 0, RELOAD END_SLOWLY",
        "1, 1, 0, 1, 2, 3, 0, BE_USED_UP RELOAD",
        "1, 1, 0, 2, 3, 2, 0, ASK_AGAIN",
        "1, 1, 1, 1, 2, 2, 0, HAVE_KEYS",
        "1, 2, 0, 1, 2, 2, 0, HAVE_KEYS PAUSE AGE",
        "1, 2, 1, 1, 2, 2, 0, PAUSE AGE",
        "2, 2, 0, 1, 2, 2, 1, HAVE_KEYS",
        "2, 2, 1, 1, 0, 3, 0, HAVE_KEYS",
    })
    void nothing_is_lost_and_nothing_happens_twice_in_any_order(
            int least, int most, int spares, int atOnce, int requests, int starts, int failures, String may) {
        Explored explored = explore(new PoolSize(least, most, spares, atOnce, requests, starts, failures, may(may)));

        assertThat(explored.states()).isGreaterThan(1_000);
        if (may.contains("RELOAD")) {
            assertThat(explored.kinds())
                    .containsAll(ALL_AT_ONCE)
                    .contains(may.contains("BE_USED_UP") ? PoolSteps.Kind.ANSWER : PoolSteps.Kind.OUTGROW);
        }
    }
}
