package dev.dyad.worker;

import java.util.concurrent.atomic.AtomicLongArray;

/// How often each duration has been, in bounded memory: HdrHistogram's buckets for two significant digits, and so its
/// numbers. Any number of threads may record at once, by one atomic addition each.
///
/// A bucket is a nanosecond wide below 256 ns. From there on, each power of two has 128 buckets of one width, which is
/// less than a hundredth of what lies in them. The last one ends after 39 hours, and has what took longer as well.
final class DurationHistogram {

    private static final int BITS = 7; // of a duration that tell the buckets of one power of two apart
    private static final int HALF = 1 << BITS;
    private static final int EXACT = 2 * HALF; // below this, a bucket for each nanosecond

    /// The longest duration that is told from a longer one.
    static final long LONGEST = (1L << 47) - 1; // nanoseconds

    private static final int BUCKETS = bucketOf(LONGEST) + 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void record(long nanos) {
        counts.incrementAndGet(bucketOf(Math.clamp(nanos, 0, LONGEST)));
    }

    private static int bucketOf(long nanos) {
        int power = Long.SIZE - Long.numberOfLeadingZeros(nanos | (EXACT - 1)) - (BITS + 1);
        return (power << BITS) + (int) (nanos >>> power);
    }

    /// Returns the longest duration that counts for a bucket.
    static long longestOf(int bucket) {
        int power = Math.max(0, (bucket >> BITS) - 1);
        long first = bucket - ((long) power << BITS);
        return ((first + 1) << power) - 1;
    }

    /// Returns the counts, up to the last that is not zero.
    long[] counts() {
        int length = counts.length();
        while (length > 0 && counts.get(length - 1) == 0) {
            length--;
        }
        var copy = new long[length];
        for (int i = 0; i < length; i++) {
            copy[i] = counts.get(i);
        }
        return copy;
    }
}
