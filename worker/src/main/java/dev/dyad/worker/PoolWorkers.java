package dev.dyad.worker;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/// The lives of a pool's workers: where one is to be started, which one is asked, and how they end. Under the
/// pool's lock.
///
/// A worker is started, ready, leaving and stopped; then its process goes, in its own time.
final class PoolWorkers {

    private static final String NOT_NEEDED = "it is not needed any more";
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PoolLock lock;
    private final Places places;
    private final PoolRequests requests;
    private final MemberProcesses processes;
    private final Consumer<WorkerEvent> events;
    private final LongSupplier clock;
    private final LongUnaryOperator shorten;
    private final int giveUpAfter;
    private final long recycleAfter;
    private final long longestAge;
    private final Set<Member> members = new LinkedHashSet<>(); // which have not been stopped
    private boolean isClosed;
    private boolean areEndedByJvm;

    PoolWorkers(PoolSettings settings, PoolHost host, PoolLock lock, Places places, PoolRequests requests) {
        this.lock = lock;
        this.places = places;
        this.requests = requests;
        processes = host.processes();
        events = host.events();
        clock = host.clock();
        shorten = host.shorten();
        giveUpAfter = settings.giveUpAfter();
        recycleAfter = settings.recycleAfter();
        longestAge = settings.recycleAge().compareTo(FOR_EVER) < 0
                ? settings.recycleAge().toNanos()
                : Long.MAX_VALUE;
    }

    boolean areClosed() {
        return isClosed;
    }

    /// Returns whether the JVM ends them.
    boolean areEndedByJvm() {
        return areEndedByJvm;
    }

    /// Returns whether a place has a worker, or will have one.
    boolean isStaffed(Place place) {
        return place.isOpen && !isClosed && (place.current != null || !startNone());
    }

    /// Returns whether no more are started: the JVM ends, or there is nothing for them to do.
    boolean startNone() {
        return areEndedByJvm || requests.areAllDone();
    }

    /// Looks at a place, and begins a start where one is due.
    ///
    /// @return 0 if a worker is to be started; or in how many nanoseconds to look again, if nothing happens
    ///     before
    long untilStart(Place place) {
        if (startNone()) {
            return Long.MAX_VALUE; // until they are closed, too
        }
        look(place);
        if (!place.wantsWorker()) {
            return places.untilLook(place, requests.waiting() > 0);
        }
        long left = place.pauseLeft(clock.getAsLong());
        if (left == 0) {
            place.beginStart();
        } else if (place.tellPause()) {
            events.accept(new WorkerEvent.BackedOff(place.number, place.pause()));
        }
        return left;
    }

    /// Sees whether one more is needed, or the worker of a place is too old, or not needed.
    private void look(Place place) {
        requests.growIfSomeWait();
        Member member = place.current;
        if (member == null) {
            return;
        }
        if (member.untilOld(clock.getAsLong()) <= 0) {
            replace(member, "it is as old as it may be");
        }
        Member idle = places.shrink(place);
        if (idle != null) {
            leave(idle, "there is too little to do");
            requests.staffChanged();
        }
    }

    /// Makes a worker of a process that was started.
    Member started(Place place, long pid, WorkerProcess process) {
        var member = new Member(
                place,
                pid,
                process,
                clock.getAsLong(),
                shorten.applyAsLong(recycleAfter),
                shorten.applyAsLong(longestAge));
        members.add(member);
        place.pidOfStart = pid;
        place.starting = member;
        if (isClosed) {
            stop(member);
        }
        endIfAbandoned(place);
        return member;
    }

    /// Ends at once what was to replace a worker for nobody any more: others would have to wait until it is
    /// ready.
    void endIfAbandoned(Place place) {
        Member member = place.starting;
        if (member != null && place.isStartAbandoned()) {
            giveUp(member);
        }
    }

