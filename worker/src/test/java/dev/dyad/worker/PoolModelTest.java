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

    /// Returns how many states there are. The shortest ways come first.
    private static int explore(PoolSize size) {
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
                PoolSteps.of(world).forEach(step -> open.add(new Way(way, step)));
            }
        }
        return seen.size();
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
        int states = explore(new PoolSize(least, most, spares, atOnce, requests, starts, failures, may(may)));

        assertThat(states).isGreaterThan(1_000);
    }
}
