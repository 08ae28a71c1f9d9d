package dev.dyad.worker;

import static dev.dyad.message.RequestFailedException.Why.NO_WORKERS;
import static dev.dyad.message.RequestFailedException.Why.REFUSED;

import dev.dyad.message.RequestFailedException;
import org.jspecify.annotations.Nullable;

/// Which worker has which request, and which requests wait. Under the pool's lock.
///
/// Whenever a worker that is asked may have one more request, none waits that it could have.
final class PoolRequests {

    /// Why there is nobody to ask while the JVM ends.
    static final String JVM_ENDS = "this JVM is ending";

    /// Why no worker is started once all requests have ended.
    static final String DRAINED = "no more requests are taken";

    private final PoolLock lock;
    private final Places places;
    private final int mostWaiting;
    private final RequestQueue queue = new RequestQueue();
    private long last; // number of a request
    private int taken;
    private boolean isDrained;
    private boolean isClosed;
    private boolean isEndedByJvm;
    private boolean wereCutShort;
    private @Nullable String hopeless; // how the last worker ended, while every one fails

    PoolRequests(PoolSettings settings, PoolLock lock, Places places) {
        this.lock = lock;
        this.places = places;
        mostWaiting = settings.queue();
    }

    /// Takes a request, which [#end] ends.
    void take() throws RequestFailedException {
        requireOpen();
        if (isDrained) {
            throw refused(DRAINED);
        }
        taken++;
    }

    /// Returns whether there is nothing to do, and never will be.
    boolean areAllDone() {
        return isDrained && taken == 0;
    }

    /// Requires that a worker will be there to ask, even if none is yet.
    void requireMoreToDo() throws RequestFailedException {
        if (areAllDone()) {
            throw refused(DRAINED);
        }
    }

    /// Requires that somebody is there to ask, or will be.
    void requireOpen() throws RequestFailedException {
        if (isClosed) {
            throw refused("the workers are closed");
        }
        if (isEndedByJvm) {
            throw refused(JVM_ENDS);
        }
    }

    private static RequestFailedException refused(String why) {
        return new RequestFailedException(REFUSED, false, why, null);
    }

    /// Ends a request, whatever has become of it.
    void end() {
        taken--;
        if (taken == 0 && (isDrained || isClosed)) {
            lock.changed();
        }
    }

    /// Returns how many were taken and have not ended.
    int taken() {
        return taken;
    }

    /// Is told that a request has failed by the end of the JVM.
    void cutShort() {
        wereCutShort = true;
    }

    /// Returns whether some were ended by a close, or by the end of the JVM.
    boolean wereCutShort() {
        return wereCutShort;
    }

    int waiting() {
        return queue.size();
    }

    /// Gives a request a worker, or has it wait for one, or fails it.
    void ask(Ticket ticket) throws RequestFailedException {
        requireOpen();
        if (ticket.number == 0) { // or it has its number
            ticket.number = ++last;
        }
        Slot slot = places.slotOf(ticket);
        Member free = slot == null ? places.leastBusy() : places.ifFree(slot.member());
        if (free != null) {
            give(free, ticket);
        } else if (hopeless != null) {
            throw noWorkers();
        } else {
            await(ticket, slot);
        }
    }

    /// Returns what to fail with while there is nobody to ask.
    RequestFailedException noWorkers() {
        return new RequestFailedException(NO_WORKERS, false, "every worker fails; the last one: " + hopeless, null);
    }

    private static void give(Member member, Ticket ticket) {
        member.underWay++;
        ticket.give(member);
    }

    private void await(Ticket ticket, @Nullable Slot slot) throws RequestFailedException {
        if (!ticket.isAskedAgain() && queue.size() >= mostWaiting) {
            throw refused("as many requests as may wait for a worker, " + mostWaiting + ", wait");
        }
        queue.add(ticket, slot);
        if (queue.size() == 1 && places.mayGrow()) {
            lock.changed(); // somebody has to look whether it is time for one more
        }
        growIfSomeWait();
    }

    /// Opens a place where requests wait, if it is time for that.
    void growIfSomeWait() {
        if (queue.size() > 0 && places.grow()) {
            staffChanged();
            lock.changed();
        }
    }

    /// Takes back a request that waits no longer.
    ///
    /// @return false if it has been settled before
    boolean withdraw(Ticket ticket) {
        return queue.remove(ticket);
    }

    /// Is told that a worker may have one more request.
    void freed(Member member) {
        Slot slot = member.place.slot;
        if (slot != null && slot.member() == member) {
            serve(slot);
            growIfSomeWait();
        }
    }

    /// Is told that workers have come or gone.
    void staffChanged() {
        if (places.staff()) {
            queue.moveKeys(places);
        }
        places.staffed().forEach(this::serve);
        growIfSomeWait();
    }

    private void serve(Slot slot) {
        for (Member free = places.ifFree(slot.member()); free != null; free = places.ifFree(free)) {
            Ticket next = queue.poll(slot);
            if (next == null) {
                return;
            }
            give(free, next);
        }
    }

    /// Returns whether requests that would have to wait fail.
    boolean areHopeless() {
        return hopeless != null;
    }

    /// Fails what waits and what would have to wait, until [#recover].
    void giveUp(String how) {
        hopeless = how;
        failAll(noWorkers());
    }

    void recover() {
        hopeless = null;
    }

    private void failAll(RequestFailedException why) {
        queue.removeAll(places).forEach(ticket -> ticket.fail(why));
    }

    /// Refuses what comes.
    void drain() {
        isDrained = true;
    }

    /// Refuses what waits and what comes, as the JVM ends the workers.
    void jvmEnds() {
        isEndedByJvm = true;
        wereCutShort |= queue.size() > 0;
        failAll(refused(JVM_ENDS));
    }

    /// Refuses what waits and what comes.
    void close() {
        isClosed = true;
        wereCutShort |= taken > 0;
        failAll(refused("the workers are closed"));
    }
}
