package dev.dyad.socket;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether a platform thread tries again for a moment before it waits, which it does as long as that pays.
///
/// Waking a parked thread takes 10 to 60 microseconds, and a peer that is awake answers in a few. So each direction
/// remembers how long it waited lately: waits shorter than [#LONGEST] earn it credit, and the first longer ones cost
/// it all of that, so that an idle end never spins, nor one whose peer is a program that has yet to begin. At most half
/// of the cores spin at any time, and none where there
/// is only one.
///
/// `-Ddyad.spin=off` switches it off.
final class Spin {

    /// For how long a thread spins, in nanoseconds: a little more than it takes the peer to wake up.
    static final long LONGEST = 80_000;

    /// How many may spin at once.
    static final int SPINNERS = isOff() ? 0 : Runtime.getRuntime().availableProcessors() / 2;

    private static final int MOST_CREDIT = 16;
    private static final AtomicInteger SPINNING = new AtomicInteger();

    private int credit; // guarded by the direction's lock

    private static boolean isOff() {
        String wanted = System.getProperty("dyad.spin", "");
        if (!wanted.isEmpty() && !wanted.equals("off")) {
            throw new IllegalArgumentException("dyad.spin is \"off\" or not set, not \"" + wanted + "\"");
        }
        return wanted.equals("off");
    }

    /// Returns whether that is likely to pay, as far as this direction knows.
    boolean pays() {
        return credit > 0 && SPINNERS > 0;
    }

    /// Begins to spin, if that is likely to pay now; [#end] must follow.
    boolean begin() {
        if (!pays()) {
            return false;
        }
        if (SPINNING.incrementAndGet() > SPINNERS) {
            end();
            return false;
        }
        return true;
    }

    static void end() {
        SPINNING.decrementAndGet();
    }

    /// Learns how long a wait took, whether it was spun or slept through.
    void waited(long nanos) {
        credit = nanos <= LONGEST ? Math.min(credit + 1, MOST_CREDIT) : credit / 2;
    }
}
