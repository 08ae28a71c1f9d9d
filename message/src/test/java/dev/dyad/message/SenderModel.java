package dev.dyad.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;

/// What [FrameWriter] may do: a step for each stretch under the lock of its [SendQueue], and for each part of a
/// message that a transport takes. A message has two to four parts, of which a number is the name. It knows neither
/// `trySend` nor a pool's channel, whose senders do not wait for the end of a peer that is gone.
///
/// @param kinds what each sender sends, one after the other
/// @param mostQueued how many small messages stand in the buffer
/// @param disturbances what may come between at any step
@NullUnmarked // what is not there fails the test
record SenderModel(List<List<Kind>> kinds, int mostQueued, Set<Disturbance> disturbances) {

    private static final int PARTS = 10;
    private static final int EACH = 10;

    /// What may come between.
    enum Disturbance {
        GIVE_UP,
        BREAK_DOWN,
        PEER_ENDS,
        CLOSE
    }

    enum Kind {
        SMALL(2, true),
        LARGE(3, true),
        /// Of which too much is left to be kept, unless all but one part is out.
        HUGE(4, false),
        /// The end of sending.
        LAST(0, true);

        final int parts;
        final boolean isKept;

        Kind(int parts, boolean isKept) {
            this.parts = parts;
            this.isKept = isKept;
        }
    }

    enum Lead {
        FREE,
        A_SENDER,
        OURS,
        OURS_MOVING,
        OURS_BLOCKED
    }

    enum At {
        IDLE,
        CHECK,
        LOCK,
        PARK,
        WRITE,
        /// Waits to know how the peer has ended, after its write has failed.
        SETTLE,
        /// The same, after the write of another one has.
        SETTLE_BEHIND,
        PASS_ON
    }

    enum Place {
        WAITING,
        LEADS,
        QUEUED
    }

    enum Result {
        SENT,
        NOTHING_SENT,
        PART_SENT,
        REFUSED,
        CLOSED
    }

    enum Event {
        HERE,
        PEER_ENDED,
        BROKEN
    }

    /// @param results of the messages before
    /// @param over what it has seen outside the lock
    record Sender(
            At at, Place place, int written, boolean permit, boolean givesUp, boolean over, List<Result> results) {

        static final Sender FRESH = new Sender(At.IDLE, Place.WAITING, 0, false, false, false, List.of());

        Sender at(At next) {
            return new Sender(next, place, written, permit, givesUp, over, results);
        }

        Sender placed(Place next) {
            return new Sender(at, next, written, true, givesUp, over, results);
        }

        Sender wrote() {
            return new Sender(at, place, written + 1, permit, givesUp, over, results);
        }

        Sender woken() {
            return new Sender(at, place, written, true, givesUp, over, results);
        }

        Sender parked() {
            return new Sender(At.CHECK, place, written, false, givesUp, over, results);
        }

        Sender interrupted() {
            return new Sender(at, place, written, true, true, over, results);
        }

        Sender checked(boolean isOver) {
            return new Sender(At.LOCK, place, written, permit, givesUp, isOver, results);
        }

        Sender passes(Result result) {
            return new Sender(At.PASS_ON, place, written, permit, givesUp, over, plus(results, result));
        }

        /// Its call has ended, by what `passes` said before or by this.
        Sender done(Result result) {
            return new Sender(At.IDLE, Place.WAITING, 0, false, false, false, plus(results, result));
        }

        Sender done() {
            return new Sender(At.IDLE, Place.WAITING, 0, false, false, false, results);
        }
    }

