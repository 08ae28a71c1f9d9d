package dev.dyad.worker;

import static dev.dyad.message.RequestFailedException.Why.NO_WORKERS;
import static dev.dyad.message.RequestFailedException.Why.REFUSED;

import dev.dyad.message.RequestFailedException;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which worker has which request, and where one is to be started. It makes no call that waits but [#awaitStart].
final class Pool {

    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final int mostWaiting;
    private final int giveUpAfter;
    private final long recycleAfter;
    private final long longestAge;
    private final LongUnaryOperator shorten;
    private final Consumer<Member> stop;
    private final Consumer<WorkerEvent> events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // a place may want a worker
    private final Places places;
    private final Set<Member> members =
            new LinkedHashSet<>(); // which have not been ended, and go on as far as is known
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private String lastFailure = "none has failed";
    private int taken; // requests
    private boolean gaveUp;
    private boolean drained;
    private boolean closed;

    /// @param shorten takes up to a tenth off, so that not all workers are replaced together
    /// @param stop ends a worker, without waiting for that
    Pool(PoolSettings settings, LongUnaryOperator shorten, Consumer<Member> stop, Consumer<WorkerEvent> events) {
        mostWaiting = settings.queue();
        giveUpAfter = settings.giveUpAfter();
        recycleAfter = settings.recycleAfter();
        longestAge = nanos(settings.recycleAge());
        this.shorten = shorten;
        this.stop = stop;
        this.events = events;
        places = new Places(settings);
    }

    private static long nanos(Duration age) {
        return age.compareTo(FOR_EVER) < 0 ? age.toNanos() : Long.MAX_VALUE;
    }

    List<Place> places() {
        return places.all();
    }

    // -- Requests

    /// Takes a request, which [#end] ends.
    void take() throws RequestFailedException {
        lock.lock();
        try {
            if (closed || drained) {
                throw refused(closed ? "the workers are closed" : "no more requests are taken");
            }
            taken++;
        } finally {
            lock.unlock();
        }
    }

    /// Ends a request, whatever has become of it.
    void end() {
        lock.lock();
        try {
            taken--;
            if (taken == 0 && drained) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Gives a request a worker, or has it wait for one, or fails it.
    void ask(Ticket ticket) throws RequestFailedException {
        lock.lock();
        try {
            if (closed) {
                throw refused("the workers are closed");
            }
            Member free = places.choose(ticket.keyHash());
            if (free != null) {
                give(free, ticket);
            } else if (gaveUp) {
                throw noWorkers();
            } else if (waiting.size() >= mostWaiting) {
                throw refused("as many requests as may wait for a worker, " + mostWaiting + ", wait");
            } else {
                waiting.add(ticket);
                growWhereSomeWait();
            }
        } finally {
            lock.unlock();
        }
    }

    private static RequestFailedException refused(String why) {
        return new RequestFailedException(REFUSED, false, why, null);
    }

    private RequestFailedException noWorkers() {
        return new RequestFailedException(NO_WORKERS, false, "every worker fails; the last one: " + lastFailure, null);
    }

    private void give(Member member, Ticket ticket) {
        member.underWay++;
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
            member.place.answered(member);
            if (member.answered >= member.recycleAt) {
                replace(member, "it has answered as many requests as it may");
            }
            done(member);
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a worker uses too much memory.
    void outgrown(Member member, String why) {
        lock.lock();
        try {
            replace(member, why);
        } finally {
            lock.unlock();
        }
    }

    private void replace(Member member, String why) {
        if (member.place.current == member && !member.place.wantsSuccessor()) {
            member.place.wantSuccessor(why);
            changed.signalAll();
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
        if (member.underWay == 0) {
            member.idleSince = System.nanoTime();
        }
        if (member.leaving) {
            stopWhenIdle(member);
        } else {
            serve();
        }
    }

    private void stopWhenIdle(Member member) {
        if (member.underWay == 0) {
            stopNow(member);
        }
    }

    /// Gives those that wait what is free.
    private void serve() {
        Iterator<Ticket> each = waiting.iterator();
        while (each.hasNext() && places.choose(null) != null) {
            Ticket ticket = each.next();
            Member free = places.choose(ticket.keyHash());
            if (free != null) {
                each.remove();
                give(free, ticket);
            }
        }
        growWhereSomeWait();
    }

    private void growWhereSomeWait() {
        if (!waiting.isEmpty() && places.mayGrow()) {
            boolean _ = places.grow();
            changed.signalAll(); // so that the new place is kept, or this is looked at again
        }
    }

    /// Is told that a worker is not to be given a request again, and ends it though it may have some.
    ///
    /// @param isFailure whether that is a failure of its own
    void retire(Member member, String why, boolean isFailure) {
        lock.lock();
        try {
            if (!members.contains(member)) {
                return;
            }
            var event = new WorkerEvent.Retired(member.place.number, member.pid, why);
            if (isFailure) {
                end(member, why, event);
            } else {
                dismiss(member, why);
                events.accept(event);
            }
            stopNow(member);
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
            while (!closed) {
                if (!place.wantsWorker()) {
                    rest(places.untilLook(place, !waiting.isEmpty()));
                    look(place);
                } else if (pause(place) && place.wantsWorker()) { // still
                    place.isStarting = true;
                    place.isStarted = false;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Sees whether the worker of a place is too old, or not needed.
    private void look(Place place) {
        if (!waiting.isEmpty() && places.grow()) {
            changed.signalAll();
        }
        Member member = place.current;
        if (member == null) {
            return;
        }
        if (member.untilOld() <= 0 && !place.wantsSuccessor()) {
            place.wantSuccessor("it is as old as it may be");
        }
        Member idle = places.shrink(place);
        if (idle != null) {
            leave(idle, "there is too little to do");
        }
    }

    @SuppressWarnings("WaitNotInLoop") // those who call it look again
    private void rest(long nanos) {
        try {
            boolean _ = changed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // nobody has this thread to interrupt it
        }
    }

    private boolean pause(Place place) {
        Duration pause = place.pause();
        if (!closed && pause.isPositive()) {
            events.accept(new WorkerEvent.BackedOff(place.number, pause));
        }
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
            rest(left);
        }
        return !closed;
    }

    /// Makes a worker of a process that was started. It is ended with the pool, and gets no requests before it is
    /// ready.
    Member started(Place place, long pid, WorkerProcess process) {
        lock.lock();
        try {
            var member = new Member(
                    place,
                    place.generations++,
                    pid,
                    process,
                    shorten.applyAsLong(recycleAfter),
                    shorten.applyAsLong(longestAge));
            members.add(member);
            place.isStarted = true;
            if (closed) {
                stopNow(member);
            }
            return member;
        } finally {
            lock.unlock();
        }
    }

    private void stopNow(Member member) {
        member.leaving = true;
        if (members.remove(member)) {
            stop.accept(member);
        }
    }

    /// Is told that a worker is ready: it gets requests, and the one before it no more.
    void ready(Member member) {
        lock.lock();
        try {
            Place place = member.place;
            place.isStarting = false;
            if (closed || !place.isOpen || place.isAbandoned(member)) {
                stopNow(member);
                changed.signalAll();
                return;
            }
            if (member.leaving) { // it has ended already
                failed(place, member.how, failure(place, member.how));
                return;
            }
            Member before = place.current;
            String why = place.whySuccessor();
            place.current = member;
            changed.signalAll();
            if (before != null) {
                leave(before, why);
            }
            gaveUp = false;
            serve();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Member member, String why) {
        events.accept(new WorkerEvent.Retired(member.place.number, member.pid, why));
        member.leaving = true;
        stopWhenIdle(member);
    }

    /// Is told that a place has got no worker.
    void notStarted(Place place, String how) {
        lock.lock();
        try {
            place.isStarting = false;
            place.failedStarts++;
            failed(place, how, failure(place, how));
        } finally {
            lock.unlock();
        }
    }

    /// Is told that a worker does not get ready.
    void notReady(Member member, String how) {
        lock.lock();
        try {
            stopNow(member);
        } finally {
            lock.unlock();
        }
        notStarted(member.place, how);
    }

    /// Is told that a worker has ended: it has failed, unless it was to end.
    void ended(Member member, String how) {
        lock.lock();
        try {
            if (!members.contains(member)) {
                return;
            }
            end(member, how, failure(member.place, how));
            stopWhenIdle(member); // what is under way finds out by itself how it ended
        } finally {
            lock.unlock();
        }
    }

    private static WorkerEvent failure(Place place, String how) {
        return new WorkerEvent.Failed(place.number, how, place.failuresInARow + 1);
    }

    /// Gives a worker no more requests, as it has failed.
    private void end(Member member, String how, WorkerEvent event) {
        if (dismiss(member, how)) {
            failed(member.place, how, event);
        }
    }

    /// Gives a worker no more requests.
    ///
    /// @return whether it was given some before
    private boolean dismiss(Member member, String how) {
        member.how = how;
        member.leaving = true;
        if (member.place.current != member) {
            return false;
        }
        member.place.current = null;
        changed.signalAll();
        return true;
    }

    private void failed(Place place, String how, WorkerEvent event) {
        place.failed(how);
        lastFailure = how;
        serve();
        changed.signalAll();
        if (closed) {
            return;
        }
        events.accept(event);
        if (!gaveUp && places.areHopeless(giveUpAfter)) {
            gaveUp = true;
            events.accept(new WorkerEvent.GaveUp(how));
            failAll(noWorkers());
        }
    }

    private void failAll(RequestFailedException why) {
        for (Ticket ticket : waiting) {
            ticket.fail(why);
        }
        waiting.clear();
    }

    /// Refuses what waits and what comes, and ends all workers.
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
            failAll(refused("the workers are closed"));
            places.all().forEach(place -> place.current = null);
            List.copyOf(members).forEach(this::stopNow);
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
            while (!closed && taken > 0) {
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
            if (!place.isOpen) {
                return null; // it is not there to be replaced
            }
            int failures = place.failedStarts;
            place.wantSuccessor("all are replaced");
            long first = place.wanted;
            place.reloads++;
            boolean isReloaded = false;
            changed.signalAll();
            try {
                while (!closed && place.isOpen && (place.current == null || place.current.generation < first)) {
                    if (place.failedStarts != failures) {
                        return place.lastFailure;
                    }
                    if (!awaitChange(deadline)) {
                        return "it was not ready in time";
                    }
                }
                isReloaded = true;
            } finally {
                place.reloads--;
                if (!isReloaded && place.reloads == 0) {
                    place.abandonStart();
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
        boolean _ = changed.await(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
        return true;
    }

    /// Returns how each place fares.
    List<Worker> snapshot() {
        lock.lock();
        try {
            return places.all().stream()
                    .filter(place -> place.isOpen)
                    .map(Pool::snapshot)
                    .toList();
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
        return new Worker(place.number, member.generation, state, member.pid, member.answered, member.underWay);
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
