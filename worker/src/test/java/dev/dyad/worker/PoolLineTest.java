package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A pool whose line is long.
@NullUnmarked
@Timeout(60)
class PoolLineTest {

    private static final int WORKERS = 2;
    private static final int WAITING = 200_000;

    private static Pool pool() {
        PoolSize size = new PoolSize(WORKERS, WORKERS, 0, 1, 0, WORKERS, 0, Set.of());
        var world = new PoolWorld(size, WAITING);
        for (Place place : world.pool.places()) {
            assertThat(world.pool.untilStart(place)).isZero();
            world.pool.ready(world.pool.started(place, 1, null), true);
        }
        return world.pool;
    }

    @Test
    void a_long_line_of_one_key_is_served_without_a_walk_along_it() throws Exception {
        Pool pool = pool();
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i <= WAITING; i++) {
            var ticket = new Ticket("key");
            tickets.add(ticket);
            pool.ask(ticket);
        }
        assertThat(pool.waiting()).isEqualTo(WAITING); // though the other worker is free

        for (Ticket ticket : tickets) {
            assertThat(ticket.isSettled()).isTrue();
            pool.answered(ticket.member());
        }
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void those_that_give_up_leave_a_long_line_without_a_walk_along_it() throws Exception {
        Pool pool = pool();
        Deque<Ticket> waiting = new ArrayDeque<>();
        for (int i = 0; i < WAITING; i++) {
            var ticket = new Ticket(i % 2 == 0 ? "key" : null);
            pool.ask(ticket);
            if (!ticket.isSettled()) {
                waiting.add(ticket);
            }
        }

        while (!waiting.isEmpty()) {
            assertThat(pool.withdraw(waiting.removeLast())).isTrue();
        }
        assertThat(pool.waiting()).isZero();
    }
}