    /// @param failed whether a write has, of which there is an event once the peer is settled
    /// @param settled whether it is known how the peer has ended
    /// @param endsOnceSettled whether who waited to know it has given up
    /// @param rest parts of a message that was given up
    /// @param batch parts that a thread of the channel's own writes
    /// @param closing how far a close is: nothing, told to, flushed, done
    record State(
            List<Sender> senders,
            Lead lead,
            List<Integer> rest,
            List<Integer> queued,
            List<Integer> batch,
            List<Integer> waiting,
            List<Integer> wire,
            int room,
            boolean shut,
            boolean torn,
            boolean failed,
            boolean settled,
            boolean endsOnceSettled,
            Event event,
            boolean told,
            boolean broken,
            int closing) {

        Draft draft() {
            return new Draft(this);
        }

        boolean isOpen() {
            return closing < 3 && !(event == Event.HERE && told);
        }

        boolean isLeft() {
            return !isOver() && !(rest.isEmpty() && queued.isEmpty());
        }

        /// Whether nothing may be sent any more. Where the peer has ended its own side, it may.
        boolean isOver() {
            return torn || failed || !isWritable();
        }

        boolean isWritable() {
            return event == null || event == Event.PEER_ENDED;
        }

        /// Whether each later caller is told of it: of an event it is, if nothing can be sent after that.
        boolean isClosed() {
            return !isWritable() || (event != null && (torn || failed));
        }

        boolean isKnown() {
            return settled || event != null;
        }
    }

    /// A state that is being changed.
    static final class Draft {
        final List<Sender> senders;
        Lead lead;
        List<Integer> rest;
        List<Integer> queued;
        List<Integer> batch;
        final List<Integer> waiting;
        final List<Integer> wire;
        int room;
        boolean shut;
        boolean torn;
        boolean failed;
        boolean settled;
        boolean endsOnceSettled;
        Event event;
        boolean told;
        boolean broken;
        int closing;

        Draft(State from) {
            senders = new ArrayList<>(from.senders);
            lead = from.lead;
            rest = from.rest;
            queued = from.queued;
            batch = from.batch;
            waiting = new ArrayList<>(from.waiting);
            wire = new ArrayList<>(from.wire);
            room = from.room;
            shut = from.shut;
            torn = from.torn;
            failed = from.failed;
            settled = from.settled;
            endsOnceSettled = from.endsOnceSettled;
            event = from.event;
            told = from.told;
            broken = from.broken;
            closing = from.closing;
        }

        State made() {
            return new State(
                    List.copyOf(senders),
                    lead,
                    rest,
                    queued,
                    batch,
                    List.copyOf(waiting),
                    List.copyOf(wire),
                    room,
                    shut,
                    torn,
                    failed,
                    settled,
                    endsOnceSettled,
                    event,
                    told,
                    broken,
                    closing);
        }

        void set(int sender, UnaryOperator<Sender> change) {
            senders.set(sender, change.apply(senders.get(sender)));
        }

        void end(Event with) {
            event = event == null ? with : event;
        }

        void fails() {
            failed = true;
            wakeAll();
        }

        void tears(Event with) {
            end(with);
            torn = true;
            wakeAll();
        }

        void wakeAll() {
            waiting.forEach(one -> set(one, Sender::woken));
        }

        void giveLead() {
            if (made().isOver() || shut || waiting.isEmpty()) {
                lead = Lead.FREE;
                queued = List.of();
                return;
            }
            int next = waiting.removeFirst();
            lead = Lead.A_SENDER;
            set(next, one -> one.placed(Place.LEADS));
        }

        void move(int part) {
            wire.add(part);
            room--;
        }
    }

    static <T> List<T> plus(List<T> some, T another) {
        var all = new ArrayList<>(some);
        all.add(another);
        return List.copyOf(all);
    }

    State first(int room) {
        return new State(
                kinds.stream().map(_ -> Sender.FRESH).toList(),
                Lead.FREE,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                room,
                false,
                false,
                false,
                false,
                false,
                null,
                false,
                false,
                0);
    }

    static int message(int sender, int index) {
        return sender * EACH + index;
    }

    static int messageOf(int part) {
        return part / PARTS;
    }

    static int numberOf(int part) {
        return part % PARTS;
    }

    Kind kind(int message) {
        return kinds.get(message / EACH).get(message % EACH);
    }

