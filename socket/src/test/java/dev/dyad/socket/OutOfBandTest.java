package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.NoLeaks;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.waiting.BlockingWaiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes that a peer sends out of band (`MSG_OOB`) are never among the data, however it is waited for.
@Timeout(60)
@ExtendWith(NoLeaks.class)
class OutOfBandTest {

    private static final Platform OS = Platforms.current();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String DATA = "data";

    /// A call that takes what has come.
    interface Taking {
        byte[] take(StreamSocket end) throws IOException;
    }

    record Way(String name, Taking call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> ways() {
        var ways = Stream.of(
                new Way("a small read", end -> read(end, BlockingWaiter.ROOM, Deadline.never())),
                new Way("a large read", end -> read(end, BlockingWaiter.ROOM + 1, Deadline.never())),
                new Way("a read until a deadline", end -> read(end, 100, Deadline.after(Duration.ofHours(1)))),
                new Way("a read into two buffers", OutOfBandTest::scatter),
                new Way("a receive", OutOfBandTest::receive));
        return ways.flatMap(way -> Stream.of(Arguments.of(way, false), Arguments.of(way, true)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bytes_out_of_band_that_come_in_a_wait_are_dropped(Way way, boolean virtual) throws Exception {
        try (var pair = SocketPair.stream()) {
            var taking = new FutureTask<>(() -> way.call().take(pair.left()));
            (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(taking);
            Await.until(() -> pair.left().waiters() == 1, SOON);

            for (int i = 0; i < 2; i++) { // the second lets the first in among the data, unless that was dropped
                sendOutOfBand(pair.right());
                Await.until(() -> !hasOutOfBand(pair.left()), SOON);
            }
            pair.right().write(ByteBuffer.wrap(DATA.getBytes(US_ASCII)));

            assertThat(new String(taking.get(), US_ASCII)).isEqualTo(DATA);
        }
    }

    /// Returns whether a byte out of band is still there for a receive that asks for it.
    private static boolean hasOutOfBand(StreamSocket end) {
        try (var arena = Arena.ofConfined();
                BorrowedFd fd = end.borrow()) {
            int look = OS.MSG_OOB() | OS.MSG_PEEK() | OS.MSG_DONTWAIT();
            return SysSocket.recv(new CallState(arena), fd.fd(), arena.allocate(1), look) == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sendOutOfBand(StreamSocket end) throws IOException {
        try (var arena = Arena.ofConfined();
                BorrowedFd fd = end.borrow()) {
            MemorySegment urgent = arena.allocateFrom("!", US_ASCII).asSlice(0, 1);
            assertThat(SysSocket.send(new CallState(arena), fd.fd(), urgent, OS.MSG_OOB()))
                    .isOne();
        }
    }

    private static byte[] read(StreamSocket end, int room, Deadline deadline) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(room);
        return Arrays.copyOf(target.array(), end.read(target, deadline));
    }

    private static byte[] scatter(StreamSocket end) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(1);
        ByteBuffer tail = ByteBuffer.allocate(100);
        int read = (int) end.read(new ByteBuffer[] {head, tail});
        return ByteBuffer.allocate(read).put(head.flip()).put(tail.flip()).array();
    }

    private static byte[] receive(StreamSocket end) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        try (Received received = end.receive(target, 1)) {
            return Arrays.copyOf(target.array(), received.length());
        }
    }
}
