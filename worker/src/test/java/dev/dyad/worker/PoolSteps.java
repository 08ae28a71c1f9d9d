package dev.dyad.worker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// What may happen next to a pool.
@NullUnmarked
final class PoolSteps {

    /// What may happen.
    enum Kind {
        ASK,
        WITHDRAW,
        ANSWER,
        /// At a deadline, or as the caller is interrupted or cancels it: to the pool they are one.
        GIVE_UP,
        HEED,
        FAIL,
        ASK_AGAIN,
        LOOK,
        SPAWN,
        NO_SPAWN,
        READY,
        NOT_READY,
        DIE,
        LOSE,
        LEAVE,
        GONE,
        OUTGROW,
        RELOAD,
        LEAVE_RELOAD,
        DRAIN,
        CLOSE,
        JVM_ENDS,
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

    private final PoolWorld world;
    private final PoolSize size;

    private PoolSteps(PoolWorld world) {
        this.world = world;
        size = world.size;
    }

    static List<Step> of(PoolWorld world) {
        return new PoolSteps(world).steps();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (world.asked.size() < size.requests()) {
            steps.add(new Step(Kind.ASK, world.asked.size()));
        }
        for (int i = 0; i < world.asked.size(); i++) {
            addOfRequest(world.asked.get(i), i, steps);
        }
        for (Place place : world.pool.places()) {
            addOfPlace(place, steps);
        }
        for (int i = 0; i < world.members.size(); i++) {
            addOfMember(world.members.get(i), i, steps);
        }
        addOfOwner(steps);
        if (size.may(PoolSize.May.PAUSE)) {
            steps.add(new Step(Kind.SECOND, 0));
        }
        if (size.may(PoolSize.May.AGE)) {
            steps.add(new Step(Kind.MINUTES, 0));
        }
        return steps;
    }

    private void addOfRequest(PoolWorld.Asked request, int number, List<Step> steps) {
        if (request.isWaiting()) {
            steps.add(new Step(Kind.WITHDRAW, number));
        }
        Member member = request.member();
        if (member == null) {
            return;
        }
        if (world.dead.contains(member) || world.stops.contains(member)) {
            steps.add(new Step(Kind.FAIL, number));
            if (size.may(PoolSize.May.ASK_AGAIN)) {
                steps.add(new Step(Kind.ASK_AGAIN, number));
            }
            if (size.atOnce() > 1) {
                steps.add(new Step(Kind.HEED, number)); // it was cancelled before it was sent
            }
            return;
        }
        steps.add(new Step(Kind.ANSWER, number));
        steps.add(new Step(Kind.GIVE_UP, number));
        if (size.atOnce() > 1) {
            steps.add(new Step(Kind.HEED, number));
        }
    }

    private void addOfPlace(Place place, List<Step> steps) {
        Member begun = world.starting.get(place);
        if (!place.isStarting()) {
            if (!world.isClosed) {
                steps.add(new Step(Kind.LOOK, place.number));
            }
        } else if (begun == null) {
            if (world.members.size() < size.workers()) {
                steps.add(new Step(Kind.SPAWN, place.number));
            }
            if (world.failures < size.failures()) {
                steps.add(new Step(Kind.NO_SPAWN, place.number));
            }
        } else {
            steps.add(new Step(Kind.READY, place.number));
            steps.add(new Step(Kind.NOT_READY, place.number));
        }
    }

    private void addOfMember(Member member, int number, List<Step> steps) {
        if (!world.dead.contains(member) && !world.stops.contains(member)) {
            steps.add(new Step(Kind.DIE, number));
            if (size.may(PoolSize.May.LEAVE)) {
                steps.add(new Step(Kind.LOSE, number));
                steps.add(new Step(Kind.LEAVE, number));
            }
        }
        if (world.stops.contains(member) && !world.gone.contains(member)) {
            steps.add(new Step(Kind.GONE, number));
        }
        if (member.place.current == member && !size.may(PoolSize.May.BE_USED_UP)) {
            steps.add(new Step(Kind.OUTGROW, number));
        }
    }

    private void addOfOwner(List<Step> steps) {
        if (world.reload != null) {
            steps.add(new Step(Kind.LEAVE_RELOAD, 0));
        } else if (world.reloads == 0 && size.may(PoolSize.May.RELOAD)) {
            steps.add(new Step(Kind.RELOAD, 0));
        }
        if (size.may(PoolSize.May.DRAIN)) {
            steps.add(new Step(Kind.DRAIN, 0));
        }
        if (size.may(PoolSize.May.END_WITH_JVM) && !world.isEndedByJvm) {
            steps.add(new Step(Kind.JVM_ENDS, 0));
        }
        if (!world.isClosed) {
            steps.add(new Step(Kind.CLOSE, 0));
        }
    }
}
