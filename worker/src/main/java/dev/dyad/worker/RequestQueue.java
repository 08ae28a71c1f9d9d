package dev.dyad.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The requests that wait for a worker, in the order in which they came. Under the pool's lock.
///
/// Those with keys wait at the slots that their keys belong to, so that a worker that gets free looks at two
/// lines only.
final class RequestQueue {

    private final NavigableSet<Ticket> ofAnybody = new TreeSet<>(Ticket.IN_ORDER);
    private int size;

    int size() {
        return size;
    }

    /// @param slot for whose worker it waits, or `null` where that is anybody's
    void add(Ticket ticket, @Nullable Slot slot) {
        enter(ticket, slot == null ? ofAnybody : slot.waiting);
        size++;
    }

    private static void enter(Ticket ticket, NavigableSet<Ticket> line) {
        ticket.line = line;
        line.add(ticket);
    }

    /// @return false if it does not wait
    boolean remove(Ticket ticket) {
        NavigableSet<Ticket> line = ticket.line;
        if (line == null) {
            return false;
        }
        line.remove(ticket);
        ticket.line = null;
        size--;
        return true;
    }

    /// Takes the first request that the worker of a slot may have, or returns `null`.
    @Nullable
    Ticket poll(Slot slot) {
        Ticket first = older(first(ofAnybody), first(slot.waiting));
        if (first != null) {
            boolean _ = remove(first);
        }
        return first;
    }

    private static @Nullable Ticket first(NavigableSet<Ticket> line) {
        return line.isEmpty() ? null : line.first();
    }

    private static @Nullable Ticket older(@Nullable Ticket one, @Nullable Ticket other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.number < other.number ? one : other;
    }

    /// Has each request of a key wait where the key belongs now.
    void moveKeys(Places places) {
        List<Ticket> keyed = new ArrayList<>();
        for (Slot slot : places.slots()) {
            keyed.addAll(slot.waiting);
            slot.waiting.clear();
        }
        for (Ticket ticket : keyed) {
            Slot slot = places.slotOf(ticket);
            enter(ticket, slot == null ? ofAnybody : slot.waiting);
        }
    }

    /// Takes all that wait.
    List<Ticket> removeAll(Places places) {
        List<Ticket> all = new ArrayList<>(ofAnybody);
        places.slots().forEach(slot -> all.addAll(slot.waiting));
        all.forEach(this::remove);
        return all;
    }
}
