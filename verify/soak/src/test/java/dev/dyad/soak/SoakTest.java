package dev.dyad.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dyad.bench.SoakRun;
import dev.dyad.harness.TestLength;
import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The soak itself: it passes with what there is, and finds what is planted.
@Timeout(1_000)
class SoakTest {

    private static final int A_MOMENT = 5_000_000; // nanoseconds
    private static final int FEW = 4; // ends of all work, of which the second and the last are compared

    private static Duration length() {
        return switch (TestLength.current()) {
            case SHORT -> Duration.ofSeconds(3);
            case CI -> Duration.ofMinutes(1);
            case LONG -> Duration.ofMinutes(10);
        };
    }

    static LongStream seed() {
        String given = System.getProperty("seed", "");
        return LongStream.of(given.isEmpty() ? new Random().nextLong() : Long.parseLong(given));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seed")
    void everything_at_once_leaves_nothing_and_grows_nothing(long seed) throws Exception {
        int parts = TestLength.current() == TestLength.LONG ? Soak.PARTS : FEW;
        SoakResult result = new Soak(seed, length(), parts, Soak.all()).run();

        assertThat(result.complaints()).as(result.text()).isEmpty();
        assertThat(result.idleSamples()).hasSize(parts);
        assertThat(result.killed()).isPositive();
    }

    /// Waits a moment in each round, as a soak of nothing would start threads and nothing else.
    private interface Planted extends Workload {

        void plant() throws Exception;

        @Override
        default String name() {
            return "planted";
        }

        @Override
        default long round(Random random, KillTargets targets) throws Exception {
            LockSupport.parkNanos(A_MOMENT);
            for (int i = 0; i < FEW; i++) {
                plant(); // so often that one round between two ends of all work shows it
            }
            return 1;
        }
    }

    private static SoakResult soak(Planted fault) throws Exception {
        return new Soak(0, Duration.ofMillis(200), FEW, List.of(fault)).run();
    }

    @Test
    void a_descriptor_that_stays_open_is_found() throws Exception {
        List<Descriptor> leaked = new ArrayList<>();
        try {
            SoakResult result = soak(() -> leaked.add(Descriptor.memory("leaked")));

            assertThat(result.complaints()).singleElement().asString().startsWith("descriptors grew: ");
            assertThat(result.text()).endsWith("not flat, or something went wrong");
        } finally {
            leaked.forEach(Descriptor::close);
        }
    }

    @Test
    void a_thread_that_goes_on_is_found() throws Exception {
        var leaves = new CountDownLatch(1);
        try (var threads = new RoundThreads(new Random() {
            @Override
            public boolean nextBoolean() {
                return false; // platform threads
            }
        })) {
            List<Future<?>> leaked = new ArrayList<>();
            SoakResult result = soak(() -> leaked.add(threads.run(() -> {
                leaves.await();
                return 0;
            })));
            leaves.countDown();

            assertThat(leaked).isNotEmpty();
            assertThat(result.complaints()).anyMatch(line -> line.startsWith("threads grew: "));
        } finally {
            leaves.countDown();
        }
    }

    @Test
    void a_process_that_goes_on_is_found() throws Exception {
        List<Process> leaked = new ArrayList<>();
        try {
            SoakResult result = soak(() -> leaked.add(new ProcessBuilder("sleep", "600").start()));

            assertThat(result.complaints()).anyMatch(line -> line.startsWith("children grew: "));
        } finally {
            for (Process each : leaked) {
                each.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void a_heap_that_grows_is_found() throws Exception {
        List<byte[]> leaked = new ArrayList<>();

        SoakResult result = soak(() -> leaked.add(new byte[1 << 20]));

        assertThat(leaked).isNotEmpty();
        assertThat(result.complaints()).anyMatch(line -> line.startsWith("bytes of heap grew: "));
    }

    @Test
    void a_round_that_fails_is_told_with_its_seed_and_its_stack() throws Exception {
        SoakResult result = soak(() -> {
            throw new AssertionError("another byte");
        });

        assertThat(result.complaints())
                .first()
                .asString()
                .matches("(?s)a round of planted failed, seed -?\\d+: .*another byte.*SoakTest.*");
        assertThat(result.complaints()).contains("no round of planted ended");
    }

    @Test
    void an_error_of_any_kind_is_told_and_does_not_end_the_soak() throws Exception {
        SoakResult result = soak(() -> {
            throw new NoClassDefFoundError("planted");
        });

        assertThat(result.complaints()).first().asString().contains("NoClassDefFoundError: planted");
        assertThat(result.complaints()).anyMatch(line -> line.matches("\\d+ more rounds failed"));
    }

    @Test
    void a_thread_that_no_interrupt_ends_is_told_of_and_not_waited_for() throws Exception {
        var over = new AtomicBoolean();
        var threads = new RoundThreads(new Random());
        Future<Boolean> stubborn = threads.run(() -> {
            while (!over.get()) {
                LockSupport.parkNanos(A_MOMENT);
            }
            return Thread.currentThread().isInterrupted();
        });

        assertThat(catchThrowable(() -> threads.close(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a thread does not end when it is interrupted");

        over.set(true);
        assertThat(stubborn.get()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Why.class)
    void a_request_that_is_late_is_not_taken_for_one_of_a_kill(Why why) {
        boolean isLate = why.name().startsWith("EXPIRED");

        assertThat(PoolWorkload.mayBeOfAKill(new RequestFailedException(why, false, "planted", null)))
                .isEqualTo(!isLate);
    }

    @Test
    void bytes_that_are_not_of_the_wire_are_recognized() throws Exception {
        byte[] noLength = {-1, -1, -1, -2};
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                var channel = MessageChannel.over(pair.left(), Wire.framed())) {
            pair.right().write(ByteBuffer.wrap(noLength));

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(
                            told -> assertThat(ChannelWorkload.isMisread(told)).isTrue());
        }
        assertThat(ChannelWorkload.isMisread(new IOException("planted"))).isFalse();
        assertThat(ChannelWorkload.isMisread(null)).isFalse();
    }

    @Test
    void resident_memory_that_grows_is_found() throws Exception {
        try (var leaked = Arena.ofShared()) {
            SoakResult result = soak(() -> {
                MemorySegment _ = leaked.allocate(7 << 20).fill((byte) 1);
            });

            assertThat(result.complaints()).anyMatch(line -> line.startsWith("bytes of resident memory grew: "));
        }
    }

    @Test
    void what_came_out_of_a_stream_is_compared_byte_by_byte() {
        var stream = new HashedStream(7, 100_000);
        String right = SeededBytes.hash(7, 100_000);
        String wrong = SeededBytes.hash(8, 100_000);

        stream.require(new HashedStream.Arrival(100_000, right, null), null, false);
        assertThat(Stream.of(
                        new HashedStream.Arrival(100_000, wrong, null),
                        new HashedStream.Arrival(99_999, SeededBytes.hash(7, 99_999), null)))
                .allSatisfy(arrived -> assertThat(catchThrowable(() -> stream.require(arrived, null, false)))
                        .isInstanceOf(AssertionError.class));
        stream.require(new HashedStream.Arrival(99_999, SeededBytes.hash(7, 99_999), null), null, true);
    }

    @Test
    void a_full_disk_is_told_before_and_not_after_an_hour() {
        assertThat(new ResultFile(Path.of("/dev/full")).canBeWritten()).isFalse();
    }

    @Test
    void the_figures_are_kept_as_json(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("soak.json");

        assertThat(new ResultFile(file).write(soak(() -> {}), SoakRun.begin())).isTrue();

        assertThat(file)
                .content()
                .contains(
                        "\"idleSamples\" : [",
                        "\"samples\" : [",
                        "\"complaints\" : [",
                        "\"HEAP\" : ",
                        "\"seed\" : 0",
                        "\"rounds\" : ",
                        "\"format\" : 1",
                        "\"suite\" : \"soak\"",
                        "descriptors, after each part from the second on: flat",
                        "resident memory, when all work has ended");
    }

    @Test
    void what_has_grown_is_drawn_as_that(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("soak.json");
        List<byte[]> leaked = new ArrayList<>();

        assertThat(new ResultFile(file).write(soak(() -> leaked.add(new byte[1 << 20])), SoakRun.begin()))
                .isTrue();

        assertThat(file).content().contains("heap, after each part from the second on: not flat");
    }
}
