package dev.dyad.socket.waiting;

/// Which of two ways to wait costs less: to spin first, or to sleep at once.
///
/// Where the cores are free, waking up takes longer than the answer of a peer that is awake. Where they are not,
/// who spins keeps the core from the peer, and is held up itself as one that has used up its time. Neither can
/// be seen from inside but by how long the waits take. So the mean of those slept through is kept, and spinning
/// goes on for as long as its waits, summed up, are clearly shorter than so many of that mean. Once it has lost
/// too much, it is tried again when what it lost has become a small part of the time, and later each time: that
/// bounds the price of knowing, whatever the machine is like. Now and then a few waits are slept through, as the
/// mean grows old.
///
/// Where there are pauses between the waits, what is lost sums up slowly, though it may be half of each wait. So
/// spinning also ends when nearly each of its waits, one after the other, took longer than one of the mean; and
/// a mean that has become much too high is forgotten at once.
///
/// It can be that two sides gain by spinning and one alone loses, as it keeps busy the core where the other is
/// woken. So both begin a trial at the same time, without a word: when the clock, which is one for all processes
/// of a system, comes to a multiple of the pause, and all pauses are powers of two.
///
/// A wait that is longer than a peer takes to wake says that the peer has something else to do. After a few of
/// those, or one that is much longer, nothing is spun until there are short ones again. A wait that begins long
/// after the last one is slept through, and says nothing of others: the peer sleeps, and its core and ours may, too.
///
/// Used by the thread that has the direction's turn.
final class SpinChoice {

    /// How many waits are slept through before spinning is tried.
    static final int KNOWN = 32;

    /// By so many nanoseconds spinning has failed.
    static final long LOSS = 3_000_000;

    /// After so many more waits that took longer than the mean than others, spinning has failed as well.
    static final int WORSE = 64;

    private static final int MUCH = 4; // times the mean: a wait that takes as long was held up by the spin itself
    private static final int MUCH_WORSE = 8; // others that took a little longer say as much

    private static final long SAVINGS = 4 * LOSS; // of those that it made, what makes up for losses
    private static final int WORTH = 8; // a saving of less than one part of so many is not worth a busy core
    private static final int PATIENCE = 50; // times as long as the loss until the next trial
    private static final int MOST_FAILURES = 8; // each of which doubles that
    private static final long SHORTEST_PAUSE = 1L << 24; // between two trials, in nanoseconds: 17 ms
    private static final long LONGEST_PAUSE = 1L << 30;
    private static final long REFRESH = 1L << 28; // how long the mean is good for
    private static final int LOOK = 16; // waits to renew half of it
    private static final int MEMORY = 256; // waits that the mean is made of at most
    private static final long HICCUP = 1_000_000; // no wait counts for more in the mean
    private static final long IDLE =
            10_000_000; // a wait so long ends spinning; it and one after such a pause count for nothing else
    private static final int MOST_CREDIT = 16;

    private int credit; // how sure it is that the peer answers soon
    private boolean spinning;
    private int known; // how many waits the mean is made of
    private long mean; // nanoseconds of a wait that was slept through
    private long saved; // by spinning, against so many waits of the mean
    private int worse; // how many more of the spun waits took longer than the mean, lately
    private long lost; // by those
    private long looked; // the sum of the waits slept through since the last spin
    private int looks; // how many those are
    private int failures; // since it last saved all that
    private long change; // when the other way is to be looked at
    private long last; // when the last wait was over

    /// Returns whether the next wait is to be spun first.
    boolean spins() {
        return spinning && credit > 0;
    }

    /// Returns whether a wait that begins now is to be spun first.
    boolean spins(long now) {
        return spins() && now - last < IDLE;
    }

    /// Learns how long a wait took.
    ///
    /// @param spun whether it was spun first
    /// @param now when it was over, as [System#nanoTime] tells it
    void waited(boolean spun, long nanos, long now) {
        boolean isAlone = now - nanos - last >= IDLE;
        last = now;
        if (isAlone) {
            return;
        }
        if (nanos >= IDLE) {
            credit = 0;
            return;
        }
        credit = nanos <= Spin.LONGEST ? Math.min(credit + 1, MOST_CREDIT) : credit / 2;
        if (spun) {
            spun(nanos, now);
        } else {
            slept(nanos, now);
        }
    }

    private void spun(long nanos, long now) {
        long worth = mean - mean / WORTH;
        saved = Math.min(saved + worth - nanos, SAVINGS);
        if (saved == SAVINGS) {
            failures = 0;
        }
        worse = nanos <= worth ? Math.max(worse - 1, 0) : worse + (nanos > MUCH * mean ? MUCH_WORSE : 1);
        lost = worse == 0 ? 0 : lost + nanos - worth;
        if (saved <= -LOSS || worse >= WORSE) {
            fail(Math.max(-saved, lost), now);
        } else if (now - change >= 0) {
            sleepUntil(now, LOOK);
        }
    }

    private void fail(long price, long now) {
        sleepUntil(after(now, Math.min((price * PATIENCE) << failures, LONGEST_PAUSE)), KNOWN);
        failures = Math.min(failures + 1, MOST_FAILURES);
        saved = 0;
        worse = 0;
        lost = 0;
    }

    /// Returns when everybody who pauses for about so long tries again.
    private static long after(long now, long pause) {
        long period = Math.max(Long.highestOneBit(pause), SHORTEST_PAUSE);
        return (Math.floorDiv(now, period) + 1) * period;
    }

    private void sleepUntil(long time, int remembered) {
        spinning = false;
        change = time;
        known = Math.min(known, remembered);
        looked = 0;
        looks = 0;
    }

    private void slept(long nanos, long now) {
        if (known == 0) {
            change = after(now, 0);
        }
        long counted = Math.min(nanos, HICCUP);
        known = Math.min(known + 1, MEMORY);
        mean += (counted - mean) / known;
        looked += counted;
        looks++;
        if (!spinning && known >= KNOWN && now - change >= 0) {
            spin(now);
        }
    }

    private void spin(long now) {
        long recent = looked / looks;
        if (looks >= LOOK && recent < mean / 2) {
            mean = recent;
        }
        spinning = true;
        change = after(now, REFRESH);
        saved = Math.max(saved, 0);
    }
}
