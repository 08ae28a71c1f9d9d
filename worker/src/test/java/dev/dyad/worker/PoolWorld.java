package dev.dyad.worker;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
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
    private static final int MOST_ENDING = 2; // beside which a successor may be started
    private static final Duration AGE = Duration.ofMinutes(10);

    /// What may happen beside the rest.
    enum May {
        /// Each second request has a key.
        HAVE_KEYS,
        /// A worker that is ready has answered nothing yet.
        BE_UNPROVEN,
        /// A worker is replaced after an answer, and else when it is large.
        BE_USED_UP,
        /// A process goes some time after it was stopped.
        END_SLOWLY,
        /// A second passes.
        PAUSE,
        /// Minutes pass, so that workers are old, or long idle.
        AGE,
        /// What has ended is asked again.
        ASK_AGAIN,
        /// Workers are reloaded, once.
        RELOAD,
        /// No more is taken.
        DRAIN
    }

    /// How much there is of all.
    ///
    /// @param workers in all, one after the other
    /// @param failures to start one
    record Size(int least, int most, int spares, int atOnce, int requests, int workers, int failures, Set<May> may) {

        boolean may(May what) {
            return may.contains(what);
        }

        int recycleAfter() {
            return may(May.BE_USED_UP) ? 1 : Integer.MAX_VALUE;
        }

        private PoolSettings settings(int queue) {
            return new PoolSettings(
                    List.of(Command.of("true")),
                    least,
                    most,
                    spares,
                    Wire.framed(),
                    Exchange.NUMBERED,
                    queue,
                    atOnce,
                    0,
                    2,
                    recycleAfter(),
                    AGE,
                    Long.MAX_VALUE,
                    null,
                    null,
                    _ -> {});
        }
    }

    /// What may happen.
    enum Kind {
        ASK,
        WITHDRAW,
        ANSWER,
        LATE,
        CANCEL,
        HEED,
        FAIL,
        ASK_AGAIN,
        LOOK,
        SPAWN,
        NO_SPAWN,
        READY,
        NOT_READY,
        DIE,
        GONE,
        OUTGROW,
        RELOAD,
        LEAVE_RELOAD,
        DRAIN,
        CLOSE,
        SECOND,
        MINUTES
    }

    /// What happens, and to which request, worker or place.
    record Step(Kind kind, int index) {
        @Override
        public String toString() {
            return kind + " " + index;
        }
    }

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

    final Size size;
    final Pool pool;
    final List<Asked> asked = new ArrayList<>();
    final List<Member> members = new ArrayList<>();
    final List<Member> stops = new ArrayList<>();
    final List<Member> kills = new ArrayList<>();
    final Set<Member> dead = new HashSet<>();
    final Set<Member> gone = new HashSet<>();
    final Map<Place, Member> starting = new HashMap<>();
    Reload reload;
    Place reloaded;
    boolean isDrained;
    boolean isClosed;
    boolean isHopeless; // as far as was told
    long now;
    int open;
    private long grown = -AGE.toNanos();
    private int failures;
    private int reloads;

    PoolWorld(Size size) {
        this(size, QUEUE);
    }

    PoolWorld(Size size, int queue) {
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
        isHopeless |= event instanceof WorkerEvent.GaveUp;
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (asked.size() < size.requests()) {
            steps.add(new Step(Kind.ASK, asked.size()));
        }
        for (int i = 0; i < asked.size(); i++) {
            addOfRequest(asked.get(i), i, steps);
        }
        for (Place place : pool.places()) {
            addOfPlace(place, steps);
        }
        for (int i = 0; i < members.size(); i++) {
            addOfMember(members.get(i), i, steps);
        }
        addOfOwner(steps);
        if (size.may(May.PAUSE)) {
            steps.add(new Step(Kind.SECOND, 0));
        }
        if (size.may(May.AGE)) {
            steps.add(new Step(Kind.MINUTES, 0));
        }
        return steps;
    }

    private void addOfRequest(Asked request, int number, List<Step> steps) {
        if (request.isWaiting()) {
            steps.add(new Step(Kind.WITHDRAW, number));
        }
        Member member = request.member();
        if (member == null) {
            return;
        }
        if (dead.contains(member) || stops.contains(member)) {
            steps.add(new Step(Kind.FAIL, number));
            if (size.may(May.ASK_AGAIN)) {
                steps.add(new Step(Kind.ASK_AGAIN, number));
            }
            return;
        }
        steps.add(new Step(Kind.ANSWER, number));
        steps.add(new Step(Kind.LATE, number));
        steps.add(new Step(Kind.CANCEL, number));
        if (size.atOnce() > 1) {
            steps.add(new Step(Kind.HEED, number));
        }
    }

    private void addOfPlace(Place place, List<Step> steps) {
        Member begun = starting.get(place);
        if (!place.isStarting()) {
            if (!isClosed) {
                steps.add(new Step(Kind.LOOK, place.number));
            }
        } else if (begun == null) {
            if (members.size() < size.workers()) {
                steps.add(new Step(Kind.SPAWN, place.number));
            }
            if (failures < size.failures()) {
                steps.add(new Step(Kind.NO_SPAWN, place.number));
            }
        } else {
            steps.add(new Step(Kind.READY, place.number));
            steps.add(new Step(Kind.NOT_READY, place.number));
        }
    }

    private void addOfMember(Member member, int number, List<Step> steps) {
        if (!dead.contains(member) && !stops.contains(member)) {
            steps.add(new Step(Kind.DIE, number));
        }
        if (stops.contains(member) && !gone.contains(member)) {
            steps.add(new Step(Kind.GONE, number));
        }
        if (member.place.current == member && !size.may(May.BE_USED_UP)) {
            steps.add(new Step(Kind.OUTGROW, number));
        }
    }

    private void addOfOwner(List<Step> steps) {
        if (reload != null) {
            steps.add(new Step(Kind.LEAVE_RELOAD, 0));
        } else if (reloads == 0 && size.may(May.RELOAD)) {
            steps.add(new Step(Kind.RELOAD, 0));
        }
        if (size.may(May.DRAIN)) {
            steps.add(new Step(Kind.DRAIN, 0));
        }
        if (!isClosed) {
            steps.add(new Step(Kind.CLOSE, 0));
        }
    }

    void run(Step step) {
        int index = step.index();
        switch (step.kind()) {
            case ASK -> ask();
            case WITHDRAW -> withdraw(asked.get(index));
            case ANSWER -> answer(asked.get(index));
            case LATE -> giveUp(asked.get(index), true);
            case CANCEL -> giveUp(asked.get(index), false);
            case HEED ->
                end(asked.get(index), () -> pool.released(asked.get(index).member()));
            case FAIL -> end(asked.get(index), () -> fail(asked.get(index).member()));
            case ASK_AGAIN -> askAgain(asked.get(index));
            case LOOK -> look(pool.places().get(index));
            case SPAWN -> spawn(pool.places().get(index));
            case NO_SPAWN -> {
                failures++;
                pool.notStarted(pool.places().get(index), "not started");
            }
            case READY -> ready(pool.places().get(index));
            case NOT_READY -> pool.notReady(starting.remove(pool.places().get(index)), "not ready");
            case DIE -> {
                dead.add(members.get(index));
                pool.ended(members.get(index), "dead");
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
            case SECOND -> now += TimeUnit.SECONDS.toNanos(1);
            case MINUTES -> now += AGE.toNanos();
        }
        endFailed();
        endReload();
        if (!size.may(May.END_SLOWLY)) {
            List.copyOf(stops).stream().filter(member -> !gone.contains(member)).forEach(this::go);
        }
        if (open() > open) {
            grown = now;
        }
        open = open();
    }

    private int open() {
        return (int) pool.places().stream().filter(place -> place.isOpen).count();
    }

    /// Has the threads go on whose requests have failed while they waited.
    private void endFailed() {
        for (Asked request : asked) {
            if (!request.isEnded && request.ticket.isSettled() && request.member() == null) {
                end(request, () -> {});
            }
        }
    }

    private void go(Member member) {
        gone.add(member);
        pool.gone(member);
    }

    private void ask() {
        var request = new Asked();
        request.ticket = new Ticket(size.may(May.HAVE_KEYS) && asked.size() % 2 == 1 ? "key" : null);
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
        boolean isRight = e.why() == RequestFailedException.Why.NO_WORKERS ? isHopeless : isClosed || isFull;
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
        isHopeless &= member.place.failuresInARow > 0;
    }

    private void giveUp(Asked request, boolean isLate) {
        Member member = request.member();
        end(request, () -> {
            pool.retire(member, "given up", isLate);
            pool.released(member);
        });
    }

    private void fail(Member member) {
        pool.ended(member, "dead");
        pool.released(member);
    }

    private void askAgain(Asked request) {
        fail(request.member());
        request.ticket = request.ticket.again();
        ask(request);
    }

    private void look(Place place) {
        if (!size.may(May.PAUSE)) {
            now += place.pauseLeft(now);
        }
        boolean isStarted = pool.untilStart(place) == 0;
        if (isStarted != place.isStarting()) {
            throw new AssertionError("what is started is not what was said");
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

    private void ready(Place place) {
        Member member = starting.remove(place);
        Member before = place.current;
        boolean isWanted = before == null || place.wantsSuccessor();
        pool.ready(member, !size.may(May.BE_UNPROVEN));
        if (!isWanted && place.current != before) {
            throw new AssertionError("it replaces a worker that was to go on");
        }
        isHopeless &= size.may(May.BE_UNPROVEN) || place.current != member;
    }

    private void reload() {
        reloads++;
        reloaded = pool.places().getFirst();
        reload = pool.beginReload(reloaded);
    }

    private void endReload() {
        try {
            if (reload != null && reload.isDone()) {
                leaveReload();
            }
        } catch (IOException e) {
            leaveReload();
        }
    }

    private void leaveReload() {
        reload.close();
        reload = null;
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

    /// Returns all that decides what may happen from here on.
    String state() {
        var state = new StringBuilder();
        for (Asked request : asked) {
            Member member = request.member();
            state.append(request.isEnded ? 'e' : member == null ? 'w' : (char) ('A' + members.indexOf(member)));
        }
        for (Member member : members) {
            addMember(state, member);
        }
        for (Place place : pool.places()) {
            addPlace(state, place);
        }
        state.append('|').append(failures).append('.').append(reloads);
        add(
                state,
                isDrained,
                isClosed,
                isHopeless,
                size.most() > size.least() && now - grown >= TimeUnit.SECONDS.toNanos(1));
        return state.toString();
    }

    private void addMember(StringBuilder state, Member member) {
        boolean isOver = gone.contains(member) && member.underWay == 0;
        state.append(isOver ? 'x' : (char) ('0' + member.place.number));
        if (isOver) {
            return;
        }
        state.append(size.may(May.BE_USED_UP) ? member.answered : 0);
        boolean isBeforeFailure = member.generation < member.place.failedBelow;
        add(state, member.leaving, stops.contains(member), dead.contains(member), gone.contains(member));
        add(state, member.isGivenUp, kills.contains(member), isBeforeFailure, member.generation < member.place.needed);
        boolean isBeforeReload = member.generation < member.place.wished;
        add(state, member.isLongIdle(now), member.untilOld(now) <= 0, isBeforeReload, false);
    }

    private void addPlace(StringBuilder state, Place place) {
        Member begun = starting.get(place);
        state.append('|').append(begun == null ? -1 : members.indexOf(begun));
        state.append(place.current == null ? -1 : members.indexOf(place.current));
        state.append(place.slot == null ? -1 : place.slot.number);
        state.append(Math.min(place.failuresInARow, 5));
        add(
                state,
                place.isOpen,
                place.isStarting(),
                place.isStartAbandoned,
                size.may(May.PAUSE) && place.pauseLeft(now) > 0);
        long next = place.generations - 1;
        add(
                state,
                place.reloads > 0,
                place.isStarting() && next < place.failedBelow,
                next < place.needed,
                next < place.wished);
    }

    private static void add(StringBuilder state, boolean one, boolean two, boolean three, boolean four) {
        state.append((char) ('a' + (one ? 1 : 0) + (two ? 2 : 0) + (three ? 4 : 0) + (four ? 8 : 0)));
    }
}
