package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.TestLength;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pools whose workers are killed, stopped and started again at random, and hang, exit and write garbage: each request
/// ends once, with its own answer or a reason that is true, and nothing is left.
@Timeout(5_000) // seconds: a long run takes more than an hour
class RandomPoolTest {

    private static final int WARM = 3; // pools, after which memory is looked at
    private static final long MOST_GROWTH = 16 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    /// One, or what `-Dseed=` names: that of the first pool, which makes that of the next one.
    static LongStream seed() {
        String given = System.getProperty("seed", "");
        return LongStream.of(given.isEmpty() ? new Random().nextLong() : Long.parseLong(given));
    }

    private static Duration length() {
        return switch (TestLength.current()) {
            case SHORT -> Duration.ofSeconds(4);
            case CI -> Duration.ofMinutes(1);
            case LONG -> Duration.ofHours(1);
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seed")
    void each_request_ends_once_and_nothing_is_left_whatever_happens_to_the_workers(long seed) throws Exception {
        long begin = System.nanoTime();
        long warm = Long.MAX_VALUE;
        Map<String, Integer> all = new TreeMap<>();
        long next = seed;
        for (int pools = 0; !all.containsKey("ANSWERED") || System.nanoTime() - begin < length().toNanos(); pools++) {
            run(next).forEach((why, count) -> all.merge(why, count, Integer::sum));
            next = new Random(next).nextLong();
            if (pools == WARM) {
                warm = used();
            }
        }

        assertThat(used()).isLessThan(warm > Long.MAX_VALUE - MOST_GROWTH ? warm : warm + MOST_GROWTH);
    }

    /// Runs one pool.
    ///
    /// @return how its requests have ended
    static Map<String, Integer> run(long seed) throws Exception {
        Map<Integer, String> open = Descriptors.held();
        var pool = new RandomPool(seed, folder);

        assertThat(pool.run(folder)).as("seed %d: %s", seed, pool).isEmpty();

        Await.until(() -> open.entrySet().containsAll(Descriptors.held().entrySet()), PATIENCE);
        return pool.tally();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
