package dev.dyad.worker;

import dev.dyad.message.RequestFailedException;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/// A pool, and all that its requests and processes may do and have come to. It has a clock of its own, and no
/// threads.
@NullUnmarked
final class PoolWorld {

    private static final WorkerProcess NONE = null;
    private static final int QUEUE = 1;
    private static final int MOST_ENDING = 2; // a successor is started only while fewer are ending
    static final Duration AGE = Duration.ofMinutes(10);

    /// A request, and what has become of it.
    static final class Asked {
        Ticket ticket;
        boolean isEnded; // for the one that asked

        boolean isWaiting() {
            return !isEnded && !ticket.isSettled();
        }

        Member member() {
            try {
                return !isEnded && ticket.isSettled() ? ticket.member() : null;
            } catch (RequestFailedException e) {
                return null;
            }
        }
    }

    final PoolSize size;
    final Pool pool;
    final List<PoolSteps.Step> steps = new ArrayList<>(); // that have led here
    final List<Asked> asked = new ArrayList<>();
    final List<Member> members = new ArrayList<>();
    final List<Member> stops = new ArrayList<>();
    final List<Member> kills = new ArrayList<>();
    final Set<Member> dead = new HashSet<>();
    final Set<Member> lost = new HashSet<>();
    final Set<Member> untold = new HashSet<>(); // dead, which a request is to tell
    final Set<Member> gone = new HashSet<>();
    final Map<Place, Member> starting = new HashMap<>();
    Reload reload;
    Place reloaded;
    boolean isDrained;
    boolean isClosed;
    boolean isEndedByJvm;
    boolean isHopeless; // as far as was told
    long now;
    int open;
    long grown = -AGE.toNanos();
    int failures;
    int reloads;
    private final Map<Place, Long> failedUpTo = new HashMap<>(); // generations, of which the last did
    private long firstReloaded; // generation that will do

    PoolWorld(PoolSize size) {
        this(size, QUEUE);
    }

    PoolWorld(PoolSize size, int queue) {
        this.size = size;
        var processes = new MemberProcesses() {
            @Override
            public void stop(Member member) {
                stops.add(member);
            }

            @Override
            public void kill(Member member) {
                kills.add(member);
            }
        };
        pool = new Pool(size.settings(queue), new PoolHost(processes, this::tell, () -> now, most -> most));
        open = open();
    }

    private void tell(WorkerEvent event) {
        if (isEndedByJvm && (event instanceof WorkerEvent.Failed || event instanceof WorkerEvent.GaveUp)) {
            throw new AssertionError("a failure is told while the JVM ends");
        }
        isHopeless |= event instanceof WorkerEvent.GaveUp;
    }

    void run(PoolSteps.Step step) {
        int index = step.index();
        steps.add(step);
        switch (step.kind()) {
            case ASK -> ask();
            case WITHDRAW -> withdraw(asked.get(index));
            case ANSWER -> answer(asked.get(index));
            case GIVE_UP -> giveUp(asked.get(index));
            case HEED -> end(asked.get(index), () -> release(asked.get(index).member()));
            case FAIL -> end(asked.get(index), () -> failRun(asked.get(index).member()));
            case ASK_AGAIN -> askAgain(asked.get(index));
            case LOOK -> look(pool.places().get(index));
            case SPAWN -> spawn(pool.places().get(index));
            case NO_SPAWN -> {
                failures++;
                failed(pool.places().get(index), pool.places().get(index).generations - 1);
                failStart(
                        pool.places().get(index),
                        () -> pool.notStarted(pool.places().get(index), "not started"));
            }
            case READY -> ready(pool.places().get(index));
            case NOT_READY -> {
                Member member = starting.remove(pool.places().get(index));
                if (member.place.isStartAbandoned()) {
                    endAbandoned(member);
                } else {
                    failed(member.place, member.generation);
                    failStart(member.place, () -> pool.notReady(member, "not ready"));
                }
            }
            case DIE -> {
                dead.add(members.get(index));
                exit(members.get(index));
            }
            case LOSE -> lose(members.get(index));
            case LEAVE -> {
                dead.add(members.get(index));
                pool.left(members.get(index), "asked to be replaced");
            }
            case GONE -> go(members.get(index));
            case OUTGROW -> pool.outgrown(members.get(index), "large");
            case RELOAD -> reload();
            case LEAVE_RELOAD -> leaveReload();
            case DRAIN -> drain();
            case CLOSE -> {
                isClosed = true;
                pool.close();
            }
            case JVM_ENDS -> {
                isEndedByJvm = true;
                pool.jvmEnds();
            }
            case SECOND -> now += TimeUnit.SECONDS.toNanos(1);
            case MINUTES -> now += AGE.toNanos();
        }
        endFailed();
        endReload();
        if (!size.may(PoolSize.May.END_SLOWLY)) {
            for (int i = 0; i < stops.size(); i++) { // one that goes may have another stopped
                go(stops.get(i));
            }
        }
        int openNow = open();
        grown = openNow > open ? now : grown;
        open = openNow;
    }

