package dev.dyad.socket.waiting;

/// Which of two ways to wait costs less: to spin first, or to sleep at once.
///
/// Where the cores are free, waking up takes longer than the answer of a peer that is awake. Where they are
/// not, who spins keeps the core from the peer, and is held up itself as one that has used up its time. Neither
/// can be seen from inside but by how long the waits take. So the mean of those slept through is kept, and
/// spinning goes on for as long as the sum of its waits is clearly smaller than that mean times their number.
/// Once it has lost too much, it is tried again when what it lost has become a small part of the time, and
/// later each time: that bounds the price of knowing, whatever the machine is like. Now and then a few waits
/// are slept through, as the mean grows old.
///
/// In a stream, the way of waiting also decides how many reads wait: a reader that is awake takes what comes and then
/// finds more, while one that sleeps may find nothing each time; or it finds two pieces at once, for each of which
/// the other waits. So what is compared there is the time that so many bytes take, waited for or not. It is a stream if
/// nothing was written to the end for some waits, or if there are at least twice as many reads to a wait of the one
/// kind as to one of the other; and if its reads follow each other fast.
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

    /// Spinning has also failed once this many more of its waits cost more than sleeping does than cost less.
    static final int WORSE = 64;

    private static final int MUCH = 4; // times as long: a wait that takes as long was held up by the spin itself
    private static final int MUCH_WORSE = 8; // such a wait counts as this many that took a little longer

    private static final long SAVINGS = 4 * LOSS; // of those that it made, what makes up for losses
    private static final int WORTH = 8; // to be worth a busy core, a spin has to save one part of so many of its time
    private static final int PATIENCE = 50; // times as long as the loss until the next trial
    private static final int MOST_FAILURES = 8; // each of which doubles that
    private static final long SHORTEST_PAUSE = 1L << 24; // between two trials, in nanoseconds: 17 ms
    private static final long LONGEST_PAUSE = 1L << 30;
    private static final long REFRESH = 1L << 28; // how long the mean is good for
    private static final int LOOK = 16; // waits to renew half of it
    private static final int MEMORY = 256; // waits that the mean is made of at most
    private static final int LATELY = 16; // spun waits that tell how many reads there are between two
    private static final int STREAM = 2; // times as many reads from a wait to the next as from one of the other kind
    private static final int UNASKED = 16; // waits in a row before which nothing was written, as in a stream
    private static final long HICCUP = 1_000_000; // no wait counts for more in the mean
    private static final long IDLE =
            10_000_000; // a wait so long ends spinning; it and one after such a pause count for nothing else
    private static final int MOST_CREDIT = 16;

    private final Means asleep = new Means(); // of the waits that were slept through
    private final Means recent = new Means(); // of those since the last spin
    private final Means awake = new Means(); // of spun waits; the last ones of a trial fade soon in the next

    private int credit; // how sure it is that the peer answers soon
    private int unasked; // waits in a row, lately
    private boolean spinning;
    private double saved; // nanoseconds, by spinning
    private int worse; // how many more of the spun waits cost more than those slept through, lately
    private double lost; // nanoseconds, by those
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
    /// @param reads how many reads there were since the last wait, with the one that waited
    /// @param bytes what they brought, where they bring bytes, or how many they are
    /// @param asked whether something was written since the last wait, so that what came may be the answer
    void waited(boolean spun, long nanos, long now, long reads, long bytes, boolean asked) {
        unasked = asked ? 0 : Math.min(unasked + 1, UNASKED);
        long pause = now - nanos - last;
        last = now;
        if (pause < 0 || pause >= IDLE) { // before the first wait, the clock may be anywhere
            return;
        }
        if (nanos >= IDLE) {
            credit = 0;
            return;
        }
        credit = nanos <= Spin.LONGEST ? Math.min(credit + 1, MOST_CREDIT) : credit / 2;
        if (spun) {
            spun(nanos, pause, now, reads, bytes);
        } else {
            slept(nanos, pause, now, reads, bytes);
        }
    }

    private void spun(long nanos, long pause, long now, long reads, long bytes) {
        awake.add(LATELY, nanos, pause, reads, bytes);
        boolean isStream = (unasked == UNASKED || awake.differsFrom(asleep)) && pause <= reads * Spin.LONGEST;
        double cost = (isStream ? pause + nanos : nanos) + (double) nanos / WORTH;
        double same = isStream ? asleep.timeOf(bytes) : asleep.nanos;
        saved = Math.min(saved + same - cost, SAVINGS);
        if (saved == SAVINGS) {
            failures = 0;
        }
        worse = cost <= same ? Math.max(worse - 1, 0) : worse + (cost > MUCH * same ? MUCH_WORSE : 1);
        lost = worse == 0 ? 0 : lost + cost - same;
        if (saved <= -LOSS || worse >= WORSE) {
            fail((long) Math.max(-saved, lost), now);
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
        asleep.forget(remembered);
        recent.forget(0);
    }

    private void slept(long nanos, long pause, long now, long reads, long bytes) {
        if (asleep.count == 0) {
            change = after(now, 0);
        }
        long counted = Math.min(nanos, HICCUP);
        asleep.add(MEMORY, counted, pause, reads, bytes);
        recent.add(MEMORY, counted, pause, reads, bytes);
        if (!spinning && asleep.count >= KNOWN && now - change >= 0) {
            spin(now);
        }
    }

    private void spin(long now) {
        if (recent.count >= LOOK && recent.nanos < asleep.nanos / 2) {
            asleep.copy(recent);
        }
        spinning = true;
        change = after(now, REFRESH);
    }

    /// What waits of one kind are like, in the mean of the latest.
    private static final class Means {

        int count; // of the waits that it is made of
        double nanos; // of a wait
        double time; // from the end of a wait to the end of the next, in nanoseconds
        double reads; // in that time
        double bytes; // that these have brought

        void add(int most, long waited, long pause, long itsReads, long itsBytes) {
            count = Math.min(count + 1, most);
            nanos += (waited - nanos) / count;
            time += (pause + waited - time) / count;
            reads += (itsReads - reads) / count;
            bytes += (itsBytes - bytes) / count;
        }

        /// Returns whether so many reads more or fewer wait that one wait cannot be compared with one.
        boolean differsFrom(Means other) {
            return reads >= STREAM * other.reads || other.reads >= STREAM * reads;
        }

        /// Returns how long it takes until so many bytes have come.
        double timeOf(long wanted) {
            return time * wanted / Math.max(bytes, 1);
        }

        /// Lets those that are added from here on count for more.
        void forget(int remembered) {
            count = Math.min(count, remembered);
        }

        void copy(Means other) {
            count = other.count;
            nanos = other.nanos;
            time = other.time;
            reads = other.reads;
            bytes = other.bytes;
        }
    }
}
