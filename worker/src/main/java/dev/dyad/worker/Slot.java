package dev.dyad.worker;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One of those that are asked at the same time: the worker of its own place or, while that is away, a spare.
/// Under the pool's lock.
///
/// A key belongs to a slot, so that its requests move only where the slot has nobody, or there is one more.
final class Slot {

    final int number;
    final NavigableSet<Ticket> waiting = new TreeSet<>(Ticket.IN_ORDER); // only for it, as their keys are its own
    private final Place own;

    @Nullable
    Place standIn;

    Slot(int number, Place own) {
        this.number = number;
        this.own = own;
    }

    /// Returns the worker that is asked, or `null` where there is none.
    @Nullable
    Member member() {
        Member member = own.current;
        Place spare = standIn;
        return member == null && spare != null ? spare.current : member;
    }

    /// Sends the spare back whose place this is not, where the own worker is there again, or the spare is not.
    void releaseStandIn(boolean isAsked) {
        if (standIn != null && (!isAsked || own.current != null || standIn.current == null)) {
            standIn = null;
        }
    }

    /// Returns how well a key fits: it belongs to the slot where that is the most. The bits of both are mixed
    /// as by the last steps of MurmurHash3.
    long score(int key) {
        long mixed = ((long) key << Integer.SIZE) ^ number;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
