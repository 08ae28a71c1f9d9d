package dev.dyad.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The places of a pool, and whose worker a request gets. Under the pool's lock.
///
/// Workers are asked that are the first so many which are ready, in the order of their places: those behind them are
/// spares, which step in when one before them is away. Places beyond the least number open while requests wait.
final class Places {

    private static final long GROWING = TimeUnit.SECONDS.toNanos(1); // between two places that open

    private final List<Place> all = new ArrayList<>();
    private final int least;
    private final int most;
    private final int spares;
    private final int atOnce;
    private int asked; // at most so many are asked; more are open by the number of spares
    private long grown;

    Places(PoolSettings settings) {
        least = settings.leastWorkers();
        most = settings.mostWorkers();
        spares = settings.spares();
        atOnce = settings.atOnce();
        asked = least;
        grown = System.nanoTime() - GROWING;
        for (int i = 0; i < most + spares; i++) {
            all.add(new Place(i));
        }
        open();
    }

    List<Place> all() {
        return all;
    }

    private void open() {
        for (Place place : all) {
            place.isOpen = place.number < asked + spares;
        }
    }

    boolean mayGrow() {
        return asked < most;
    }

    /// Opens one more place, if there may be one and the last one was not opened just before.
    ///
    /// @return whether there is one more
    boolean grow() {
        long now = System.nanoTime();
        if (asked == most || now - grown < GROWING || all.stream().anyMatch(Place::isComing)) {
            return false;
        }
        grown = now;
        asked++;
        open();
        return true;
    }

    /// Closes the last place, if there are more than the least number, and one of those that are asked has long had
    /// nothing to do.
    ///
    /// @return its worker, which is to leave, or `null`
    @Nullable
    Member shrink(Place place) {
        Member last = place.current;
        boolean isLast = place.number == asked + spares - 1;
        if (asked == least || !isLast || last == null || last.underWay > 0 || !isOneLongIdle()) {
            return null;
        }
        asked--;
        open();
        place.current = null;
        return last;
    }

    private boolean isOneLongIdle() {
        int seen = 0;
        for (Place place : all) {
            Member member = place.current;
            if (member != null && seen++ < asked && member.isLongIdle()) {
                return true;
            }
        }
        return false;
    }

    /// Returns in how many nanoseconds to look at a place again, if nothing happens before.
    long untilLook(Place place, boolean someWait) {
        Member member = place.current;
        if (member == null) {
            return Long.MAX_VALUE;
        }
        long until = place.wantsSuccessor() ? Long.MAX_VALUE : member.untilOld();
        if (asked > least) {
            until = Math.min(until, Member.LONG_IDLE);
        }
        return someWait && mayGrow() ? Math.min(until, GROWING) : until;
    }

    /// Returns the worker that a request gets now, or `null` if it has to wait.
    ///
    /// @param keyHash that of a key whose requests all go to one worker, or `null`
    @Nullable
    Member choose(@Nullable Integer keyHash) {
        return keyHash == null ? leastBusy() : free(ofKey(keyHash));
    }

    private @Nullable Member leastBusy() {
        Member best = null;
        int seen = 0;
        for (Place place : all) {
            Member member = place.current;
            if (member == null || seen++ >= asked) {
                continue;
            }
            if (member.underWay < atOnce && (best == null || member.underWay < best.underWay)) {
                best = member;
            }
        }
        return best;
    }

    /// Returns the worker with the highest score for a key: while one is away, only its own keys move.
    private @Nullable Member ofKey(int keyHash) {
        Member best = null;
        long highest = 0;
        int seen = 0;
        for (Place place : all) {
            Member member = place.current;
            if (member == null || seen++ >= asked) {
                continue;
            }
            long score = score(keyHash, place.number);
            if (best == null || score > highest) {
                best = member;
                highest = score;
            }
        }
        return best;
    }

    /// Mixes the bits of both, as the last steps of MurmurHash3 do.
    private static long score(int key, int place) {
        long mixed = ((long) key << Integer.SIZE) ^ place;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    private @Nullable Member free(@Nullable Member member) {
        return member != null && member.underWay < atOnce ? member : null;
    }

    /// Returns whether nobody is left to ask, as each place has failed so often in a row.
    boolean areHopeless(int failures) {
        return all.stream().filter(place -> place.isOpen).allMatch(place -> place.isHopeless(failures));
    }
}
