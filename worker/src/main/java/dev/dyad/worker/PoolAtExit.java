package dev.dyad.worker;

import dev.dyad.process.exit.AtExit;
import dev.dyad.socket.Deadline;
import java.time.Duration;

/// What a pool does as the JVM ends.
///
/// @param within how long it goes on, unless it is closed
record PoolAtExit(Pool pool, Duration within) implements AtExit.Listener {

    @Override
    public void awaitLeave(Deadline deadline) {
        pool.awaitClose(deadline);
    }

    @Override
    public void jvmEnds() {
        pool.jvmEnds();
    }
}