    List<Integer> parts(int message, int from) {
        return IntStream.range(from, kind(message).parts)
                .mapToObj(number -> message * PARTS + number)
                .toList();
    }

    int current(State state, int sender) {
        return message(sender, state.senders.get(sender).results.size());
    }

    boolean hasMore(State state, int sender) {
        Sender one = state.senders.get(sender);
        return one.at == At.IDLE && one.results.size() < kinds.get(sender).size();
    }

    State start(State state, int sender) {
        Draft draft = state.draft();
        int message = current(state, sender);
        Kind kind = kind(message);
        if (state.shut && kind == Kind.LAST) {
            draft.set(sender, one -> one.done(Result.SENT));
        } else if (state.isClosed()) {
            draft.set(sender, one -> one.done(Result.CLOSED));
        } else if (state.shut) {
            draft.set(sender, one -> one.done(Result.REFUSED));
        } else if (state.failed) {
            draft.set(sender, one -> one.at(At.SETTLE_BEHIND));
        } else if (state.lead == Lead.FREE) {
            draft.lead = Lead.A_SENDER;
            draft.shut = kind == Kind.LAST;
            draft.set(sender, one -> one.at(At.WRITE));
        } else if (kind == Kind.SMALL && state.waiting.isEmpty() && state.queued.size() < mostQueued) {
            draft.queued = plus(state.queued, message);
            draft.set(sender, one -> one.done(Result.SENT));
        } else {
            draft.waiting.add(sender);
            draft.set(sender, one -> one.at(At.CHECK));
        }
        return draft.made();
    }

    State giveUp(State state, int sender) {
        Draft draft = state.draft();
        draft.set(sender, Sender::interrupted);
        return draft.made();
    }

    State read(State state) {
        Draft draft = state.draft();
        draft.room++;
        return draft.made();
    }

    State breakDown(State state) {
        Draft draft = state.draft();
        draft.broken = true;
        return draft.made();
    }

    State peerEnds(State state) {
        Draft draft = state.draft();
        draft.end(Event.PEER_ENDED);
        return draft.made();
    }

    State settle(State state) {
        Draft draft = state.draft();
        draft.settled = true;
        return draft.made();
    }

    State close(State state) {
        Draft draft = state.draft();
        draft.closing = 1;
        return draft.made();
    }

