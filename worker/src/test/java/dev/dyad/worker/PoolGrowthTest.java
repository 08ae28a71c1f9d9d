package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.worker.PoolSteps.Kind;
import dev.dyad.worker.PoolSteps.Step;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How the number of workers grows and shrinks, with a clock of its own.
@NullUnmarked
@Timeout(60)
class PoolGrowthTest {

    private final PoolWorld world =
            new PoolWorld(new PoolSize(1, 3, 0, 1, 4, 4, 0, Set.of(PoolSize.May.PAUSE, PoolSize.May.AGE)), 4);

    private void run(Kind kind, int index) {
        world.run(new Step(kind, index));
    }

    private void start(int place) {
        run(Kind.LOOK, place);
        run(Kind.SPAWN, place);
        run(Kind.READY, place);
    }

    private void ask(int requests) {
        for (int i = 0; i < requests; i++) {
            run(Kind.ASK, i);
        }
    }

    @Test
    void one_more_is_started_a_second_while_requests_wait() {
        start(0);
        ask(4);
        assertThat(world.open).isEqualTo(2);
        start(1);
        assertThat(world.open).isEqualTo(2);

        run(Kind.SECOND, 0);
        run(Kind.LOOK, 0);

        assertThat(world.open).isEqualTo(3);
    }

    @Test
    void a_worker_that_is_not_needed_any_more_leaves_after_a_minute() {
        start(0);
        ask(2);
        start(1);
        run(Kind.ANSWER, 0);
        run(Kind.ANSWER, 1);
        run(Kind.LOOK, 1);
        assertThat(world.stops).isEmpty();

        world.now += Member.LONG_IDLE;
        run(Kind.LOOK, 1);

        assertThat(world.stops).containsExactly(world.members.getLast());
        assertThat(world.open).isEqualTo(1);
        run(Kind.LOOK, 0);
        assertThat(world.stops).hasSize(1); // the least number stays
    }
}
