package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.message.SenderModel.At;
import dev.dyad.message.SenderModel.Disturbance;
import dev.dyad.message.SenderModel.Kind;
import dev.dyad.message.SenderModel.Lead;
import dev.dyad.message.SenderModel.Result;
import dev.dyad.message.SenderModel.Sender;
import dev.dyad.message.SenderModel.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goes through every state of the sender's model.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class SenderModelTest {

    private static final int MOST = 250_000;
    private static final List<Kind> SMALL = List.of(Kind.SMALL);
    private static final List<Kind> LARGE = List.of(Kind.LARGE);

    /// Looks at every state that can be reached.
    ///
    /// @return how many there are
    private static int explore(SenderModel model) {
        Set<State> seen = new HashSet<>();
        var open = new ArrayDeque<State>();
        State first = model.first(0);
        seen.add(first);
        open.add(first);
        for (State state = open.poll(); state != null; state = open.poll()) {
            if (seen.size() > MOST) {
                throw new AssertionError("too many states");
            }
            List<State> steps = model.steps(state);
            check(model, state, steps.isEmpty());
            List<State> following = new ArrayList<>(steps);
            following.addAll(model.moves(state));
            for (State next : following) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return seen.size();
    }

    private static void check(SenderModel model, State state, boolean rests) {
        requireOneWriter(state);
        requireWholeFramesInOrder(model, state);
        for (int i = 0; i < model.kinds().size(); i++) {
            requireTruth(model, state, i);
        }
        if (rests) {
            requireRest(state);
        }
    }

    private static void require(boolean holds, String what, State state) {
        if (!holds) {
            throw new AssertionError(what + ": " + state);
        }
    }

    private static void requireOneWriter(State state) {
        long senders = state.senders().stream()
                .filter(one -> one.place() == SenderModel.Place.LEADS
                        || one.at() == At.WRITE
                        || one.at() == At.SETTLE
                        || one.at() == At.PASS_ON)
                .count();
        require(senders == (state.lead() == Lead.A_SENDER ? 1 : 0), "who leads is one sender, or none", state);
        boolean ours = state.lead() == Lead.OURS_MOVING || state.lead() == Lead.OURS_BLOCKED;
        require(ours || state.batch().isEmpty(), "a batch is of who leads", state);
    }

    private static void requireWholeFramesInOrder(SenderModel model, State state) {
        Set<Integer> begun = new HashSet<>();
        var last = new int[model.kinds().size()];
        Arrays.fill(last, -1);
        for (int i = 0; i < state.wire().size(); ) {
            int message = SenderModel.messageOf(state.wire().get(i));
            List<Integer> whole = model.parts(message, 0);
            int end = Math.min(i + whole.size(), state.wire().size());
            require(begun.add(message), "each message goes out once", state);
            require(
                    state.wire().subList(i, end).equals(whole.subList(0, end - i)),
                    "a message goes out whole, but for the last one",
                    state);
            int sender = message / SenderModel.message(1, 0);
            require(message > last[sender], "the messages of one sender keep their order", state);
            last[sender] = message;
            if (end - i < whole.size()) {
                requireHeld(state, whole.subList(end - i, whole.size()), message);
            }
            i = end;
        }
    }

    /// Somebody has what follows a part of a message, and writes it before anything else.
    private static void requireHeld(State state, List<Integer> left, int message) {
        int sender = message / SenderModel.message(1, 0);
        Sender one = state.senders().get(sender);
        boolean isUnderWay = one.at() == At.WRITE && one.results().size() == message - SenderModel.message(sender, 0);
        boolean isKept = state.rest().equals(left)
                || (state.batch().size() >= left.size()
                        && state.batch().subList(0, left.size()).equals(left));
        require(isUnderWay || isKept || state.torn() || state.failed(), "somebody has the rest of a message", state);
    }

    private static void requireTruth(SenderModel model, State state, int sender) {
        List<Result> results = state.senders().get(sender).results();
        for (int i = 0; i < results.size(); i++) {
            int message = SenderModel.message(sender, i);
            List<Integer> kept = new ArrayList<>(state.wire());
            kept.addAll(state.rest());
            kept.addAll(state.batch());
            state.queued().forEach(one -> kept.addAll(model.parts(one, 0)));
            boolean isThere = kept.containsAll(model.parts(message, 0));
            boolean isNotThere = kept.stream().noneMatch(part -> SenderModel.messageOf(part) == message);
            switch (results.get(i)) {
                case SENT -> require(isThere || isOver(state), "what was sent is on the wire or kept", state);
                case PART_SENT ->
                    require(isThere || isOver(state), "what was sent in part is on the wire or kept", state);
                case NOTHING_SENT, REFUSED -> require(isNotThere, "of what was not sent nothing is there", state);
                case CLOSED -> require(state.event() != null, "no call is told of an end that was not", state);
            }
        }
    }

    private static boolean isOver(State state) {
        return state.isOver() || state.closing() > 0;
    }

    /// Nothing goes on by itself: then the peer is who is waited for.
    private static void requireRest(State state) {
        boolean settles = state.failed() && !state.settled();
        boolean waitsForPeer = settles || (state.room() == 0 && !state.broken() && state.isOpen());
        boolean isLed = state.lead() == Lead.A_SENDER || state.lead() == Lead.OURS_BLOCKED;
        require(state.lead() == Lead.FREE || (isLed && waitsForPeer), "who leads goes on", state);
        require(isLed || !state.isLeft(), "what is kept is written", state);
        for (Sender one : state.senders()) {
            boolean waits = one.at() == At.PARK && isLed && !state.isOver() && !one.givesUp() && !state.shut();
            boolean writes = one.at() == At.WRITE && !one.givesUp();
            boolean isSettling = settles && (one.at() == At.SETTLE || one.at() == At.SETTLE_BEHIND) && !one.givesUp();
            require(one.at() == At.IDLE || waits || writes || isSettling, "nobody waits for ever", state);
        }
        require(!state.failed() || settles || state.event() != null, "a failed write ends it", state);
        require(state.closing() == 0 || state.closing() == 3, "a close ends", state);
    }

    private static int explore(int mostQueued, Set<Disturbance> disturbances, List<List<Kind>> kinds) {
        return explore(new SenderModel(kinds, mostQueued, disturbances));
    }

    @Test
    void every_state_of_two_senders_is_sound_whatever_comes_between() {
        Set<Disturbance> all = EnumSet.allOf(Disturbance.class);

        assertThat(explore(1, all, List.of(LARGE, SMALL))).isGreaterThan(2_000);
        assertThat(explore(1, all, List.of(SMALL, List.of(Kind.HUGE)))).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @EnumSource
    void every_state_of_three_senders_is_sound(Disturbance disturbance) {
        int states = explore(1, EnumSet.of(disturbance), List.of(LARGE, SMALL, SMALL))
                + explore(1, EnumSet.of(disturbance), List.of(SMALL, List.of(Kind.LAST), SMALL));
        assertThat(states).isGreaterThan(2_000);
    }

    @Test
    void every_state_of_two_senders_of_two_messages_each_is_sound() {
        List<List<Kind>> kinds = List.of(List.of(Kind.SMALL, Kind.LARGE), List.of(Kind.SMALL, Kind.SMALL));

        assertThat(explore(1, EnumSet.of(Disturbance.GIVE_UP), kinds)).isGreaterThan(2_000);
        assertThat(explore(1, EnumSet.of(Disturbance.CLOSE), kinds)).isGreaterThan(1_000);
    }

    @Test
    void a_model_that_loses_a_wake_up_is_found_out() {
        var model = new SenderModel(List.of(LARGE, LARGE), 1, Set.of());
        State stuck = model.start(model.start(model.first(0), 0), 1).draft().made();
        SenderModel.Draft draft = stuck.draft();
        draft.set(0, one -> one.done(Result.NOTHING_SENT));
        draft.set(1, one -> one.at(At.PARK));
        draft.lead = Lead.FREE;

        assertThatThrownBy(() ->
                        check(model, draft.made(), model.steps(draft.made()).isEmpty()))
                .hasMessageContaining("nobody waits for ever");
    }
}