    /// Is told that a start that was to be ended has ended, however: that is no failure.
    ///
    /// @return whether it was to be ended
    private boolean endAbandoned(Member member) {
        Place place = member.place;
        boolean isAbandoned = place.isStartAbandoned();
        place.endStart();
        lock.changed();
        if (isAbandoned) {
            leave(member, NOT_NEEDED);
        }
        return isAbandoned;
    }

    /// Is told that a worker is ready: it gets requests, and the one before it no more.
    ///
    /// @param hasAnswered or it is ready as it was started, and may fail at its first request
    void ready(Member member, boolean hasAnswered) {
        Place place = member.place;
        if (endAbandoned(member)) {
            return;
        }
        if (member.leaving) { // it has ended already, or all is closed
            place.startFailed(member.how);
            if (member.asksToLeave) {
                tellLeft(member);
            } else {
                failed(member, member.how, failure(member, member.how));
            }
        } else if (place.isOpen) {
            member.isProven = hasAnswered;
            employ(member);
            if (hasAnswered) {
                requests.recover();
            }
        } else {
            leave(member, NOT_NEEDED);
        }
    }

    private void employ(Member member) {
        Place place = member.place;
        Member before = place.current;
        place.current = member;
        if (before != null) {
            leave(before, place.whySuccessor());
        }
        requests.staffChanged();
    }

    private void leave(Member member, String why) {
        events.accept(new WorkerEvent.Retired(member.place.number, member.pid, why));
        member.leaving = true;
        stopIfIdle(member);
    }

    private void stopIfIdle(Member member) {
        if (member.underWay == 0 && !member.place.lost.contains(member)) {
            stop(member);
        }
    }

    private void stop(Member member) {
        member.leaving = true;
        if (members.remove(member)) {
            member.place.ending.add(member);
            member.place.lost.remove(member);
            processes.stop(member);
        }
    }

    /// Stops a worker that may never end by itself. The one before it that was given up has had its time: so
    /// there are not many, however slowly they end.
    private void giveUp(Member member) {
        if (members.contains(member)) {
            member.place.ending.stream().filter(other -> other.isGivenUp).forEach(processes::kill);
            member.isGivenUp = true;
        }
        stop(member);
    }

    /// Is told that the process of a worker that was stopped is gone.
    void gone(Member member) {
        member.place.ending.remove(member);
        lock.changed(); // a successor may wait for that
    }

    /// Is told that a place has got no worker.
    void notStarted(Place place, String how) {
        notStarted(place, place.generations - 1, how, failure(place, 0, how));
    }

    private void notStarted(Place place, long generation, String how, WorkerEvent event) {
        place.endStart();
        place.startFailed(how);
        failed(place, generation, how, event);
    }

    /// Is told that a worker does not get ready.
    void notReady(Member member, String how) {
        giveUp(member);
        if (!endAbandoned(member)) {
            notStarted(member.place, member.generation, how, failure(member, how));
        }
    }

    /// Is told that the process of a worker has ended. Whether it has done so of its first request, that tells.
    void exited(Member member, String how) {
        if (member.isProven && member.underWay > 0) {
            member.exit = how;
            lost(member);
        } else {
            ended(member, how);
        }
    }

    /// Is told that the process of a worker has ended after its channel was closed on this side. Where a request is
    /// under way, it has closed that, and tells what becomes of the worker.
    void cut(Member member, String how) {
        if (member.underWay == 0) {
            retire(member, how);
        }
    }

    /// Is told that a request may have run, after which its worker failed: a worker that had got ready has shown that
    /// workers start, so that its failure is the first of a row.
    void ran(Member member) {
        if (member.isProven) {
            member.isProven = false;
            member.place.crashed(member);
        }
    }

    /// Is told that a worker has ended: it has failed, unless it was to end.
    void ended(Member member, String how) {
        if (!members.contains(member)) {
            return;
        }
        if (dismiss(member, how)) {
            failed(member, how, failure(member, how));
        }
        stopIfIdle(member); // what is under way finds out by itself how it ended
    }

