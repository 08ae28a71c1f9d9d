package dev.dyad.socket.waiting;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A wait for what another thread is about to do and tells nobody of, such as to leave.
public final class BoundedWait {

    /// How many nanoseconds a close gives a thread that it woke, which takes some 10,000.
    public static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

    private static final long SHORTEST = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PLAUSIBLE = TimeUnit.MILLISECONDS.toNanos(50); // for one pause on a busy machine

    private BoundedWait() {}

    /// Waits until it is done, or for so long; an interrupt of this thread makes no difference, and is kept.
    ///
    /// While this process stands still, as in a container that is paused, the other thread does too, so that such
    /// a time does not count.
    ///
    /// @return whether it is done
    public static boolean await(BooleanSupplier done, long nanos) {
        long spent = 0;
        long before = System.nanoTime();
        boolean interrupted = false;
        try {
            for (long pause = SHORTEST; !done.getAsBoolean(); pause = Math.min(2 * pause, LONGEST)) {
                if (spent >= nanos) {
                    return false;
                }
                interrupted |= Thread.interrupted(); // or it could not be parked
                LockSupport.parkNanos(done, pause);
                long now = System.nanoTime();
                spent += Math.min(now - before, PLAUSIBLE);
                before = now;
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
