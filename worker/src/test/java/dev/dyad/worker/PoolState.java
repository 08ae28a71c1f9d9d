package dev.dyad.worker;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/// All that decides what may happen to a pool from a moment on, as text.
@NullUnmarked
final class PoolState {

    private final PoolWorld world;
    private final PoolSize size;

    private PoolState(PoolWorld world) {
        this.world = world;
        size = world.size;
    }

    static String of(PoolWorld world) {
        return new PoolState(world).state();
    }

    private String state() {
        var state = new StringBuilder();
        for (PoolWorld.Asked request : world.asked) {
            Member member = request.member();
            state.append(request.isEnded ? 'e' : member == null ? 'w' : (char) ('A' + world.members.indexOf(member)));
        }
        for (Member member : world.members) {
            addMember(state, member);
        }
        for (Place place : world.pool.places()) {
            addPlace(state, place);
        }
        state.append('|').append(world.failures).append('.').append(world.reloads);
        add(
                state,
                world.isDrained,
                world.isClosed,
                world.isHopeless,
                size.most() > size.least() && world.now - world.grown >= TimeUnit.SECONDS.toNanos(1));
        add(state, world.isEndedByJvm, false, false, false);
        return state.toString();
    }

    private void addMember(StringBuilder state, Member member) {
        boolean isOver = world.gone.contains(member) && member.underWay == 0;
        state.append(isOver ? 'x' : (char) ('0' + member.place.number));
        if (isOver) {
            return;
        }
        state.append(size.may(PoolSize.May.BE_USED_UP) ? member.answered : 0);
        boolean isBeforeFailure = member.generation < member.place.failedBelow;
        add(
                state,
                member.leaving,
                world.stops.contains(member),
                world.dead.contains(member),
                world.gone.contains(member));
        add(
                state,
                member.isGivenUp,
                world.kills.contains(member),
                isBeforeFailure,
                member.generation < member.place.needed);
        boolean isBeforeReload = member.generation < member.place.wished();
        add(
                state,
                member.isLongIdle(world.now),
                member.untilOld(world.now) <= 0,
                isBeforeReload,
                member.place.lost.contains(member));
        state.append(member.asksToLeave ? '!' : '.').append(member.isProven ? '!' : '.');
    }

    private void addPlace(StringBuilder state, Place place) {
        Member begun = world.starting.get(place);
        state.append('|').append(begun == null ? -1 : world.members.indexOf(begun));
        state.append(place.current == null ? -1 : world.members.indexOf(place.current));
        state.append(place.slot == null ? -1 : place.slot.number);
        state.append(Math.min(place.failuresInARow, 5)).append(Math.min(place.leavesInARow, 5));
        state.append(Math.min(place.crashesInARow, 5));
        add(
                state,
                place.isOpen,
                place.isStarting(),
                place.isStartAbandoned(),
                size.may(PoolSize.May.PAUSE) && place.pauseLeft(world.now) > 0);
        long next = place.generations - 1;
        add(
                state,
                place.reloads() > 0,
                place.isStarting() && next < place.failedBelow,
                next < place.needed,
                next < place.wished());
    }

    private static void add(StringBuilder state, boolean one, boolean two, boolean three, boolean four) {
        state.append((char) ('a' + (one ? 1 : 0) + (two ? 2 : 0) + (three ? 4 : 0) + (four ? 8 : 0)));
    }
}
