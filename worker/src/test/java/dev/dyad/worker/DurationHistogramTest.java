package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our counts compared with those of HdrHistogram.
class DurationHistogramTest {

    private static final int DIGITS = 2;
    private static final List<Double> PERCENTILES =
            List.of(0.001, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 100.0);

    private final DurationHistogram ours = new DurationHistogram();
    private final Histogram theirs = new Histogram(DurationHistogram.LONGEST, DIGITS);

    private void record(long nanos) {
        ours.record(nanos);
        theirs.recordValue(nanos);
    }

    private Percentiles percentiles() {
        return new Percentiles(ours.counts());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void each_percentile_is_that_of_hdrhistogram(long seed) {
        var random = new Random(seed);
        int number = 1 + random.nextInt(20_000);
        int least = random.nextInt(47);
        for (int i = 0; i < number; i++) {
            record(random.nextLong(1L << (least + random.nextInt(48 - least)))); // of every magnitude
        }

        Percentiles percentiles = percentiles();

        assertThat(percentiles.count()).isEqualTo(theirs.getTotalCount());
        assertThat(percentiles.max()).isEqualTo(Duration.ofNanos(theirs.getMaxValue()));
        assertThat(PERCENTILES)
                .allSatisfy(percentile -> assertThat(percentiles.at(percentile))
                        .as("p%s", percentile)
                        .isEqualTo(Duration.ofNanos(theirs.getValueAtPercentile(percentile))));
        double any = 100 * (1 - random.nextDouble());
        assertThat(percentiles.at(any)).isEqualTo(Duration.ofNanos(theirs.getValueAtPercentile(any)));
    }

    @Test
    void each_duration_counts_as_in_hdrhistogram() {
        for (int bit = 0; bit < 47; bit++) {
            for (long near = (1L << bit) - 3; near <= (1L << bit) + 3; near++) {
                long nanos = Math.max(0, near);
                var one = new DurationHistogram();
                one.record(nanos);

                assertThat(new Percentiles(one.counts()).max())
                        .isEqualTo(Duration.ofNanos(theirs.highestEquivalentValue(nanos)));
            }
        }
    }

    @Test
    void what_is_told_is_no_less_than_what_was_and_no_more_than_a_hundredth_above() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong(1L << (1 + random.nextInt(47)));
            var one = new DurationHistogram();
            one.record(nanos);

            long told = new Percentiles(one.counts()).at(50).toNanos();

            assertThat(told).isBetween(nanos, nanos + nanos / 100);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, DurationHistogram.LONGEST + 1, DurationHistogram.LONGEST})
    void what_takes_longer_than_the_range_counts_as_its_end(long nanos) {
        ours.record(nanos);

        assertThat(percentiles().max()).isEqualTo(Duration.ofNanos(DurationHistogram.LONGEST));
        assertThat(percentiles().max()).isGreaterThan(Duration.ofHours(39));
    }

    @Test
    void a_clock_that_goes_back_counts_as_no_time() {
        ours.record(-1);

        assertThat(percentiles().max()).isZero();
        assertThat(percentiles().count()).isEqualTo(1);
    }

    @Test
    void none_is_lost_when_many_threads_record_at_once() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int j = 0; j < 10_000; j++) {
                    ours.record(j % 100);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(percentiles().count()).isEqualTo(80_000);
        assertThat(percentiles().at(50)).isEqualTo(Duration.ofNanos(49));
    }

    @Test
    void a_percentile_of_nothing_is_zero() {
        assertThat(percentiles().count()).isZero();
        assertThat(percentiles().at(99)).isZero();
        assertThat(percentiles().max()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 100.1, Double.NaN})
    void a_percentile_that_is_none_is_refused(double percentile) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> percentiles().at(percentile))
                .withMessageContaining("from 0 to 100");
    }

    @Test
    void the_difference_of_two_snapshots_is_what_came_between() {
        ours.record(5_000_000);
        Percentiles earlier = percentiles();
        ours.record(20);
        ours.record(30);
        Percentiles later = percentiles();

        assertThat(later.since(earlier).count()).isEqualTo(2);
        assertThat(later.since(earlier).max()).isEqualTo(Duration.ofNanos(30));
        assertThat(later.since(later).count()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> earlier.since(later));
    }

    @Test
    void people_read_it_in_the_unit_that_suits() {
        assertThat(percentiles()).hasToString("p50 0 ns, p99 0 ns, max 0 ns");
        ours.record(250);
        ours.record(1_500);
        ours.record(Duration.ofMillis(40).toNanos());
        assertThat(percentiles()).hasToString("p50 1.50 µs, p99 40.1 ms, max 40.1 ms");
        ours.record(Duration.ofSeconds(200).toNanos());
        assertThat(percentiles().toString()).endsWith("max 201 s");
    }
}