    /// Is told that a worker is gone, though not how, of which [#ended] or [#left] follows: it gets no more requests.
    void lost(Member member) {
        Place place = member.place;
        if (members.contains(member) && place.current == member && dismiss(member, "it is gone")) {
            place.lost.add(member);
        }
    }

    /// Is told that a worker has asked to be replaced: it has not failed.
    void left(Member member, String why) {
        if (!members.contains(member)) {
            return;
        }
        member.asksToLeave = true; // where it is not ready yet, that is told then
        if (dismiss(member, why)) {
            tellLeft(member);
        }
        stopIfIdle(member);
    }

    private void tellLeft(Member member) {
        if (member.answered == 0) {
            member.place.leftUnused(clock.getAsLong());
        }
        events.accept(new WorkerEvent.Retired(member.place.number, member.pid, member.how));
    }

    /// Is told that a worker is not to be given a request again, and ends it though it may have some. That is no
    /// failure of its own: a caller may have given it too little time.
    void retire(Member member, String why) {
        if (!members.contains(member)) {
            return;
        }
        if (dismiss(member, why)) {
            events.accept(new WorkerEvent.Retired(member.place.number, member.pid, why));
        }
        member.whyStopped = "its worker was ended because of another request: " + why;
        giveUp(member);
    }

    /// Gives a worker no more requests.
    ///
    /// @return whether it was given some before, and nobody was told of its end
    private boolean dismiss(Member member, String how) {
        member.how = how;
        member.leaving = true;
        if (member.place.lost.remove(member)) {
            lock.changed();
            return true;
        }
        if (member.place.current != member) {
            return false;
        }
        member.place.current = null;
        requests.staffChanged();
        lock.changed();
        return true;
    }

    private static WorkerEvent failure(Member member, String how) {
        return failure(member.place, member.pid, how);
    }

    private static WorkerEvent failure(Place place, long pid, String how) {
        return new WorkerEvent.Failed(place.number, pid, how, place.failuresInARow + 1);
    }

    private void failed(Member member, String how, WorkerEvent event) {
        failed(member.place, member.generation, how, event);
    }

    private void failed(Place place, long generation, String how, WorkerEvent event) {
        place.failed(generation, how, clock.getAsLong());
        lock.changed();
        if (isClosed || areEndedByJvm) {
            return; // it was to end
        }
        events.accept(event);
        if (!places.areHopeless(giveUpAfter)) {
            return;
        }
        if (!requests.areHopeless()) {
            events.accept(new WorkerEvent.GaveUp(how));
        }
        requests.giveUp(how);
    }

    /// Is told that a worker has answered a request.
    void answered(Member member) {
        member.answered++;
        member.isProven = false;
        if (member.place.answered(member)) {
            requests.recover();
        }
        if (member.isUsedUp()) {
            replace(member, "it has answered as many requests as it may");
        }
    }

    /// Has a worker replaced, if it is asked.
    void replace(Member member, String why) {
        if (member.place.current == member && member.place.needSuccessor(why)) {
            lock.changed();
        }
    }

    /// Is told that a worker has one request less.
    void released(Member member) {
        member.underWay--;
        if (member.underWay == 0) {
            member.idleSince = clock.getAsLong();
            tellExit(member);
        }
        if (member.leaving) {
            stopIfIdle(member);
        } else {
            requests.freed(member);
        }
    }

    /// Tells how a worker has ended of which no request has: the last one was not sent.
    private void tellExit(Member member) {
        String exit = member.exit;
        if (exit != null && member.place.lost.contains(member)) {
            ended(member, exit);
        }
    }

    /// Starts no more, and takes no end for a failure: the JVM ends them, each as its command says.
    void jvmEnds() {
        areEndedByJvm = true;
        lock.changed();
    }

    /// Stops all, and whatever is started later.
    void close() {
        isClosed = true;
        lock.changed();
        places.all().forEach(place -> place.current = null);
        requests.staffChanged();
        List.copyOf(members).forEach(member -> {
            member.whyStopped = "the workers are closed";
            stop(member);
        });
    }
}
