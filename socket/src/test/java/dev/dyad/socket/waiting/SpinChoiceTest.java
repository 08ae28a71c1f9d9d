package dev.dyad.socket.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of costs that are given, by a clock that is made up: nothing here depends on the machine.
@Timeout(60)
class SpinChoiceTest {

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int CALLS_BETWEEN = 1_000; // nanoseconds
    private static final long READ = 10 * MICRO; // of one that need not wait

    private final SpinChoice choice = new SpinChoice();
    private long now = -1_234 * MILLI; // a clock's zero is anywhere, so that the first wait counts for nothing
    private long between = CALLS_BETWEEN; // from a wait to the next

    /// What the nth wait takes.
    @FunctionalInterface
    private interface Cost {
        long of(long n);
    }

    @Test
    void it_is_known_what_sleeping_costs_before_spinning_is_tried() {
        for (int i = 0; i < SpinChoice.KNOWN; i++) {
            now += MILLI;
            sleep(8 * MICRO);
            assertThat(choice.spins()).isFalse();
        }

        sleep(8 * MICRO);

        assertThat(choice.spins()).isTrue();
    }

    /// The peer sleeps then, and its core may: that takes longer, and nothing of it is a spin's fault.
    @Test
    void a_wait_after_a_pause_is_not_spun_and_counts_for_nothing() {
        spunOf(SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO);
        assertThat(choice.spins(now)).isTrue();

        for (int i = 0; i < 100; i++) {
            now += 100 * MILLI;
            assertThat(choice.spins(now)).isFalse();
            sleep(200 * MICRO);
        }

        assertThat(choice.spins(now)).isTrue();
    }

    @Test
    void an_end_that_nobody_talks_to_is_never_spun() {
        assertThat(spunOf(SECOND, _ -> 81 * MICRO, _ -> 81 * MICRO)).isZero();
    }

    @Test
    void a_peer_with_something_else_to_do_ends_it_within_a_few_waits() {
        spunOf(SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO);
        assertThat(choice.spins()).isTrue();

        for (int i = 0; i < 5; i++) {
            choice.waited(choice.spins(), MILLI, now += MILLI, 1, 1, true);
        }

        assertThat(choice.spins()).isFalse();
        sleep(8 * MICRO);
        assertThat(choice.spins()).isTrue();
    }

    /// As where somebody asks now and then: what is spun after each answer is spun for nothing.
    @Test
    void a_peer_that_lets_wait_for_long_ends_it_at_once() {
        spunOf(SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO);
        assertThat(choice.spins()).isTrue();

        choice.waited(true, 100 * MILLI, now += 100 * MILLI, 1, 1, true);

        assertThat(choice.spins()).isFalse();
        sleep(8 * MICRO);
        assertThat(choice.spins()).isTrue();
    }

    @Test
    void where_it_pays_nearly_all_is_spun() {
        assertThat(spunOf(10 * SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO)).isGreaterThan(0.99);
    }

    @Test
    void where_a_spin_always_costs_more_it_loses_little() {
        assertThat(priceOf(_ -> 79 * MICRO, _ -> 8 * MICRO)).isLessThan(1.03);
    }

    @Test
    void where_only_one_spin_of_many_costs_more_it_loses_little() {
        Cost heldUpNowAndThen = n -> n % 200 == 0 ? 4 * MILLI : 2 * MICRO;

        assertThat(priceOf(heldUpNowAndThen, _ -> 8 * MICRO)).isLessThan(1.03);
    }

    @Test
    void where_sleeping_is_held_up_as_well_it_loses_little() {
        Cost heldUpNowAndThen = n -> n % 100 == 0 ? 4 * MILLI : 2 * MICRO;
        Cost heldUpRarely = n -> n % 200 == 0 ? 2 * MILLI : 8 * MICRO;

        assertThat(priceOf(heldUpNowAndThen, heldUpRarely)).isLessThan(1.05);
    }

    @ParameterizedTest
    @ValueSource(longs = {3 * MICRO, 20 * MICRO, 70 * MICRO})
    void where_both_cost_the_same_no_core_is_kept_busy(long cost) {
        assertThat(spunOf(10 * SECOND, _ -> cost, _ -> cost)).isLessThan(0.05);
    }

