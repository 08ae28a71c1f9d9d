package dev.dyad.worker;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/// The calls that wait for a pool to change. Under its lock, which they give back while they wait.
final class PoolWaits {

    private final PoolLock lock;
    private final Places places;
    private final PoolRequests requests;
    private final PoolWorkers workers;

    PoolWaits(PoolLock lock, Places places, PoolRequests requests, PoolWorkers workers) {
        this.lock = lock;
        this.places = places;
        this.requests = requests;
        this.workers = workers;
    }

    /// Waits until a worker is to be started at a place, which has begun then.
    ///
    /// @return false once the pool is closed
    boolean start(Place place) {
        while (!workers.areClosed()) {
            long left = workers.untilStart(place);
            if (left == 0) {
                return true;
            }
            lock.rest(left);
        }
        return false;
    }

    /// Waits until each place that is open has a worker that is ready.
    void allReady(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            requireOpen();
            requests.requireOpen();
            Place away = firstAway();
            if (away == null) {
                return;
            }
            requests.requireMoreToDo();
            if (requests.areHopeless()) {
                throw requests.noWorkers();
            }
            if (!lock.awaitChange(deadline)) {
                throw new SocketTimeoutException("worker " + away.number + " is not ready in time; before it "
                        + (away.failuresInARow == 0 ? "none has failed" : "one has failed: " + away.lastFailure));
            }
        }
    }

    private void requireOpen() throws AsynchronousCloseException {
        if (workers.areClosed()) {
            throw new AsynchronousCloseException();
        }
    }

    private @Nullable Place firstAway() {
        for (Place place : places.all()) {
            if (place.isOpen && place.current == null) {
                return place;
            }
        }
        return null;
    }

    /// Refuses what comes, and waits until all that waits and runs has ended.
    void drain(Deadline deadline) throws IOException, InterruptedException {
        requests.drain();
        boolean hasWaited = false;
        while (requests.taken() > 0) {
            requireOpen();
            hasWaited = true;
            if (!lock.awaitChange(deadline)) {
                throw new SocketTimeoutException(
                        "drain: the deadline has passed, " + requests.taken() + " wait or run");
            }
        }
        if (hasWaited && requests.wereCutShort()) { // by a close, and have all ended before this thread looked
            throw new AsynchronousCloseException();
        }
    }

    /// Waits until the pool is closed, or the deadline has passed. An interrupt makes no difference.
    void closed(Deadline deadline) {
        while (!workers.areClosed() && !deadline.hasPassed()) {
            lock.rest(deadline.nanosToNextLook());
        }
    }

    /// Replaces the worker of a place by one that is started from now on.
    void reload(Place place, Deadline deadline) throws IOException, InterruptedException {
        try (var reload = new Reload(lock, workers, place)) {
            while (!reload.isDone()) {
                if (!lock.awaitChange(deadline)) {
                    throw reload.late();
                }
            }
        }
    }
}
