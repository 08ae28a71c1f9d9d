package dev.dyad.worker;

import java.io.IOException;

/// The wish to have the worker of a place replaced by one that is started from now on. Until it is closed.
final class Reload implements AutoCloseable {

    private final PoolLock lock;
    private final PoolWorkers workers;
    private final Place place;
    private final boolean isNeeded; // or it is not there to be replaced
    private final long first; // generation that will do

    Reload(PoolLock lock, PoolWorkers workers, Place place) {
        this.lock = lock;
        this.workers = workers;
        this.place = place;
        try (var _ = lock.hold()) {
            isNeeded = place.isOpen;
            first = place.reload();
            lock.changed();
        }
    }

    /// Returns whether it is replaced.
    ///
    /// @throws IOException if it will not be
    boolean isDone() throws IOException {
        try (var _ = lock.hold()) {
            Member current = place.current;
            if (!isNeeded || !place.isOpen || (current != null && current.generation >= first)) {
                return true;
            }
            if (workers.areClosed()) {
                throw failed("the workers are closed");
            }
            if (workers.areEndedByJvm()) {
                throw failed(PoolRequests.JVM_ENDS);
            }
            if (place.failedStart >= first) {
                throw failed(place.whyStartFailed);
            }
            if (workers.startNone() && !place.isStarting()) {
                throw failed(PoolRequests.DRAINED);
            }
            return false;
        }
    }

    /// Returns what to fail with where time is over, with what the one that is not ready has printed.
    IOException late() {
        try (var _ = lock.hold()) {
            Member candidate = place.starting;
            String printed = candidate == null ? "" : candidate.process.printed();
            return failed("it was not ready in time" + printed);
        }
    }

    private IOException failed(String why) {
        return new IOException("worker " + place.number + " was not replaced: " + why);
    }

    /// Leaves the worker that is there, and ends the one that was to replace it, unless somebody else wants that,
    /// too.
    @Override
    public void close() {
        try (var _ = lock.hold()) {
            place.endReload(first);
            workers.endIfAbandoned(place);
            lock.changed(); // the one that is there may be too old meanwhile
        }
    }
}