    @Test
    void cores_that_get_busy_end_it_within_some_milliseconds() {
        spunOf(SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO);
        long busySince = now;

        while (choice.spins()) {
            choice.waited(true, 70 * MICRO, now += 70 * MICRO, 1, 1, true);
        }

        assertThat(now - busySince).isLessThan(20 * MILLI);
    }

    @Test
    void cores_that_get_free_bring_it_back_within_two_seconds() {
        assertThat(spunOf(SECOND, _ -> 9 * MILLI, _ -> 20 * MICRO)).isLessThan(0.01);
        spunOf(2 * SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO);

        assertThat(spunOf(SECOND, _ -> 2 * MICRO, _ -> 8 * MICRO)).isGreaterThan(0.99);
    }

    @Test
    void sleeping_that_has_become_cheaper_is_noticed() {
        spunOf(SECOND, _ -> 12 * MICRO, _ -> 20 * MICRO);
        assertThat(choice.spins()).isTrue();
        spunOf(SECOND, _ -> 12 * MICRO, _ -> 4 * MICRO);

        assertThat(spunOf(10 * SECOND, _ -> 12 * MICRO, _ -> 4 * MICRO)).isLessThan(0.03);
    }

    /// As where the peer sleeps by then, and is woken on the core that is kept busy.
    @Test
    void spinning_that_costs_a_little_more_after_a_pause_is_given_up_within_half_a_second() {
        spunOf(2 * SECOND, _ -> 5 * MICRO, _ -> 60 * MICRO);
        assertThat(choice.spins()).isTrue();

        between = 200 * MICRO;
        spunOf(SECOND / 2, _ -> 18 * MICRO, _ -> 12 * MICRO);

        assertThat(spunOf(SECOND / 2, _ -> 18 * MICRO, _ -> 12 * MICRO)).isLessThan(0.2);
        assertThat(spunOf(10 * SECOND, _ -> 18 * MICRO, _ -> 12 * MICRO)).isLessThan(0.03);
    }

    /// As where few answers need a wait at all after a pause, as the peer is woken on the core of the one that asks.
    @Test
    void spinning_that_costs_much_more_is_given_up_after_a_few_waits() {
        spunOf(2 * SECOND, _ -> 4 * MICRO, _ -> 5 * MICRO);
        assertThat(choice.spins()).isTrue();

        int waits = 0;
        for (; choice.spins(); waits++) {
            choice.waited(true, 79 * MICRO, now += 6 * MILLI, 1, 1, true);
        }

        assertThat(waits).isLessThanOrEqualTo(8);
    }

    /// What the caller does between two reads may take longer or shorter, and is none of the spin's.
    @Test
    void reads_that_did_not_wait_count_only_where_they_follow_each_other_fast() {
        for (int i = 0; i <= SpinChoice.KNOWN; i++) {
            choice.waited(false, 5 * MICRO, now += 9 * MILLI, 10, 10, true);
        }
        assertThat(choice.spins()).isTrue();

        int waits = 0;
        for (; choice.spins() && waits < 100; waits++) {
            choice.waited(true, 79 * MICRO, now += 6 * MILLI, 30, 30, true);
        }

        assertThat(waits).isLessThanOrEqualTo(8);
    }

    /// As where a peer sends large chunks all the time: a reader that sleeps is woken for each, and one that is
    /// awake seldom has to wait, but longer.
    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void a_stream_in_which_one_that_spins_seldom_waits_is_spun(int microsOfTheCaller) {
        between = microsOfTheCaller * MICRO;

        assertThat(shares(new Stream(60, 50 * MICRO), new Stream(0, 19 * MICRO)).awake())
                .isGreaterThan(0.9);
    }

    @Test
    void a_stream_in_which_one_that_sleeps_seldom_waits_is_slept_through() {
        assertThat(shares(new Stream(0, 15 * MICRO), new Stream(60, 50 * MICRO)).awake())
                .isLessThan(0.05);
    }

    @Test
    void a_stream_in_which_both_seldom_wait_is_spun_where_that_is_faster() {
        assertThat(shares(new Stream(60, 30 * MICRO), new Stream(60, 65 * MICRO))
                        .awake())
                .isGreaterThan(0.9);
    }

    @Test
    void a_stream_in_which_both_wait_as_seldom_and_as_long_keeps_no_core_busy() {
        assertThat(shares(new Stream(9, 20 * MICRO), new Stream(9, 20 * MICRO)).spinning())
                .isLessThan(0.05);
    }

