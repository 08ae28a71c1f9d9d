package dev.dyad.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The places of a pool, and which of their workers are asked. Under the pool's lock.
///
/// There is a slot for each of as many workers as are asked at once. Its own place is that of its number; the
/// last places are spares', each of which stands in for one place that is away. Slots beyond the least number
/// open while requests wait.
final class Places {

    private static final long GROWING = TimeUnit.SECONDS.toNanos(1); // between two places that open

    private final List<Place> all = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final int least;
    private final int most;
    private final int atOnce;
    private final LongSupplier clock;
    private int asked; // at most so many are asked
    private List<Slot> staffed = List.of(); // of them, those that have a worker
    private long grown;

    Places(PoolSettings settings, LongSupplier clock) {
        this.clock = clock;
        least = settings.leastWorkers();
        most = settings.mostWorkers();
        atOnce = settings.atOnce();
        asked = least;
        grown = clock.getAsLong() - GROWING;
        for (int i = 0; i < most + settings.spares(); i++) {
            all.add(new Place(i));
        }
        for (Place place : all.subList(0, most)) {
            slots.add(new Slot(place.number, place));
        }
        open();
    }

    List<Place> all() {
        return all;
    }

    /// Returns the slots, open or not.
    List<Slot> slots() {
        return slots;
    }

    private void open() {
        for (Place place : all) {
            place.isOpen = place.number < asked || isSpare(place);
        }
    }

    private boolean isSpare(Place place) {
        return place.number >= most;
    }

    boolean mayGrow() {
        return asked < most;
    }

    /// Opens one more place, if there may be one and the last one was not opened just before.
    ///
    /// @return whether there is one more
    boolean grow() {
        long now = clock.getAsLong();
        if (!mayGrow() || now - grown < GROWING || all.stream().anyMatch(Place::isComing)) {
            return false;
        }
        grown = now;
        asked++;
        open();
        return true;
    }

    /// Closes a place, if it is the last one of more than the least number, and one of those that are asked has
    /// long had nothing to do.
    ///
    /// @return its worker, which is to leave, or `null`
    @Nullable
    Member shrink(Place place) {
        Member last = place.current;
        boolean isLast = place.number == asked - 1;
        if (asked == least || !isLast || last == null || last.underWay > 0 || !isOneLongIdle()) {
            return null;
        }
        asked--;
        open();
        place.current = null;
        return last;
    }

    private boolean isOneLongIdle() {
        long now = clock.getAsLong();
        return staffed.stream().map(Slot::member).anyMatch(member -> member != null && member.isLongIdle(now));
    }

    /// Returns in how many nanoseconds to look at a place again, if nothing happens before.
    long untilLook(Place place, boolean someWait) {
        Member member = place.current;
        if (member == null) {
            return Long.MAX_VALUE;
        }
        long until = place.wantsSuccessor() ? Long.MAX_VALUE : member.untilOld(clock.getAsLong());
        if (asked > least) {
            until = Math.min(until, Member.LONG_IDLE);
        }
        return someWait && mayGrow() ? Math.min(until, GROWING) : until;
    }

    /// Sees which workers are asked, after one has come or gone, or the number has changed.
    ///
    /// @return whether keys may belong to other slots now
    boolean staff() {
        slots.forEach(slot -> slot.releaseStandIn(slot.number < asked));
        all.forEach(place -> place.slot = null);
        List<Slot> before = staffed;
        staffed = new ArrayList<>();
        for (Slot slot : slots.subList(0, asked)) {
            if (slot.member() == null && slot.standIn == null) {
                slot.standIn = freeSpare();
            }
            Member member = slot.member();
            if (member != null) {
                member.place.slot = slot;
                staffed.add(slot);
            }
        }
        return !staffed.equals(before);
    }

    private @Nullable Place freeSpare() {
        for (Place spare : all.subList(most, all.size())) {
            if (spare.current != null && slots.stream().noneMatch(slot -> slot.standIn == spare)) {
                return spare;
            }
        }
        return null;
    }

    /// Returns the slots whose workers are asked.
    List<Slot> staffed() {
        return staffed;
    }

    /// Returns the worker that has least to do, or `null` where none may have more.
    @Nullable
    Member leastBusy() {
        Member best = null;
        for (Slot slot : staffed) {
            Member member = ifFree(slot.member());
            if (member != null && (best == null || member.underWay < best.underWay)) {
                best = member;
            }
        }
        return best;
    }

    /// Returns a worker if it may have one more request.
    @Nullable
    Member ifFree(@Nullable Member member) {
        return member != null && member.underWay < atOnce ? member : null;
    }

    /// Returns the slot that the key of a request belongs to, or `null` where it has none: of those with a
    /// worker or, where there is none, of all, the one with the highest score. So the keys of one that is away
    /// move, and no others.
    @Nullable
    Slot slotOf(Ticket ticket) {
        Integer key = ticket.keyHash();
        return key == null ? null : slotOf(key, staffed.isEmpty() ? slots.subList(0, asked) : staffed);
    }

    private static Slot slotOf(int key, List<Slot> among) {
        Slot best = among.getFirst();
        for (Slot slot : among) {
            if (slot.score(key) > best.score(key)) {
                best = slot;
            }
        }
        return best;
    }

    /// Returns whether nobody is left to ask, as each place has failed so often in a row.
    boolean areHopeless(int failures) {
        return all.stream().filter(place -> place.isOpen).allMatch(place -> place.isHopeless(failures));
    }
}