    /// Returns how many places are open. No stream: this runs millions of times.
    int open() {
        int number = 0;
        for (Place place : pool.places()) {
            number += place.isOpen ? 1 : 0;
        }
        return number;
    }

    /// Has the threads go on whose requests have failed while they waited.
    private void endFailed() {
        for (Asked request : asked) {
            if (!request.isEnded && request.ticket.isSettled() && request.member() == null) {
                end(request, () -> {});
            }
        }
    }

    private void lose(Member member) {
        if (member.place.current == member) {
            lost.add(member);
        }
        pool.lost(member);
    }

    private void go(Member member) {
        if (gone.add(member)) {
            pool.gone(member);
        }
    }

    private void ask() {
        var request = new Asked();
        request.ticket = new Ticket(size.may(PoolSize.May.HAVE_KEYS) && asked.size() % 2 == 1 ? "key" : null);
        asked.add(request);
        try {
            pool.take();
        } catch (RequestFailedException e) {
            request.isEnded = true;
            return;
        }
        ask(request);
    }

    private void ask(Asked request) {
        try {
            pool.ask(request.ticket);
        } catch (RequestFailedException e) {
            requireReason(request, e);
            end(request, () -> {});
        }
    }

    private void requireReason(Asked request, RequestFailedException e) {
        boolean isFull = !request.ticket.isAskedAgain() && pool.waiting() >= QUEUE;
        boolean isRight =
                e.why() == RequestFailedException.Why.NO_WORKERS ? isHopeless : isClosed || isEndedByJvm || isFull;
        if (!isRight) {
            throw new AssertionError("a request fails for nothing: " + e.getMessage());
        }
    }

    private void withdraw(Asked request) {
        if (!pool.withdraw(request.ticket)) {
            throw new AssertionError("it waits, and cannot be withdrawn");
        }
        end(request, () -> {});
    }

    private void end(Asked request, Runnable report) {
        report.run();
        request.isEnded = true;
        pool.end();
    }

    private void answer(Asked request) {
        Member member = request.member();
        end(request, () -> pool.answered(member));
        long failed = failedUpTo.getOrDefault(member.place, -1L);
        boolean isProof = member.generation > failed;
        int itsOwn = member.generation == failed ? 1 : 0; // which is told before its answer is
        if (member.generation >= failed && member.place.failuresInARow > itsOwn) {
            throw new AssertionError("an answer ends no row of failures, though no younger worker has failed");
        }
        isHopeless &= !isProof;
    }

    private void failed(Place place, long generation) {
        failedUpTo.merge(place, generation, Math::max);
    }

    private void giveUp(Asked request) {
        Member member = request.member();
        end(request, () -> {
            pool.retire(member, "given up");
            pool.released(member);
        });
    }

    private void exit(Member member) {
        pool.exited(member, "dead");
        if (member.place.lost.contains(member)) {
            untold.add(member);
        } else {
            failed(member.place, member.generation);
        }
    }

    private void release(Member member) {
        pool.released(member);
        if (member.underWay == 0 && untold.remove(member)) {
            failed(member.place, member.generation);
        }
    }

