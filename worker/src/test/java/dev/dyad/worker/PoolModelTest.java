package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.Sampled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All that may happen to small pools, in every order: their states are explored whole.
@Sampled
@NullUnmarked
@Timeout(120)
class PoolModelTest {

    /// A reload meets what recycles a worker, its death, the deadline of a request, a close and a cancellation.
    private static final Set<PoolSteps.Kind> ALL_AT_ONCE = EnumSet.of(
            PoolSteps.Kind.RELOAD,
            PoolSteps.Kind.LEAVE_RELOAD,
            PoolSteps.Kind.DIE,
            PoolSteps.Kind.WITHDRAW,
            PoolSteps.Kind.GIVE_UP,
            PoolSteps.Kind.CLOSE);

    /// A way to a state, which the world that has come to it may go on from.
    private static final class Way {
        private final Way before;
        private final PoolSteps.Step last;
        final String state;
        private PoolWorld world;

        Way(Way before, PoolSteps.Step last, PoolWorld world) {
            this.before = before;
            this.last = last;
            this.world = world;
            state = PoolState.of(world);
        }

        /// Returns a world in this state: the one that has come to it, the first time.
        PoolWorld take(PoolSize size) {
            PoolWorld taken = world;
            world = null;
            return taken == null ? replay(size) : taken;
        }

        private PoolWorld replay(PoolSize size) {
            var world = new PoolWorld(size);
            Deque<PoolSteps.Step> steps = new ArrayDeque<>();
            for (Way way = this; way.last != null; way = way.before) {
                steps.addFirst(way.last);
            }
            steps.forEach(world::run); // what was looked at before
            return world;
        }
    }

    /// @param kinds of steps that lead to them
    private record Explored(int states, Set<PoolSteps.Kind> kinds) {}

    /// Goes to each state. The shortest ways come first.
    private static Explored explore(PoolSize size) {
        Set<PoolSteps.Kind> kinds = EnumSet.noneOf(PoolSteps.Kind.class);
        Set<String> seen = new HashSet<>();
        Deque<Way> open = new ArrayDeque<>();
        var begin = new Way(null, null, new PoolWorld(size));
        seen.add(begin.state);
        open.add(begin);
        while (!open.isEmpty()) {
            Way way = open.removeFirst();
            PoolWorld world = way.take(size);
            for (PoolSteps.Step step : PoolSteps.of(world)) {
                kinds.add(step.kind());
                world = world == null ? way.take(size) : world;
                run(world, step);
                var next = new Way(way, step, world);
                if (seen.add(next.state)) {
                    open.add(next);
                }
                world = next.state.equals(way.state) ? world : null; // another step is of another world
            }
        }
        return new Explored(seen.size(), kinds);
    }

    private static void run(PoolWorld world, PoolSteps.Step step) {
        var rules = new PoolRules(world);
        rules.before();
        try {
            world.run(step);
            rules.after();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(e.getMessage() + ", after " + world.steps, e);
        }
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
        "1, 1, 0, 1, 2, 3, 1, HAVE_KEYS ASK_AGAIN LEAVE",
        "1, 1, 0, 1, 1, 3, 0, END_SLOWLY",
        "1, 1, 0, 1, 1, 3, 1, RELOAD BE_UNPROVEN PAUSE",
        "1, 1, 0, 1, 2, 2, 1, RELOAD DRAIN",
        "1, 1, 0, 1, 1, 3, 0, RELOAD AGE ASK_AGAIN",
        "1, 1, 1, 1, 1, 2, 0, RELOAD END_SLOWLY",
        "1, 1, 0, 1, 2, 3, 0, BE_USED_UP RELOAD END_WITH_JVM",
        "1, 1, 0, 2, 3, 2, 0, ASK_AGAIN LEAVE",
        "1, 1, 1, 1, 2, 2, 0, HAVE_KEYS LEAVE END_WITH_JVM",
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
