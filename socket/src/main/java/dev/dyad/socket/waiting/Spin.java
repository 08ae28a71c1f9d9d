package dev.dyad.socket.waiting;

import dev.dyad.posix.Setting;
import java.util.concurrent.atomic.AtomicInteger;

/// Whether a platform thread tries again for a moment before it waits, which it does as long as that pays.
///
/// Where the cores are free, waking a parked thread takes longer than a peer that is awake takes to answer.
/// Where they are not, a thread that spins keeps the core from the peer that is to answer. Nobody tells which of
/// the two it is, so each direction that reads finds out: `SpinChoice` compares what either costs.
///
/// At most half of the cores spin at any time, and none where there is only one. `-Ddyad.spin=off` switches it
/// off.
public final class Spin {

    /// For how long a thread spins, in nanoseconds: a little more than it takes the peer to wake up.
    public static final long LONGEST = 80_000;

    /// How many may spin at once.
    static final int SPINNERS = spinners(
            Setting.of("dyad.spin", "off").equals("off"), Runtime.getRuntime().availableProcessors());

    /// Whether anybody spins.
    public static final boolean ON = SPINNERS > 0;

    private static final AtomicInteger SPINNING = new AtomicInteger();

    private final int most;
    private final SpinChoice choice = new SpinChoice(); // guarded by the direction's lock
    private boolean spun; // in the wait under way; guarded by the direction's lock

    /// For a direction whose threads may spin.
    public Spin() {
        this(SPINNERS);
    }

    /// @param most how many may spin at once
    Spin(int most) {
        this.most = most;
    }

    /// Returns how many may spin at once on so many cores.
    ///
    /// @param off whether nobody is to spin
    static int spinners(boolean off, int cores) {
        return off ? 0 : cores / 2;
    }

    /// Returns whether that is likely to pay in the next wait, as far as this direction knows.
    public boolean pays() {
        return most > 0 && choice.spins();
    }

    /// Begins to spin, if that is likely to pay now; [#end] must follow.
    ///
    /// @param now as [System#nanoTime] tells it
    public boolean begin(long now) {
        if (most == 0 || !choice.spins(now)) {
            return false;
        }
        if (SPINNING.incrementAndGet() > most) {
            end();
            return false;
        }
        spun = true;
        return true;
    }

    public static void end() {
        SPINNING.decrementAndGet();
    }

    /// Learns how long a wait took, and when it was over.
    ///
    /// @param reads how many reads there were since the last wait, with the one that waited
    /// @param bytes what they brought, where they bring bytes, or how many they are
    /// @param asked whether something was written since the last wait, so that what came may be the answer
    public void waited(long nanos, long now, long reads, long bytes, boolean asked) {
        choice.waited(spun, nanos, now, reads, bytes, asked);
        spun = false;
    }
}
