package dev.dyad.worker;

import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.jfr.FlightRecording;
import dev.dyad.socket.jfr.PeriodicEvent;
import dev.dyad.worker.jfr.RequestExpiredEvent;
import dev.dyad.worker.jfr.WorkerFailedEvent;
import dev.dyad.worker.jfr.WorkerReadyEvent;
import dev.dyad.worker.jfr.WorkerRetiredEvent;
import dev.dyad.worker.jfr.WorkersGaveUpEvent;
import dev.dyad.worker.jfr.WorkersStatisticsEvent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the JDK's flight recorder what happens in a pool, once that has begun.
///
/// Events are recorded on a thread of their own, not under the pool's lock: a recorder that meets an event for the
/// first time takes locks of its own. That it fails harms nobody.
final class PoolRecording implements Consumer<WorkerEvent> {

    private static final AtomicInteger POOLS = new AtomicInteger();

    private final int pool = POOLS.incrementAndGet();
    private final EventTeller teller = new EventTeller(this::tell); // a slow listener of the user's keeps nothing up
    private @Nullable PeriodicEvent<Workers> statistics; // set before others have the pool

    /// Has the statistics of a pool asked for, until [#end].
    void begin(Workers workers, String command) {
        if (FlightRecording.isPossible()) {
            FlightRecording.tell(() -> statistics = PeriodicEvent.begin(
                    workers, () -> WorkersStatisticsEvent.class, new StatisticsTeller(pool, command)));
        }
    }

    void end() {
        PeriodicEvent<Workers> begun = statistics;
        if (begun != null) {
            FlightRecording.tell(begun::end);
        }
    }

    @Override
    public void accept(WorkerEvent event) {
        if (FlightRecording.hasBegun()) {
            FlightRecording.tell(() -> teller.accept(event));
        }
    }

    private void tell(WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Failed failed ->
                WorkerFailedEvent.tell(pool, failed.place(), failed.pid(), failed.how(), failed.failuresInARow());
            case WorkerEvent.GaveUp gaveUp -> WorkersGaveUpEvent.tell(pool, gaveUp.how());
            case WorkerEvent.Ready ready -> WorkerReadyEvent.tell(pool, ready.place(), ready.pid(), ready.took());
            case WorkerEvent.Retired retired ->
                WorkerRetiredEvent.tell(pool, retired.place(), retired.pid(), retired.why());
            case WorkerEvent.Started _, WorkerEvent.BackedOff _ -> {}
        }
    }

    /// Begins to measure a request, where somebody wants to know whether it expires.
    static @Nullable RequestExpiredEvent request() {
        return FlightRecording.hasBegun() // before the class is touched, as linking does
                ? FlightRecording.measure(RequestExpiredEvent::begun)
                : null;
    }

    /// Tells of a request that has failed, if it has expired.
    void failed(@Nullable RequestExpiredEvent request, RequestFailedException e) {
        boolean hasWaited = e.why() == Why.EXPIRED_WAITING;
        if (request != null && (hasWaited || e.why() == Why.EXPIRED_RUNNING)) {
            FlightRecording.tell(() -> request.tell(pool, hasWaited, e.mayHaveRun()));
        }
    }
}