    /// As where answers come in four parts, and the caller needs more for some of them than for others.
    @Test
    void what_the_caller_does_is_not_compared_where_as_many_reads_wait_either_way() {
        long waits = 0;
        long spun = 0;
        for (long start = now; now - start < 10 * SECOND; waits++) {
            boolean spin = choice.spins();
            long caller = (now / (30 * MILLI) % 2 == 0 ? 30 : 3) * MICRO;
            long wait = (spin ? 10 : 20) * MICRO;
            choice.waited(spin, wait, now += wait + 4 * caller, 4, 4, true);
            spun += spin ? 1 : 0;
        }
        assertThat((double) spun / waits).isGreaterThan(0.95);
    }

    /// As where a peer sends three chunks in each 63 microseconds: who sleeps waits for the first and is back in
    /// the kernel before it looks for the others, so that their copies are part of a wait.
    @Test
    void bursts_that_come_as_often_either_way_keep_no_core_busy() {
        Runnable spun = () -> choice.waited(true, 40 * MICRO, now += 63 * MICRO, 3, 192, true);
        Runnable slept = () -> {
            for (long wait : new long[] {40, 10, 10}) {
                choice.waited(false, wait * MICRO, now += wait * MICRO + CALLS_BETWEEN, 1, 64, true);
            }
        };

        assertThat(spinning(spun, 40 * MICRO, slept)).isLessThan(0.05);
    }

    /// As where a peer sends what belongs together in two pieces: who sleeps is woken when both are there.
    @Test
    void pieces_that_are_read_in_one_by_who_sleeps_keep_no_core_busy() {
        Runnable spun = () -> choice.waited(true, 60 * MICRO, now += 70 * MICRO, 2, 64, true);
        Runnable slept = () -> choice.waited(false, 65 * MICRO, now += 70 * MICRO, 1, 64, true);

        assertThat(spinning(spun, 60 * MICRO, slept)).isLessThan(0.05);
    }

    /// As where a peer that is not asked sends 32 KiB twice, 9 microseconds apart: both pieces are waited for by a
    /// reader
    /// that spins, and one that sleeps is woken when both are there.
    @Test
    void pieces_of_a_stream_that_are_waited_for_one_by_one_keep_no_core_busy() {
        assertThat(spinningForTwoPieces(false)).isLessThan(0.05);
    }

    /// As where a peer answers in two pieces, after as long either way: wait by wait, spinning is better.
    @Test
    void pieces_of_an_answer_are_compared_by_their_waits() {
        assertThat(spinningForTwoPieces(true)).isGreaterThan(0.7);
    }

    private double spinningForTwoPieces(boolean asked) {
        Runnable spun = () -> {
            choice.waited(true, 55 * MICRO, now += 60 * MICRO, 1, 32, asked);
            choice.waited(true, 9 * MICRO, now += 10 * MICRO, 1, 32, false);
        };
        Runnable slept = () -> choice.waited(false, 65 * MICRO, now += 70 * MICRO, 1, 64, asked);

        return spinning(spun, 64 * MICRO, slept);
    }

    /// As where answers of very different sizes come as soon: their bytes say nothing.
    @Test
    void answers_of_all_sizes_are_spun_for_where_they_come_sooner() {
        assertThat(spunForSizes(true)).isGreaterThan(0.95);
    }

    /// Where nobody asks, only a faster stream is worth it.
    @Test
    void a_stream_of_all_sizes_that_is_as_fast_either_way_keeps_no_core_busy() {
        assertThat(spunForSizes(false)).isLessThan(0.2);
    }

    private double spunForSizes(boolean asked) {
        var random = new Random(7);
        long waits = 0;
        long spun = 0;
        for (long start = now; now - start < 10 * SECOND; waits++) {
            boolean spin = choice.spins();
            long wait = (spin ? 8 : 20) * MICRO;
            long passes = asked ? wait + 2 * MICRO : 22 * MICRO;
            choice.waited(spin, wait, now += passes, 1, 64L << random.nextInt(10), asked);
            spun += spin ? 1 : 0;
        }
        return (double) spun / waits;
    }

