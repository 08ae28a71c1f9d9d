package dev.dyad.worker;

import dev.dyad.socket.thread.LibraryThreads;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells a listener one event after the other, on a thread that is there as long as there are some.
final class EventTeller implements Consumer<WorkerEvent> {

    private static final int MOST = 1 << 12; // that wait for a slow listener; what comes then is dropped

    private final Consumer<? super WorkerEvent> listener;
    private final ArrayDeque<WorkerEvent> events = new ArrayDeque<>(); // its own lock
    private boolean tells;

    EventTeller(Consumer<? super WorkerEvent> listener) {
        this.listener = listener;
    }

    @Override
    public void accept(WorkerEvent event) {
        synchronized (events) {
            if (events.size() == MOST) {
                return;
            }
            events.add(event);
            if (tells) {
                return;
            }
            tells = true;
        }
        try {
            LibraryThreads.startVirtual("dyad-worker-events", this::tellAll);
        } catch (OutOfMemoryError noThread) {
            synchronized (events) {
                tells = false; // with the next event
            }
        }
    }

    private void tellAll() {
        for (WorkerEvent event = next(); event != null; event = next()) {
            try {
                listener.accept(event);
            } catch (Throwable e) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
        }
    }

    private @Nullable WorkerEvent next() {
        synchronized (events) {
            WorkerEvent event = events.poll();
            tells = event != null;
            return event;
        }
    }
}