    /// A worker fails of a request that may have run.
    private void failRun(Member member) {
        long before = failedUpTo.getOrDefault(member.place, -1L);
        int inARow = member.place.failuresInARow;
        pool.ran(member);
        fail(member);
        boolean isOneMore = member.place.failuresInARow > Math.max(inARow, 1);
        if (isReadyByAnswer() && member.generation > before && isOneMore) {
            throw new AssertionError("a worker that gets ready and fails of a request is one more of a row");
        }
    }

    private void fail(Member member) {
        lost.remove(member);
        untold.remove(member);
        failed(member.place, member.generation);
        pool.ended(member, "dead");
        pool.released(member);
    }

    private void askAgain(Asked request) {
        fail(request.member());
        request.ticket = request.ticket.again();
        ask(request);
    }

    private void look(Place place) {
        if (!size.may(PoolSize.May.PAUSE)) {
            now += place.pauseLeft(now);
        }
        boolean isStarted = pool.untilStart(place) == 0;
        if (isStarted != place.isStarting()) {
            throw new AssertionError("what is started is not what was said");
        }
        if (isStarted && (isEndedByJvm || !place.lost.isEmpty())) {
            throw new AssertionError("a worker is started while the JVM ends, or before it is known how one ended");
        }
        if (isStarted && isDrained && asked.stream().allMatch(request -> request.isEnded)) {
            throw new AssertionError("a worker is started though there is nothing to do");
        }
        if (isStarted && place.current != null && place.ending.size() >= MOST_ENDING) {
            throw new AssertionError("a successor is started though others have not ended");
        }
    }

    private void spawn(Place place) {
        Member member = pool.started(place, members.size() + 1, NONE);
        members.add(member);
        starting.put(place, member);
    }

    private void endAbandoned(Member member) {
        int before = member.place.failuresInARow;
        pool.notReady(member, "not ready");
        if (member.place.failuresInARow != before) {
            throw new AssertionError("it is counted as a failure that nobody waited for a worker");
        }
    }

    private void failStart(Place place, Runnable report) {
        int before = place.failuresInARow;
        report.run();
        if (place.failuresInARow != before + 1) {
            throw new AssertionError("a failure is not counted");
        }
        boolean isNobodyLeft = pool.places().stream()
                .allMatch(each -> !each.isOpen || (each.current == null && each.failuresInARow >= PoolSize.GIVE_UP));
        if (isNobodyLeft && !isHopeless && !isClosed && !isEndedByJvm) {
            throw new AssertionError("the pool does not give up");
        }
    }

    private void ready(Place place) {
        Member member = starting.remove(place);
        Member before = place.current;
        boolean isWanted = before == null || place.wantsSuccessor();
        pool.ready(member, isReadyByAnswer());
        if (!isWanted && place.current != before) {
            throw new AssertionError("it replaces a worker that was to go on");
        }
        isHopeless &= !isReadyByAnswer() || place.current != member;
    }

    private boolean isReadyByAnswer() {
        return !size.may(PoolSize.May.BE_UNPROVEN);
    }

    private void reload() {
        reloads++;
        reloaded = pool.places().getFirst();
        firstReloaded = reloaded.generations;
        reload = pool.beginReload(reloaded);
    }

    private void endReload() {
        try {
            if (reload != null && reload.isDone()) {
                Member current = reloaded.current;
                if (reloaded.isOpen && (current == null || current.generation < firstReloaded)) {
                    throw new AssertionError("a reload is over though the old worker goes on");
                }
                leaveReload();
            }
        } catch (IOException e) {
            leaveReload();
        }
    }

    private void leaveReload() {
        reload.close();
        reload = null;
        Member candidate = starting.get(reloaded);
        if (candidate != null && reloaded.current != null && !reloaded.wantsSuccessor() && !stops.contains(candidate)) {
            throw new AssertionError("what was to replace a worker for nobody is not ended");
        }
    }

    private void drain() {
        isDrained = true;
        boolean someGoOn = asked.stream().anyMatch(request -> !request.isEnded);
        try {
            pool.drain(Deadline.after(Duration.ZERO));
            if (someGoOn) {
                throw new AssertionError("a drain is over though requests go on");
            }
        } catch (IOException | InterruptedException e) {
            if (!someGoOn) {
                throw new AssertionError("a drain waits for nothing", e);
            }
        }
    }
}