    /// Returns what may follow by what others do.
    List<State> moves(State state) {
        List<State> all = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            if (hasMore(state, i)) {
                all.add(start(state, i));
            }
            Sender one = state.senders.get(i);
            if (disturbances.contains(Disturbance.GIVE_UP)
                    && one.at != At.IDLE
                    && one.at != At.PASS_ON
                    && !one.givesUp) {
                all.add(giveUp(state, i));
            }
        }
        if (state.room == 0) {
            all.add(read(state));
        }
        if (disturbances.contains(Disturbance.BREAK_DOWN) && !state.broken) {
            all.add(breakDown(state));
        }
        if (disturbances.contains(Disturbance.PEER_ENDS) && state.event == null) {
            all.add(peerEnds(state));
        }
        if (state.failed && !state.settled) {
            all.add(settle(state));
        }
        if (disturbances.contains(Disturbance.CLOSE) && state.closing == 0) {
            all.add(close(state));
        }
        return all;
    }

    /// Returns what may follow by a step of the writer, each of one thread.
    List<State> steps(State state) {
        List<State> all = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            switch (state.senders.get(i).at) {
                case IDLE -> {
                    // see start
                }
                case CHECK -> all.add(check(state, i));
                case LOCK -> all.add(lock(state, i));
                case PARK -> unpark(state, i, all);
                case WRITE -> write(state, i, all);
                case SETTLE, SETTLE_BEHIND -> settle(state, i, all);
                case PASS_ON -> all.add(passOn(state, i));
            }
        }
        writeOn(state, all);
        if (state.endsOnceSettled && state.settled && state.event == null) {
            Draft draft = state.draft();
            draft.end(Event.BROKEN);
            all.add(draft.made());
        }
        if (state.event != null && !state.told) {
            Draft draft = state.draft();
            draft.told = true;
            draft.wakeAll();
            all.add(draft.made());
        }
        if (state.closing == 1 && state.lead != Lead.OURS_MOVING) {
            all.add(flush(state));
        } else if (state.closing == 2) {
            Draft draft = state.draft();
            draft.end(Event.HERE);
            draft.closing = 3;
            all.add(draft.made());
        }
        return all;
    }

    private State check(State state, int sender) {
        Draft draft = state.draft();
        draft.set(sender, one -> one.checked(one.givesUp || !state.isWritable()));
        return draft.made();
    }

    private State lock(State state, int sender) {
        Draft draft = state.draft();
        Sender one = state.senders.get(sender);
        boolean isLast = kind(current(state, sender)) == Kind.LAST;
        if (one.place == Place.LEADS) {
            draft.set(sender, s -> s.at(At.WRITE));
        } else if (one.place == Place.QUEUED) {
            draft.set(sender, s -> s.done(Result.SENT));
        } else if (one.over || state.shut || state.torn || state.failed) {
            draft.waiting.remove(Integer.valueOf(sender));
            Result refused = isLast ? Result.SENT : Result.REFUSED;
            if (state.isClosed()) {
                draft.set(sender, s -> s.done(Result.CLOSED));
            } else if (state.shut) {
                draft.set(sender, s -> s.done(refused));
            } else if (state.failed) {
                draft.set(sender, s -> s.at(At.SETTLE_BEHIND));
            } else {
                draft.set(sender, s -> s.done(Result.NOTHING_SENT));
            }
        } else {
            draft.set(sender, s -> s.at(At.PARK));
        }
        return draft.made();
    }

    private static void unpark(State state, int sender, List<State> all) {
        if (state.senders.get(sender).permit) {
            Draft draft = state.draft();
            draft.set(sender, Sender::parked);
            all.add(draft.made());
        }
    }

    private void write(State state, int sender, List<State> all) {
        Sender one = state.senders.get(sender);
        int message = current(state, sender);
        List<Integer> left = parts(message, one.written);
        if (!state.isOpen() || (state.broken && !left.isEmpty())) {
            Draft draft = state.draft();
            draft.fails();
            draft.set(sender, s -> s.at(At.SETTLE));
            all.add(draft.made());
        }
        if (left.isEmpty()) {
            Draft draft = state.draft();
            draft.set(sender, s -> s.passes(Result.SENT));
            all.add(draft.made());
        } else if (state.room > 0 && state.isOpen() && !state.broken) {
            Draft draft = state.draft();
            draft.move(left.getFirst());
            draft.set(sender, Sender::wrote);
            all.add(draft.made());
        }
        if (!left.isEmpty() && one.givesUp) {
            all.add(cutShort(state, sender, left));
        }
    }

    private static void settle(State state, int sender, List<State> all) {
        Sender one = state.senders.get(sender);
        if (state.isKnown()) {
            all.add(settled(state, sender, Result.CLOSED));
        }
        if (one.givesUp) {
            all.add(settled(state, sender, one.written > 0 ? Result.PART_SENT : Result.NOTHING_SENT));
        }
    }

    private static State settled(State state, int sender, Result result) {
        Draft draft = state.draft();
        if (result == Result.CLOSED) {
            draft.end(Event.BROKEN);
        } else {
            draft.endsOnceSettled = true;
        }
        draft.set(sender, one -> one.at == At.SETTLE ? one.passes(result) : one.done(result));
        return draft.made();
    }

    private State cutShort(State state, int sender, List<Integer> left) {
        Draft draft = state.draft();
        Kind kind = kind(current(state, sender));
        if (state.senders.get(sender).written == 0) {
            draft.set(sender, one -> one.passes(Result.NOTHING_SENT));
        } else if (kind.isKept || left.size() == 1) {
            draft.rest = left;
            draft.set(sender, one -> one.passes(Result.PART_SENT));
        } else {
            draft.tears(Event.HERE);
            draft.set(sender, one -> one.passes(Result.CLOSED));
        }
        return draft.made();
    }

    private State passOn(State state, int sender) {
        Draft draft = state.draft();
        if (state.isLeft()) {
            draft.lead = Lead.OURS;
        } else {
            giveLead(draft);
        }
        draft.set(sender, Sender::done);
        return draft.made();
    }

    private void giveLead(Draft draft) {
        draft.giveLead();
        for (int i = 0; i < kinds.size(); i++) {
            Sender one = draft.senders.get(i);
            boolean isLast = one.place == Place.LEADS
                    && one.at != At.WRITE
                    && one.at != At.PASS_ON
                    && kind(message(i, one.results.size())) == Kind.LAST;
            if (isLast && !draft.shut) {
                draft.shut = true;
                draft.wakeAll();
            }
        }
    }

    private void writeOn(State state, List<State> all) {
        switch (state.lead) {
            case FREE, A_SENDER -> {
                // nothing is ours
            }
            case OURS -> all.add(next(state.draft()));
            case OURS_MOVING -> all.add(moveOurs(state, state.room == 0));
            case OURS_BLOCKED -> {
                if (state.failed) {
                    if (state.settled) {
                        all.add(endOurs(state));
                    }
                } else if (state.room > 0 || !state.isOpen() || state.broken) {
                    all.add(moveOurs(state, false));
                }
            }
        }
    }

    private State moveOurs(State state, boolean blocks) {
        Draft draft = state.draft();
        if (!state.isOpen() || state.broken) {
            draft.fails();
            draft.lead = Lead.OURS_BLOCKED;
            return state.event == null ? draft.made() : endOurs(draft.made());
        }
        if (blocks) {
            draft.lead = Lead.OURS_BLOCKED;
            return draft.made();
        }
        draft.move(state.batch.getFirst());
        draft.batch = state.batch.subList(1, state.batch.size());
        return draft.batch.isEmpty() ? next(draft) : draft.made();
    }

    /// Its write has failed, and it is known how the peer has ended.
    private static State endOurs(State state) {
        Draft draft = state.draft();
        draft.end(Event.BROKEN);
        draft.batch = List.of();
        draft.lead = Lead.OURS;
        return draft.made();
    }

    private State next(Draft draft) {
        if (!draft.made().isLeft()) {
            giveLead(draft);
        } else {
            draft.lead = Lead.OURS_MOVING;
            take(draft);
        }
        return draft.made();
    }

    private void take(Draft draft) {
        if (!draft.rest.isEmpty()) {
            draft.batch = draft.rest;
            draft.rest = List.of();
            return;
        }
        draft.batch = draft.queued.stream()
                .flatMap(message -> parts(message, 0).stream())
                .toList();
        draft.queued = List.of();
        while (!draft.waiting.isEmpty() && draft.queued.size() < mostQueued) {
            int first = draft.waiting.getFirst();
            int message = message(first, draft.senders.get(first).results.size());
            if (kind(message) != Kind.SMALL) {
                return;
            }
            draft.waiting.removeFirst();
            draft.queued = plus(draft.queued, message);
            draft.set(first, one -> one.placed(Place.QUEUED));
        }
    }

    private State flush(State state) {
        Draft draft = state.draft();
        draft.closing = 2;
        boolean moves = state.lead == Lead.OURS && state.isOpen() && !state.broken;
        while (moves && draft.made().isLeft()) {
            take(draft);
            while (draft.room > 0 && !draft.batch.isEmpty()) {
                draft.move(draft.batch.getFirst());
                draft.batch = draft.batch.subList(1, draft.batch.size());
            }
            draft.rest = List.copyOf(draft.batch);
            moves = draft.batch.isEmpty();
            draft.batch = List.of();
        }
        return draft.made();
    }
}