    /// Two ends that talk decide by themselves, and each pays for what the other does.
    @Test
    void both_sides_of_a_conversation_come_to_spin_where_the_cores_are_free() {
        assertThat(meanOfTwo(10 * SECOND, 2_400, 5_300, 5_300, 7_900)).isLessThan(1.02 * 2_400);
    }

    /// As where the one that is woken is on the core that the other keeps busy, or has to be woken on an idle one.
    @Test
    void both_sides_come_to_spin_where_that_pays_for_two_alone() {
        assertThat(meanOfTwo(10 * SECOND, 2_400, 40_000, 40_000, 12_000)).isLessThan(1.1 * 2_400);
    }

    @Test
    void both_sides_of_a_conversation_come_to_sleep_where_the_cores_are_busy() {
        assertThat(meanOfTwo(10 * SECOND, 140_000, 35_000, 25_000, 17_000)).isLessThan(1.06 * 17_000);
    }

    /// Returns what share of the waits of so long was spun.
    private double spunOf(long span, Cost spun, Cost slept) {
        long end = now + span;
        long spins = 0;
        long n = 0;
        for (; now < end; n++) {
            boolean spin = choice.spins();
            long cost = (spin ? spun : slept).of(n);
            choice.waited(spin, cost, now += cost + between, 1, 1, true);
            spins += spin ? 1 : 0;
        }
        return (double) spins / n;
    }

    /// Returns what share of ten seconds is spun.
    ///
    /// @param spun what passes where waits are spun
    /// @param spunNanos how long a thread spins in that
    /// @param slept what passes otherwise
    private double spinning(Runnable spun, long spunNanos, Runnable slept) {
        long start = now;
        long spinning = 0;
        while (now - start < 10 * SECOND) {
            if (choice.spins()) {
                spun.run();
                spinning += spunNanos;
            } else {
                slept.run();
            }
        }
        return (double) spinning / (now - start);
    }

    /// How many reads in a row need no wait, and how long the next one waits in the mean.
    private record Stream(int unwaited, long waits) {}

    /// What share of the time passes in spun waits, and what share from the end of a wait to that of a spun one.
    private record Shares(double spinning, double awake) {}

    /// Returns the shares of ten seconds.
    private Shares shares(Stream spun, Stream slept) {
        long start = now;
        long spinning = 0;
        long awake = 0;
        for (long n = 0; now - start < 10 * SECOND; n++) {
            boolean spin = choice.spins();
            Stream stream = spin ? spun : slept;
            long wait = stream.waits() * (n % 2 == 0 ? 6 : 4) / 5;
            long passes = wait + stream.unwaited() * READ + (stream.unwaited() + 1) * between;
            int reads = stream.unwaited() + 1;
            choice.waited(spin, wait, now += passes, reads, reads, true);
            spinning += spin ? wait : 0;
            awake += spin ? passes : 0;
        }
        double all = now - start;
        return new Shares(spinning / all, awake / all);
    }

    /// Returns how many times as long as sleeping alone all waits of ten seconds take.
    private double priceOf(Cost spun, Cost slept) {
        long end = now + 10 * SECOND;
        double total = 0;
        double asleep = 0;
        for (long n = 0; now < end; n++) {
            boolean spin = choice.spins();
            long cost = (spin ? spun : slept).of(n);
            choice.waited(spin, cost, now += cost + CALLS_BETWEEN, 1, 1, true);
            total += cost;
            asleep += slept.of(n);
        }
        return total / asleep;
    }

    /// Returns the mean of a round trip, of which each side waits for all but what it does itself.
    private double meanOfTwo(long span, long bothSpin, long oneSpins, long otherSpins, long bothSleep) {
        var other = new SpinChoice();
        long start = now;
        long n = 0;
        for (; now - start < span; n++) {
            boolean spin = choice.spins();
            boolean otherSpin = other.spins();
            long cost = spin ? (otherSpin ? bothSpin : oneSpins) : (otherSpin ? otherSpins : bothSleep);
            now += cost;
            choice.waited(spin, cost - CALLS_BETWEEN, now, 1, 1, true);
            other.waited(otherSpin, cost - CALLS_BETWEEN, now, 1, 1, true);
        }
        return (double) (now - start) / n;
    }

    private void sleep(long nanos) {
        choice.waited(false, nanos, now += nanos, 1, 1, true);
    }
}
