package dev.dyad.worker;

import dev.dyad.message.RequestFailedException;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which worker has which request, and where one is to be started: decided under one lock.
///
/// It makes no call that waits, but those that begin with `await`, [#drain] and [#reload], which wait for
/// another of its calls.
final class Pool {

    private final PoolLock lock = new PoolLock();
    private final Places places;
    private final PoolRequests requests;
    private final PoolWorkers workers;
    private final PoolWaits waits;

    Pool(PoolSettings settings, PoolHost host) {
        places = new Places(settings, host.clock());
        requests = new PoolRequests(settings, lock, places);
        workers = new PoolWorkers(settings, host, lock, places, requests);
        waits = new PoolWaits(lock, places, requests, workers);
    }

    List<Place> places() {
        return places.all();
    }

    List<Slot> slots() {
        return places.slots();
    }

    // -- For threads that ask

    /// Takes a request, which [#end] ends.
    void take() throws RequestFailedException {
        try (var _ = lock.hold()) {
            requests.take();
        }
    }

    /// Ends a request, whatever has become of it.
    void end() {
        try (var _ = lock.hold()) {
            requests.end();
        }
    }

    /// Gives a request a worker, or has it wait for one, or fails it.
    void ask(Ticket ticket) throws RequestFailedException {
        try (var _ = lock.hold()) {
            requests.ask(ticket);
        }
    }

    /// Takes back a request that waits no longer.
    ///
    /// @return false if it has been settled before
    boolean withdraw(Ticket ticket) {
        try (var _ = lock.hold()) {
            return requests.withdraw(ticket);
        }
    }

    /// Is told that a worker has answered a request.
    void answered(Member member) {
        try (var _ = lock.hold()) {
            try {
                workers.answered(member);
            } finally {
                workers.released(member);
            }
        }
    }

    /// Is told that a worker has answered a request, and cannot be given another one, which is no failure of its own.
    void answeredLast(Member member, String why) {
        try (var _ = lock.hold()) {
            try {
                workers.answered(member);
                workers.retire(member, why);
            } finally {
                workers.released(member);
            }
        }
    }

    /// Is told that a request is not under way any more, of which nothing is known.
    void released(Member member) {
        try (var _ = lock.hold()) {
            workers.released(member);
        }
    }

    /// Is told that the process of a worker has ended.
    void exited(Member member, String how) {
        try (var _ = lock.hold()) {
            workers.exited(member, how);
        }
    }

    /// Is told that a request may have run, of which [#ended] or [#lost] follows.
    void ran(Member member) {
        try (var _ = lock.hold()) {
            workers.ran(member);
        }
    }

    /// Is told that a worker has ended, as far as is known.
    void ended(Member member, String how) {
        try (var _ = lock.hold()) {
            workers.ended(member, how);
        }
    }

    /// Is told that a worker is gone, and gets no more requests. It is not known yet how, of which [#ended] or [#left]
    /// follows.
    void lost(Member member) {
        try (var _ = lock.hold()) {
            workers.lost(member);
        }
    }

    /// Is told that a worker has asked to be replaced: it has not failed.
    void left(Member member, String why) {
        try (var _ = lock.hold()) {
            workers.left(member, why);
        }
    }

    /// Is told that a worker is not to be given a request again, and ends it though it may have some.
    void retire(Member member, String why) {
        try (var _ = lock.hold()) {
            workers.retire(member, why);
        }
    }

    /// Is told that the process of a worker has ended after its channel was closed on this side.
    void cut(Member member, String how) {
        try (var _ = lock.hold()) {
            workers.cut(member, how);
        }
    }

    /// Is told that a worker uses too much memory.
    void outgrown(Member member, String why) {
        try (var _ = lock.hold()) {
            workers.replace(member, why);
        }
    }

    /// Returns whether a worker gets no more requests.
    boolean isLeaving(Member member) {
        try (var _ = lock.hold()) {
            return member.leaving;
        }
    }

    /// Returns how many requests a worker has answered.
    long answers(Member member) {
        try (var _ = lock.hold()) {
            return member.answered;
        }
    }

    // -- For threads that start workers

    /// Waits until a place wants a worker, whose start has begun then. [#ready], [#notReady] or [#notStarted]
    /// ends it.
    ///
    /// @return false once the pool is closed
    boolean awaitStart(Place place) {
        try (var _ = lock.hold()) {
            return waits.start(place);
        }
    }

