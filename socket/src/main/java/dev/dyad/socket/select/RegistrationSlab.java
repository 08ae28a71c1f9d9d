package dev.dyad.socket.select;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of a selector by their keys.
///
/// A key is the number of a slot below the number of the registration. Slots are used again and keys are not: an
/// event that was found before its registration ended names nothing, rather than the end that has the slot now.
///
/// @param <R> what a registration is
public final class RegistrationSlab<R> {

    private static final int FIRST_ROOM = 16;
    private static final int NUMBER = Integer.SIZE;
    private static final long NUMBERS = Integer.MAX_VALUE; // a key is never negative, as the waker's is

    // -- guarded by this
    private @Nullable Object[] registrations = new @Nullable Object[FIRST_ROOM];
    private long[] keys = new long[FIRST_ROOM];
    private int[] free = new int[FIRST_ROOM];
    private int freeCount;
    private int used; // slots from here on were never used
    private long added;
    private boolean closed;

    /// Returns the key of a new registration.
    public synchronized long add(R registration) {
        if (closed) {
            throw new ClosedSelectorException();
        }
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        registrations[slot] = registration;
        keys[slot] = (added++ & NUMBERS) << NUMBER | slot;
        return keys[slot];
    }

    /// Returns the registration of a key, or `null` if it has ended.
    @SuppressWarnings("unchecked") // nothing else is added
    public synchronized @Nullable R at(long key) {
        int slot = (int) key;
        return keys[slot] == key ? (R) registrations[slot] : null;
    }

    public synchronized void remove(long key) {
        int slot = (int) key;
        registrations[slot] = null;
        free[freeCount++] = slot;
    }

    @SuppressWarnings("unchecked") // nothing else is added
    public synchronized List<R> all() {
        var all = new ArrayList<R>(used - freeCount);
        for (Object registration : registrations) {
            if (registration != null) {
                all.add((R) registration);
            }
        }
        return all;
    }

    /// Refuses everybody from now on.
    ///
    /// @return whether it did not before
    public synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private int newSlot() {
        if (used == registrations.length) {
            registrations = Arrays.copyOf(registrations, 2 * used);
            keys = Arrays.copyOf(keys, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
        }
        return used++;
    }
}
