package dev.dyad.worker;

import static dev.dyad.message.RequestFailedException.Why.NO_WORKERS;
import static dev.dyad.message.RequestFailedException.Why.REFUSED;

import dev.dyad.message.RequestFailedException;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which worker has which request, and where one is to be started. It makes no call that waits but [#awaitStart].
final class Pool {

    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1); // for a deadline may move

    private final int mostWaiting;
    private final int atOnce;
    private final int giveUpAfter;
    private final LongSupplier recycleAt;
    private final Consumer<Member> stop;
    private final Consumer<WorkerEvent> events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // a place may want a worker
    private final List<Place> places = new ArrayList<>();
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private int underWay;
    private boolean gaveUp;
    private boolean drained;
    private boolean closed;

    /// @param recycleAt returns after how many answers a new worker is replaced
    /// @param stop ends a worker, without waiting for that
    Pool(PoolSettings settings, LongSupplier recycleAt, Consumer<Member> stop, Consumer<WorkerEvent> events) {
        mostWaiting = settings.queue();
        atOnce = settings.atOnce();
        giveUpAfter = settings.giveUpAfter();
        this.recycleAt = recycleAt;
        this.stop = stop;
        this.events = events;
        for (int i = 0; i < settings.workers(); i++) {
            places.add(new Place(i));
        }
    }

    List<Place> places() {
        return places;
    }

    // -- Requests

    /// Gives a request a worker, or has it wait for one, or fails it.
    void ask(Ticket ticket) throws RequestFailedException {
        lock.lock();
        try {
            if (closed || drained) {
                throw refused(closed ? "the workers are closed" : "no more requests are taken");
            }
            Member free = waiting.isEmpty() ? leastBusy() : null;
            if (free != null) {
                give(free, ticket);
            } else if (gaveUp) {
                throw noWorkers();
            } else if (waiting.size() >= mostWaiting) {
                throw refused("as many requests as may wait for a worker, " + mostWaiting + ", wait");
            } else {
                waiting.add(ticket);
            }
        } finally {
            lock.unlock();
        }
    }

    private static RequestFailedException refused(String why) {
        return new RequestFailedException(REFUSED, false, why, null);
    }

    private RequestFailedException noWorkers() {
        return new RequestFailedException(
                NO_WORKERS, false, "every worker fails; the last one: " + lastFailure(), null);
    }

    private String lastFailure() {
        return places.getFirst().lastFailure;
    }

    private @Nullable Member leastBusy() {
        Member best = null;
        for (Place place : places) {
            Member member = place.current;
            if (member != null && member.underWay < atOnce && (best == null || member.underWay < best.underWay)) {
                best = member;
            }
        }
        return best;
    }

    private void give(Member member, Ticket ticket) {
        member.underWay++;
        underWay++;
        ticket.give(member);
    }

    /// Takes back a request that waits no longer.
    ///
    /// @return false if it has been settled before
    boolean withdraw(Ticket ticket) {
        lock.lock();
        try {
            return waiting.remove(ticket);
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a worker has answered a request.
    void answered(Member member) {
        lock.lock();
        try {
            member.answered++;
            member.place.failuresInARow = 0;
            if (member.answered >= member.recycleAt && member.place.current == member) {
                member.place.wantsSuccessor = true;
                changed.signalAll();
            }
            done(member);
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a request is not under way any more, of which nothing is known.
    void released(Member member) {
        lock.lock();
        try {
            done(member);
        } finally {
            lock.unlock();
        }
    }

    private void done(Member member) {
        member.underWay--;
        underWay--;
        if (underWay == 0 && drained) {
            changed.signalAll();
        }
        if (member.leaving) {
            stopWhenIdle(member);
        } else {
            serve();
        }
    }

    private void stopWhenIdle(Member member) {
        if (member.underWay == 0 && !member.stopped) {
            member.stopped = true;
            stop.accept(member);
        }
    }

    /// Gives those that wait what is free.
    private void serve() {
        Iterator<Ticket> first = waiting.iterator();
        while (first.hasNext()) {
            Member free = leastBusy();
            if (free == null) {
                return;
            }
            Ticket ticket = first.next();
            first.remove();
            give(free, ticket);
        }
    }

    /// Is told that a worker is not to be given a request again, and ends it though it may have some.
    void retire(Member member, String why) {
        lock.lock();
        try {
            if (member.stopped) {
                return;
            }
            end(member, why, new WorkerEvent.Retired(member.place.number, member.process.pid(), why));
        } finally {
            lock.unlock();
        }
    }

    /// Returns whether a worker gets no more requests.
    boolean isLeaving(Member member) {
        lock.lock();
        try {
            return member.leaving;
        } finally {
            lock.unlock();
        }
    }

    // -- Workers

    /// Waits until a place wants a worker.
    ///
    /// @return false once the pool is closed
    boolean awaitStart(Place place) {
        lock.lock();
        try {
            while (!closed && !place.wantsWorker()) {
                changed.awaitUninterruptibly();
            }
            if (!pause(place)) {
                return false;
            }
            place.isStarting = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean pause(Place place) {
        Duration pause = place.pause();
        if (!closed && pause.isPositive()) {
            events.accept(new WorkerEvent.BackedOff(place.number, pause));
        }
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
            try {
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // nobody has this thread to interrupt it
            }
        }
        return !closed;
    }

    /// Makes a worker of a process that was started.
    Member member(Place place, WorkerProcess process) {
        lock.lock();
        try {
            return new Member(place, place.generations++, process, recycleAt.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a worker is ready: it gets requests, and the one before it no more.
    void ready(Member member) {
        lock.lock();
        try {
            Place place = member.place;
            place.isStarting = false;
            if (closed || member.stopped) {
                member.leaving = true;
                stopWhenIdle(member);
                changed.signalAll();
                return;
            }
            Member before = place.current;
            place.current = member;
            place.wantsSuccessor = false;
            changed.signalAll();
            if (before != null) {
                leave(before, "its successor is ready");
            }
            gaveUp = false;
            serve();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Member member, String why) {
        events.accept(new WorkerEvent.Retired(member.place.number, member.process.pid(), why));
        member.leaving = true;
        stopWhenIdle(member);
    }

    /// Is told that a place has got no worker.
    void notStarted(Place place, String how) {
        lock.lock();
        try {
            place.isStarting = false;
            failed(place, how, failure(place, how));
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a worker has ended: it has failed, unless it was to end.
    void ended(Member member, String how) {
        lock.lock();
        try {
            if (member.stopped) {
                return;
            }
            end(member, how, failure(member.place, how));
        } finally {
            lock.unlock();
        }
    }

    private static WorkerEvent failure(Place place, String how) {
        return new WorkerEvent.Failed(place.number, how, place.failuresInARow + 1);
    }

    private void end(Member member, String how, WorkerEvent event) {
        boolean isWanted = !member.leaving && member.place.current == member;
        member.leaving = true;
        member.stopped = true;
        stop.accept(member);
        if (isWanted) {
            member.place.current = null;
            failed(member.place, how, event);
        }
    }

    private void failed(Place place, String how, WorkerEvent event) {
        place.failuresInARow++;
        place.failures++;
        place.lastFailure = how;
        changed.signalAll();
        if (closed) {
            return;
        }
        events.accept(event);
        if (!gaveUp && places.stream().allMatch(this::isHopeless)) {
            gaveUp = true;
            events.accept(new WorkerEvent.GaveUp(how));
            failAll(noWorkers());
        }
    }

    private boolean isHopeless(Place place) {
        return place.current == null && place.failuresInARow >= giveUpAfter;
    }

    private void failAll(RequestFailedException why) {
        for (Ticket ticket : waiting) {
            ticket.fail(why);
        }
        waiting.clear();
    }

    /// Refuses what waits and what comes, and returns the workers that are to be ended.
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
            failAll(refused("the workers are closed"));
            for (Place place : places) {
                Member member = place.current;
                place.current = null;
                if (member != null && !member.stopped) {
                    member.leaving = true;
                    member.stopped = true;
                    stop.accept(member);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Refuses what comes, and waits until all that waits and runs has ended.
    ///
    /// @return false if the deadline has passed before
    boolean drain(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            drained = true;
            while (!closed && (underWay > 0 || !waiting.isEmpty())) {
                if (!awaitChange(deadline)) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Replaces the worker of a place by one that is started from now on.
    ///
    /// @return `null`; or how the new one failed, and the old one goes on
    @Nullable
    String reload(Place place, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            long first = place.generations;
            int failures = place.failures;
            place.wantsSuccessor = place.current != null;
            changed.signalAll();
            while (!closed && (place.current == null || place.current.generation < first)) {
                if (place.failures != failures || !awaitChange(deadline)) {
                    place.wantsSuccessor = false;
                    return place.failures != failures ? place.lastFailure : "it was not ready in time";
                }
            }
            return closed ? "the workers are closed" : null;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // those who call it look again
    private boolean awaitChange(Deadline deadline) throws InterruptedException {
        if (deadline.hasPassed()) {
            return false;
        }
        boolean _ = changed.await(Math.min(deadline.remainingNanos(), LONGEST_WAIT), TimeUnit.NANOSECONDS);
        return true;
    }

    /// Returns how each place fares.
    List<Worker> snapshot() {
        lock.lock();
        try {
            return places.stream().map(Pool::snapshot).toList();
        } finally {
            lock.unlock();
        }
    }

    private static Worker snapshot(Place place) {
        Member member = place.current;
        if (member == null) {
            Worker.State state = place.isStarting || place.pause().isZero() ? Worker.State.STARTING : Worker.State.AWAY;
            return new Worker(place.number, place.generations, state, 0, 0, 0);
        }
        Worker.State state = member.underWay == 0 ? Worker.State.READY : Worker.State.BUSY;
        return new Worker(
                place.number, member.generation, state, member.process.pid(), member.answered, member.underWay);
    }

    /// Returns how many requests wait for a worker.
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