    /// Looks at a place, as [#awaitStart] does again and again.
    ///
    /// @return 0 if a worker is to be started; or in how many nanoseconds to look again, if nothing happens
    ///     before
    long untilStart(Place place) {
        try (var _ = lock.hold()) {
            return workers.untilStart(place);
        }
    }

    /// Makes a worker of a process that was started. It is stopped with the pool, and gets no requests before
    /// it is ready.
    Member started(Place place, long pid, WorkerProcess process) {
        try (var _ = lock.hold()) {
            return workers.started(place, pid, process);
        }
    }

    /// Is told that a worker is ready: it gets requests, and the one before it no more.
    ///
    /// @param hasAnswered or it is ready as it was started, and may fail at its first request
    void ready(Member member, boolean hasAnswered) {
        try (var _ = lock.hold()) {
            workers.ready(member, hasAnswered);
        }
    }

    /// Is told that a worker does not get ready.
    void notReady(Member member, String how) {
        try (var _ = lock.hold()) {
            workers.notReady(member, how);
        }
    }

    /// Is told that a place has got no worker.
    void notStarted(Place place, String how) {
        try (var _ = lock.hold()) {
            workers.notStarted(place, how);
        }
    }

    /// Is told that the process of a worker that was stopped is gone.
    void gone(Member member) {
        try (var _ = lock.hold()) {
            workers.gone(member);
        }
    }

    // -- For the owner of the pool

    /// Waits until each place has a worker that is ready.
    void awaitAllReady(Deadline deadline) throws IOException, InterruptedException {
        try (var _ = lock.hold()) {
            waits.allReady(deadline);
        }
    }

    /// Refuses what comes, and waits until all that waits and runs has ended.
    void drain(Deadline deadline) throws IOException, InterruptedException {
        try (var _ = lock.hold()) {
            waits.drain(deadline);
        }
    }

    /// Replaces the worker of a place by one that is started from now on, or says how that failed.
    void reload(Place place, Deadline deadline) throws IOException, InterruptedException {
        try (var _ = lock.hold()) {
            waits.reload(place, deadline);
        }
    }

    /// Begins what [#reload] waits for.
    Reload beginReload(Place place) {
        return new Reload(lock, workers, place);
    }

    /// Waits until the pool is closed, or the deadline has passed.
    void awaitClose(Deadline deadline) {
        try (var _ = lock.hold()) {
            waits.closed(deadline);
        }
    }

    /// Is told that the JVM ends, and its children with it: refuses what waits and what comes.
    void jvmEnds() {
        try (var _ = lock.hold()) {
            workers.jvmEnds();
            requests.jvmEnds();
        }
    }

    /// Is told that a request has failed by that.
    void cutShortByJvm() {
        try (var _ = lock.hold()) {
            requests.cutShort();
        }
    }

    /// Returns whether the JVM ends the workers.
    boolean isEndedByJvm() {
        try (var _ = lock.hold()) {
            return workers.areEndedByJvm();
        }
    }

    /// Refuses what waits and what comes, and stops all workers.
    void close() {
        try (var _ = lock.hold()) {
            requests.close();
            workers.close();
        }
    }

    /// Returns how each place fares that has a worker or will have one.
    List<Worker> snapshot() {
        try (var _ = lock.hold()) {
            return places.all().stream()
                    .filter(workers::isStaffed)
                    .map(Place::snapshot)
                    .toList();
        }
    }

    /// Returns how many workers are in which state, and how many requests wait.
    String description() {
        try (var _ = lock.hold()) {
            var states = new EnumMap<Worker.State, Integer>(Worker.State.class);
            snapshot().forEach(worker -> states.merge(worker.state(), 1, Integer::sum));
            String counts = states.entrySet().stream()
                    .map(state -> state.getValue() + " " + state.getKey().name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            return (counts.isEmpty() ? "none" : counts) + "; " + requests.waiting() + " wait";
        }
    }

    /// Returns how many requests wait for a worker.
    int waiting() {
        try (var _ = lock.hold()) {
            return requests.waiting();
        }
    }

    /// Returns all that `recorder` counted, with what waits and is under way now.
    WorkersStatistics statistics(StatisticsRecorder recorder) {
        int waits;
        int taken;
        try (var _ = lock.hold()) {
            waits = requests.waiting();
            taken = requests.taken();
        }
        return recorder.snapshot(waits, taken); // without the lock, as it copies ten thousand counts
    }
}
