package dev.dyad.worker;

import dev.dyad.message.Exchange;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.pool.PoolSpawn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a plan said when its workers were started.
///
/// @param commands those of the places, in turn
/// @param first what a worker is asked before it is ready, within `readyBy`
record PoolSettings(
        List<Command> commands,
        int leastWorkers,
        int mostWorkers,
        int spares,
        Wire wire,
        Exchange exchange,
        long limit,
        int queue,
        int atOnce,
        int askAgain,
        int giveUpAfter,
        long recycleAfter,
        Duration recycleAge,
        long recycleAbove,
        @Nullable Duration readyBy,
        @Nullable ByteBuffer first,
        Duration closedByHook,
        Consumer<? super WorkerEvent> listener) {

    /// Returns the programs, for messages to people.
    String name() {
        return commands.getFirst() + andMore();
    }

    /// Returns the programs as they were said, for programs that read it.
    String programs() {
        return PoolSpawn.program(commands.getFirst()) + andMore();
    }

    private String andMore() {
        int more = commands.size() - 1;
        return more == 0 ? "" : " and " + more + " more";
    }

    /// Returns the command of a place.
    Command command(Place place) {
        return commands.get(place.number % commands.size());
    }
}
