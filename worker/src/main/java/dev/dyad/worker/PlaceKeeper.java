package dev.dyad.worker;

import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts the workers of a place, one after the other.
final class PlaceKeeper implements Runnable {

    private final Pool pool;
    private final Place place;
    private final PoolSettings settings;
    private final Consumer<WorkerEvent> events;

    PlaceKeeper(Pool pool, Place place, PoolSettings settings, Consumer<WorkerEvent> events) {
        this.pool = pool;
        this.place = place;
        this.settings = settings;
        this.events = events;
    }

    @Override
    public void run() {
        while (pool.awaitStart(place)) {
            try {
                start();
            } catch (IOException | RuntimeException | Error e) {
                pool.notStarted(place, settings.command(place) + " was not started: " + e.getMessage());
            }
        }
    }

    private void start() throws IOException {
        long begun = System.nanoTime();
        WorkerProcess process = WorkerProcess.start(settings.command(place), settings);
        Member member = started(process);
        boolean hasAnswered;
        try {
            events.accept(new WorkerEvent.Started(place.number, member.generation, process.pid()));
            hasAnswered = process.awaitFirstWord(settings);
            events.accept(
                    new WorkerEvent.Ready(place.number, process.pid(), Duration.ofNanos(System.nanoTime() - begun)));
            process.onEnd((last, how) -> tellEnd(member, last, how));
        } catch (IOException | RuntimeException | Error e) {
            if (asksToLeave(e)) {
                pool.left(member, new Closed.AskedToStop().toString());
                pool.ready(member, false);
            } else {
                pool.notReady(member, settings.command(place) + " did not get ready: " + reason(e, process));
            }
            return;
        }
        pool.ready(member, hasAnswered);
    }

    /// Tells the pool how the process of a worker has ended.
    void tellEnd(Member member, @Nullable Closed last, String how) {
        switch (last) {
            case Closed.AskedToStop stop -> pool.left(member, stop.toString());
            case Closed.Here here -> pool.cut(member, here.toString());
            case null, default -> pool.exited(member, how);
        }
    }

    /// Hands a process to the pool, which ends it from then on.
    private Member started(WorkerProcess process) {
        try {
            return pool.started(place, process.pid(), process);
        } catch (RuntimeException | Error e) {
            process.stop("it was not started");
            throw e;
        }
    }

    private static boolean asksToLeave(Throwable e) {
        return e instanceof RequestFailedException failed && failed.closed().orElse(null) instanceof Closed.AskedToStop;
    }

    private static String reason(Throwable e, WorkerProcess process) {
        if (!(e instanceof RequestFailedException failed)) {
            return String.valueOf(e.getMessage());
        }
        boolean hasLines = failed.why() == Why.CHANNEL_ENDED; // which are all of them
        return hasLines ? failed.reason() : failed.reason() + process.printed();
    }
}
