package dev.dyad.worker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// What holds of a pool at any moment, and between two.
@NullUnmarked
final class PoolRules {

    private static final int KEY = "key".hashCode();

    private final PoolWorld world;
    private final List<Member> given = new ArrayList<>(); // of each request, before the last step
    private List<Slot> slots = List.of(); // that had workers then
    private Member owner; // of the key, then
    private Slot ownerSlot;
    private int open;
    private int stopped;

    PoolRules(PoolWorld world) {
        this.world = world;
    }

    /// Looks at what was before a step.
    void before() {
        given.clear();
        world.asked.forEach(request -> given.add(request.member()));
        slots = staffed();
        owner = ownerOfKey();
        ownerSlot = owner == null ? null : owner.place.slot;
        open = world.open();
        stopped = world.stops.size();
    }

    private List<Slot> staffed() {
        List<Slot> staffed = new ArrayList<>();
        for (Place place : world.pool.places()) {
            if (place.current != null && place.slot != null) {
                staffed.add(place.slot);
            }
        }
        return staffed;
    }

    private Member ownerOfKey() {
        Slot best = null;
        for (Slot slot : staffed()) {
            if (best == null || slot.score(KEY) > best.score(KEY)) {
                best = slot;
            }
        }
        return best == null ? null : best.member();
    }

    /// Looks at what is after a step.
    void after() {
        members();
        slots();
        requests();
        key();
        if (world.isClosed) {
            closed();
        }
    }

    private void members() {
        require(new HashSet<>(world.stops).size() == world.stops.size(), "a worker is stopped twice");
        require(world.stops.containsAll(world.kills), "a worker is killed that was not stopped");
        for (Member member : world.members) {
            int has = requestsOf(member);
            require(member.underWay == has, "a worker is counted to have " + member.underWay + " and has " + has);
            require(has <= world.size.atOnce(), "a worker has more than it may");
            boolean isCurrent = member.place.current == member;
            boolean isStopped = world.stops.contains(member);
            require(!isCurrent || !(member.leaving || world.dead.contains(member) || isStopped), "a worker is kept");
            boolean isComing = world.starting.containsValue(member);
            boolean isLost = member.place.lost.contains(member);
            require(isCurrent || has > 0 || isStopped || isComing || isLost, "a worker is forgotten");
            boolean isUntold = world.untold.contains(member);
            boolean isKnown = (world.dead.contains(member) && !isUntold) || member.isGivenUp || world.isClosed;
            boolean isToBeLost = (world.lost.contains(member) || isUntold) && !isKnown;
            require(isLost == isToBeLost, "one is lost for ever, or forgotten");
            require(
                    !isCurrent || member.answered < world.size.recycleAfter() || member.place.wantsSuccessor(),
                    "a worker that is used up goes on");
            require(
                    member.place.ending.contains(member) == (isStopped && !world.gone.contains(member)),
                    "a process is not counted, or for ever");
        }
        for (Member member : world.stops.subList(stopped, world.stops.size())) {
            boolean isToBe = member.isGivenUp || world.dead.contains(member) || world.isClosed;
            require(isToBe || member.underWay == 0, "a worker is stopped under a request");
        }
        for (Place place : world.pool.places()) {
            int givenUp = 0;
            for (Member member : place.ending) {
                givenUp += member.isGivenUp && !world.kills.contains(member) ? 1 : 0;
            }
            require(givenUp <= 1, "more than one hangs at a place, and is not killed");
        }
    }

    private int requestsOf(Member member) {
        int number = 0;
        for (PoolWorld.Asked request : world.asked) {
            number += request.member() == member ? 1 : 0;
        }
        return number;
    }

    private void slots() {
        List<Slot> staffed = staffed();
        require(new HashSet<>(staffed).size() == staffed.size(), "two stand in for one");
        for (Slot slot : world.pool.slots()) {
            Member member = slot.member();
            require(member == null || member.place.slot == slot || slot.number >= asked(), "two have one worker");
        }
        require(staffed.size() <= world.size.most(), "more are asked than there may be");
        boolean isSpareIdle = false;
        boolean isSlotEmpty = false;
        for (Place place : world.pool.places()) {
            boolean isSpare = place.number >= world.size.most();
            isSpareIdle |= isSpare && place.current != null && place.slot == null;
            isSlotEmpty |= !isSpare && place.isOpen && place.current == null && !isStoodInFor(place, staffed);
            require(isSpare || !place.isOpen || place.current == null || place.slot != null, "a worker is not asked");
        }
        require(!(isSpareIdle && isSlotEmpty), "a spare does not step in");
    }

    private int asked() {
        return world.open() - world.size.spares();
    }

    private static boolean isStoodInFor(Place place, List<Slot> staffed) {
        return staffed.stream().anyMatch(slot -> slot.number == place.number);
    }

    private void requests() {
        int waiting = 0;
        boolean isFree = staffed().stream().anyMatch(slot -> isFree(slot.member()));
        for (int i = 0; i < world.asked.size(); i++) {
            PoolWorld.Asked request = world.asked.get(i);
            Member member = request.member();
            if (member != null && (i >= given.size() || given.get(i) != member)) {
                require(isAsked(member), "a request is given to a worker that is not asked");
                require(!isBeforeOlder(i, member), "a request is before an older one");
            }
            if (request.isWaiting()) {
                waiting++;
                boolean isKeyed = request.ticket.keyHash() != null;
                require(!(isKeyed ? isFree(ownerOfKey()) : isFree), "a request waits for one that is free");
                require(!world.isClosed && !world.isEndedByJvm, "a request waits though all is closed");
                require(!world.isHopeless, "a request waits though every worker fails");
                require(isSomebodyToCome(), "a request waits for nobody");
            }
        }
        require(world.pool.waiting() == waiting, "the line is counted wrong");
    }

    private boolean isBeforeOlder(int number, Member member) {
        return world.asked.subList(0, number).stream()
                .anyMatch(older -> older.isWaiting() && (older.ticket.keyHash() == null || ownerOfKey() == member));
    }

    private boolean isFree(Member member) {
        return member != null && member.underWay < world.size.atOnce();
    }

    private static boolean isAsked(Member member) {
        return member.place.current == member
                && !member.leaving
                && member.place.slot != null
                && member.place.slot.member() == member;
    }

    private boolean isSomebodyToCome() {
        return world.pool.places().stream()
                .anyMatch(place ->
                        place.isStarting() || place.wantsWorker() || place.current != null || !place.lost.isEmpty());
    }

    /// A key stays with a worker that is there, unless one comes that it belongs to.
    private void key() {
        Member now = ownerOfKey();
        if (owner == null || now == owner || world.open() != open) {
            return;
        }
        boolean isThere = isAsked(owner) && owner.place.slot == ownerSlot;
        require(!isThere || !slots.contains(now.place.slot), "a key moves though its worker is there");
    }

    private void closed() {
        require(world.stops.containsAll(world.members), "a worker outlives the pool");
        boolean isOver =
                world.gone.containsAll(world.members) && world.asked.stream().allMatch(request -> request.isEnded);
        if (!isOver) {
            return;
        }
        require(staffed().isEmpty() && world.pool.waiting() == 0, "something is left");
        for (Place place : world.pool.places()) {
            require(
                    place.current == null && place.ending.isEmpty() && place.reloads() == (isReloaded(place) ? 1 : 0),
                    "something is left at a place");
        }
    }

    private boolean isReloaded(Place place) {
        return world.reload != null && world.reloaded == place;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
