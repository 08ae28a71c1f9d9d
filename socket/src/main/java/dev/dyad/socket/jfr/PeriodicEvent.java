package dev.dyad.socket.jfr;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/// An event that the recorder asks for at intervals, until it is ended or its owner is collected.
///
/// It may be begun before the recorder, which finds it later. It holds its owner weakly; where nobody ever records,
/// the listener of an owner that was collected without an end stays. Any thread may end it, and may end it twice. Only
/// where a recorder [is possible][FlightRecording#isPossible].
///
/// @param <T> what it is about
public final class PeriodicEvent<T> implements FlightRecorderListener, Runnable {

    private final Reference<T> owner;
    private final Supplier<Class<? extends Event>> kind;
    private final Consumer<? super T> telling;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private enum State {
        /// The recorder has not begun.
        WAITING,
        /// It asks.
        ASKED,
        /// Nobody asks any more.
        ENDED
    }

    private PeriodicEvent(T owner, Supplier<Class<? extends Event>> kind, Consumer<? super T> telling) {
        this.owner = new WeakReference<>(owner);
        this.kind = kind;
        this.telling = telling;
    }

    /// Begins one.
    ///
    /// @param owner what it is about
    /// @param kind the class of the event, which is looked up once the recorder has begun and not before
    /// @param telling commits one event; it must hold no reference to the owner, which could not be collected then
    /// @param <T> of what the owner is
    /// @return what is to be [ended][#end]
    public static <T> PeriodicEvent<T> begin(
            T owner, Supplier<Class<? extends Event>> kind, Consumer<? super T> telling) {
        var event = new PeriodicEvent<T>(owner, kind, telling);
        FlightRecorder.addListener(event);
        return event;
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        if (!state.compareAndSet(State.WAITING, State.ASKED)) {
            return;
        }
        FlightRecorder.addPeriodicEvent(kind.get(), this);
        if (state.get() == State.ENDED) { // meanwhile: no lock is held while the recorder takes its own
            boolean _ = FlightRecorder.removePeriodicEvent(this);
        }
    }

    @Override
    public void run() {
        T there = owner.get();
        if (there == null) {
            end();
        } else if (state.get() == State.ASKED) { // the recorder may have a list from before it ended
            telling.accept(there);
        }
    }

    /// Returns whether nobody asks any more, which is for tests.
    boolean isEnded() {
        return state.get() == State.ENDED;
    }

    /// Ends it.
    public void end() {
        State before = state.getAndSet(State.ENDED);
        boolean _ = FlightRecorder.removeListener(this);
        if (before == State.ASKED) {
            boolean _ = FlightRecorder.removePeriodicEvent(this);
        }
    }
}
