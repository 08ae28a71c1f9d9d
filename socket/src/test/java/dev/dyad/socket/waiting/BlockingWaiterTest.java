package dev.dyad.socket.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.NoLeaks;
import dev.dyad.harness.Seeds;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.RLimit;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A platform thread in the call that receives, and what gets it out of there.
@Timeout(60)
@ExtendWith(NoLeaks.class)
class BlockingWaiterTest {

    private static final Platform OS = Platforms.current();
    private static final String WHERE = OS.blocks() ? "recvfrom" : "ppoll";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Deadline FAR = Deadline.after(Duration.ofHours(1));
    private static final int ROUNDS = 100;
    private static final int BYTES = 1000;
    private static final long BRINK = 200_000; // nanoseconds: a thread has begun to wait by then, or not
    private static final long REAL_TIME = -1L << 33; // as a set of signals: 34 to 64

    @Test
    void a_read_waits_in_the_call_that_receives() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), Deadline.never());
            read.awaitCall(WHERE);

            pair.right().write(ByteBuffer.allocate(1));

            assertThat(read.outcome()).isEqualTo(1);
        }
    }

    @Test
    void a_read_with_a_deadline_is_polled() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), FAR);
            read.awaitCall("ppoll");

            pair.left().close();

            assertThat(read.outcome()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    static Stream<ByteBuffer> places() {
        return Stream.of(
                ByteBuffer.allocate(5),
                ByteBuffer.allocate(9).position(3),
                ByteBuffer.allocate(9).position(2).slice().position(1).limit(6),
                ByteBuffer.allocateDirect(5),
                ByteBuffer.allocateDirect(9).position(3),
                ByteBuffer.allocate(BlockingWaiter.ROOM),
                ByteBuffer.allocate(BlockingWaiter.ROOM + 1),
                ByteBuffer.allocateDirect(BlockingWaiter.ROOM + 1));
    }

    @ParameterizedTest
    @MethodSource("places")
    void what_a_wait_brings_is_where_the_read_wanted_it(ByteBuffer target) throws Exception {
        int from = target.position();
        try (var pair = SocketPair.stream()) {
            for (int i = 0; i < 3; i++) { // the first try is left out once the read before it had to wait
                target.position(from);
                var read = new Read(pair.left(), target);
                read.awaitCall(target.remaining() <= BlockingWaiter.ROOM ? WHERE : "ppoll");

                pair.right().write(ByteBuffer.wrap(new byte[] {(byte) i, 2, 3, 4}));

                assertThat(read.outcome()).isEqualTo(4);
                assertThat(target.position()).isEqualTo(from + 4);
                var bytes = new byte[4];
                target.get(from, bytes);
                assertThat(bytes).containsExactly(i, 2, 3, 4);
            }
        }
    }

    @Test
    void what_is_more_than_was_wanted_stays_there() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), ByteBuffer.allocate(2));
            read.awaitCall(WHERE);
            pair.right().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(read.outcome()).isEqualTo(2);

            var rest = ByteBuffer.allocate(2);
            assertThat(pair.left().read(rest)).isEqualTo(1);
            assertThat(rest.get(0)).isEqualTo((byte) 3);
            assertThat(pair.left().read(ByteBuffer.allocate(0))).isZero();

            pair.right().close();
            assertThat(pair.left().read(rest.clear())).isEqualTo(-1);
        }
    }

    /// A read that has waited long makes no try before it waits again.
    @Test
    void after_a_long_wait_a_read_still_knows_what_is_there_and_what_it_may_not_wait_for() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), ByteBuffer.allocate(1));
            read.awaitCall(WHERE);
            LockSupport.parkNanos(BRINK);
            pair.right().write(ByteBuffer.allocate(3));
            assertThat(read.outcome()).isEqualTo(1);

            assertThat(pair.left().read(ByteBuffer.allocate(0))).isZero();
            assertThat(pair.left().read(ByteBuffer.allocate(1), Deadline.after(Duration.ZERO)))
                    .isEqualTo(1);
            assertThat(pair.left().read(ByteBuffer.allocate(9))).isEqualTo(1);
            pair.left().shutdownInput();
            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    /// A thread is in a read when the end is handed on: what it has taken it returns, and what follows is the
    /// channel's.
    @ParameterizedTest
    @MethodSource("seeds")
    void no_byte_is_lost_when_the_end_is_handed_on_meanwhile(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < ROUNDS / 10; i++) {
            try (var pair = SocketPair.stream()) {
                var taken = new ByteArrayOutputStream();
                var reading = new FutureTask<Void>(() -> {
                    copyUntilClosed(pair.left(), taken);
                    return null;
                });
                Thread.ofPlatform().start(reading);
                var writing = new FutureTask<Void>(() -> {
                    for (int j = 0; j < BYTES; j++) {
                        pair.right().write(ByteBuffer.wrap(new byte[] {(byte) j}));
                    }
                    pair.right().close();
                    return null;
                });
                Thread.ofPlatform().start(writing);
                spin(random.nextLong(5 * BRINK));

                try (SocketChannel channel = pair.left().toSocketChannel()) {
                    reading.get();
                    var rest = ByteBuffer.allocate(BYTES + 1);
                    while (channel.read(rest) >= 0) {}
                    taken.write(rest.array(), 0, rest.position());
                }

                writing.get();
                assertThat(taken.toByteArray()).isEqualTo(ascending());
            }
        }
    }

    private static void copyUntilClosed(StreamSocket from, ByteArrayOutputStream to) throws IOException {
        var one = ByteBuffer.allocate(3);
        try {
            while (from.read(one.clear()) > 0) {
                to.write(one.array(), 0, one.position());
            }
        } catch (ClosedChannelException handedOn) {
            // as it says
        }
    }

    private static byte[] ascending() {
        var bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /// Another process that shares the description may have set that, and the wait must not become a loop.
    @Test
    void a_descriptor_that_does_not_block_is_polled() throws Exception {
        try (var pair = SocketPair.stream()) {
            doNotBlock(pair.left());
            var read = new Read(pair.left(), Deadline.never());
            read.awaitCall("ppoll");

            pair.left().close();

            assertThat(read.outcome()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void a_thread_that_takes_no_signals_is_polled() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), Deadline.never(), BlockingWaiterTest::takeNoSignals);
            read.awaitCall("ppoll");

            pair.left().close();

            assertThat(read.outcome()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    /// The kernel tells it once, to the call that waited; a stream that broke off must not pass for a whole
    /// one.
    @Test
    void a_reset_that_comes_meanwhile_is_told_to_each_read() throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.left().write(ByteBuffer.allocate(1));
            var read = new Read(pair.left(), Deadline.never());
            read.awaitCall(WHERE);

            pair.right().close();

            assertReset(read.outcome());
            assertReset(new Read(pair.left(), Deadline.never()).outcome());
            assertReset(new Read(pair.left(), FAR).outcome());
            assertThatThrownBy(() -> pair.left().tryRead(ByteBuffer.allocate(1)))
                    .satisfies(BlockingWaiterTest::assertReset);
        }
    }

    private static void assertReset(Object outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        reset -> assertThat(reset.errno()).isEqualTo(Errno.ECONNRESET));
    }

    @Test
    void another_reader_of_the_socket_may_have_been_faster() throws Exception {
        try (var pair = SocketPair.stream();
                StreamSocket twin = twin(pair.left())) {
            var read = new Read(pair.left(), Deadline.never());
            var other = new Read(twin, Deadline.never());
            read.awaitCall(WHERE);
            other.awaitCall(WHERE);

            pair.right().write(ByteBuffer.allocate(1));
            Await.until(() -> read.isDone() || other.isDone(), SOON);
            pair.right().write(ByteBuffer.allocate(1));

            assertThat(read.outcome()).isEqualTo(1);
            assertThat(other.outcome()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_close_ends_it_whenever_it_comes(long seed) throws Exception {
        assertThatEnds(seed, (end, _) -> end.close(), ClosedChannelException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void an_interrupt_ends_it_whenever_it_comes(long seed) throws Exception {
        assertThatEnds(seed, (_, reader) -> reader.interrupt(), ClosedByInterruptException.class);
    }

    /// A thread that is interrupted cannot park between two signals.
    @ParameterizedTest
    @MethodSource("seeds")
    void a_close_by_a_thread_that_is_interrupted_ends_it(long seed) throws Exception {
        assertThatEnds(seed, BlockingWaiterTest::closeWhileInterrupted, ClosedChannelException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void half_a_close_ends_it_whenever_it_comes(long seed) throws Exception {
        assertThatEnds(
                seed,
                (end, _) -> end.shutdownInput(),
                outcome -> assertThat(outcome).isEqualTo(-1));
    }

    private static void closeWhileInterrupted(StreamSocket end, Thread reader) throws IOException {
        Thread.currentThread().interrupt();
        end.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    /// What ends the read of a thread.
    @FunctionalInterface
    private interface Ending {
        void end(StreamSocket end, Thread reader) throws IOException;
    }

    private static void assertThatEnds(long seed, Ending ending, Class<? extends IOException> thrown) throws Exception {
        assertThatEnds(seed, ending, outcome -> assertThat(outcome).isInstanceOf(thrown));
    }

    /// Ends reads around the moment at which they begin to wait.
    private static void assertThatEnds(long seed, Ending ending, Consumer<Object> outcome) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            try (var pair = SocketPair.stream()) {
                var read = new Read(pair.left(), Deadline.never());
                read.awaitStart();
                spin(random.nextLong(BRINK));

                ending.end(pair.left(), read.thread);

                outcome.accept(read.outcome());
            }
        }
    }

    static LongStream seeds() {
        return Seeds.fresh();
    }

    /// Has a handler for the signal that would be taken, and reads.
    static final class TakesTheSignal {
        public static void main(String[] arguments) throws Exception {
            int signal = OS.NSIG() - 4;
            try (var arena = Arena.ofConfined();
                    var pair = SocketPair.stream()) {
                var state = new CallState(arena);
                MemorySegment action = arena.allocate(SigAction.LAYOUT);
                MemorySegment own = MemorySegment.ofAddress(1);
                SigAction.setHandler(action, own);
                System.out.print(Signals.sigaction(state, signal, action, MemorySegment.NULL) + " ");

                var read = new Read(pair.left(), Deadline.never());
                read.awaitCall(WHERE);
                pair.left().close();
                System.out.print(read.outcome().getClass().getSimpleName() + " ");

                int _ = Signals.sigaction(state, signal, MemorySegment.NULL, action);
                System.out.print(SigAction.handler(action).equals(own));
            }
        }
    }

    @Test
    void a_signal_that_somebody_uses_is_left_alone() throws Exception {
        assertThat(JavaProbe.of(TakesTheSignal.class).run().outText()).isEqualTo("0 AsynchronousCloseException true");
    }

    /// Reads twice, and looks whose the signal is that ended it: that of 34 to 64 which has our handler.
    static final class LosesTheSignal {
        public static void main(String[] arguments) throws Exception {
            int first = closeBlockedRead();
            try (var arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(SigAction.LAYOUT);
                SigAction.setHandler(action, MemorySegment.ofAddress(1));
                int _ = Signals.sigaction(new CallState(arena), first, action, MemorySegment.NULL);
            }
            System.out.print(
                    (closeBlockedRead() == first - 1) + " " + handler(first).address());
        }

        private static int closeBlockedRead() throws Exception {
            try (var pair = SocketPair.stream()) {
                var read = new Read(pair.left(), Deadline.never());
                read.awaitCall(WHERE);
                pair.left().close();
                System.out.print(read.outcome().getClass().getSimpleName() + " ");
            }
            return IntStream.range(34, OS.NSIG())
                    .filter(signal -> handler(signal).equals(Signals.handlerThatDoesNothing()))
                    .findFirst()
                    .orElse(0);
        }

        private static MemorySegment handler(int signal) {
            try (var arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(SigAction.LAYOUT);
                int _ = Signals.sigaction(new CallState(arena), signal, MemorySegment.NULL, action);
                return SigAction.handler(action);
            }
        }
    }

    @Test
    void a_signal_that_somebody_takes_from_us_is_theirs() throws Exception {
        String out = JavaProbe.of(LosesTheSignal.class).run().outText();

        assertThat(out).isEqualTo("AsynchronousCloseException AsynchronousCloseException true 1");
    }

    /// Lets the kernel queue no signal for it, reads, and has the wait ended.
    static final class QueuesNoSignal {
        public static void main(String[] arguments) throws Exception {
            try (var arena = Arena.ofConfined();
                    var pair = SocketPair.stream()) {
                MemorySegment none = arena.allocate(RLimit.LAYOUT);
                int pending = OS.resource("RLIMIT_SIGPENDING");
                int answer = OS.limitProcess(new CallState(arena), 0, pending, none, MemorySegment.NULL);
                System.out.print(answer + " ");
                var read = new Read(pair.left(), Deadline.never());
                read.awaitCall(WHERE);

                pair.left().endWaiting(Deadline.after(Duration.ZERO), () -> new IOException("refused"));

                System.out.print(((Exception) read.outcome()).getMessage());
            }
        }
    }

    /// Another process of the same user may use up what the kernel queues.
    @Test
    void a_wait_ends_where_the_kernel_queues_no_signal() throws Exception {
        assertThat(JavaProbe.of(QueuesNoSignal.class).run().outText()).isEqualTo("0 refused");
    }

    /// Has this thread asked whether the signal reaches it, which it does once.
    private static void learnThatItIsReached() {
        BlockingWaiter.Source nobody = new BlockingWaiter.Source() {
            @Override
            public boolean isAtEnd() {
                return false;
            }

            @Override
            public void endClosed(int raw) {
                throw new AssertionError("it does not wait");
            }
        };
        assertThat(BlockingWaiter.of(nobody, ByteBuffer.allocate(1))).isNotNull();
    }

    /// It cannot be woken: it holds the signal back since it first waited.
    @Test
    void a_close_does_not_wait_for_a_thread_that_cannot_be_woken() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), Deadline.never(), () -> {
                learnThatItIsReached();
                takeNoSignals();
            });
            read.awaitCall(WHERE);

            pair.left().close();

            assertThat(read.outcome()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    /// Another process may have the connection, too, and so it goes on.
    @Test
    void a_close_of_a_shared_end_leaves_a_thread_that_cannot_be_woken_where_it_is() throws Exception {
        try (var pair = SocketPair.stream();
                StreamSocket twin = twin(pair.left())) {
            var read = new Read(pair.left(), Deadline.never(), () -> {
                learnThatItIsReached();
                takeNoSignals();
            });
            read.awaitCall(WHERE);

            pair.left().close();

            assertThat(twin.write(ByteBuffer.allocate(1))).isOne();
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isOne();
            pair.right().write(ByteBuffer.allocate(1));
            Object outcome = read.outcome();
            if (OS.blocks()) {
                assertThat(outcome).isEqualTo(1);
            } else {
                assertThat(outcome).isInstanceOf(AsynchronousCloseException.class);
            }
        }
    }

    /// What is handed over must not be ended by that; what cannot be is.
    @Test
    void a_hand_over_does_not_wait_for_ever_for_a_thread_that_cannot_be_woken() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new Read(pair.left(), Deadline.never(), () -> {
                learnThatItIsReached();
                takeNoSignals();
            });
            read.awaitCall(WHERE);

            if (OS.blocks()) {
                assertThatThrownBy(() -> pair.left().toDescriptor().close())
                        .isExactlyInstanceOf(IOException.class)
                        .hasMessage("toDescriptor() has ended this instead, as a thread did not leave its call in it");
            } else {
                pair.left().toDescriptor().close();
            }

            assertThat(read.outcome()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    private static StreamSocket twin(StreamSocket socket) throws IOException {
        try (var arena = Arena.ofConfined();
                BorrowedFd fd = socket.borrow()) {
            return StreamSocket.adopt(Fcntl.fcntl(new CallState(arena), fd.fd(), OS.F_DUPFD_CLOEXEC(), 0));
        }
    }

    private static void doNotBlock(StreamSocket socket) throws IOException {
        try (var arena = Arena.ofConfined();
                BorrowedFd fd = socket.borrow()) {
            assertThat(Fcntl.fcntl(new CallState(arena), fd.fd(), OS.F_SETFL(), OS.O_NONBLOCK()))
                    .isZero();
        }
    }

    private static void takeNoSignals() {
        try (var arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
            set.set(ValueLayout.JAVA_LONG, 0, REAL_TIME);
            int block = 0; // SIG_BLOCK
            assertThat(Signals.pthread_sigmask(block, set, MemorySegment.NULL)).isZero();
        }
    }

    private static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    /// A thread of its own that reads a byte.
    private static final class Read {
        private final FutureTask<Object> task;
        private volatile boolean started;
        final Thread thread;

        Read(StreamSocket socket, Deadline deadline) {
            this(socket, deadline, () -> {});
        }

        Read(StreamSocket socket, Deadline deadline, Runnable before) {
            this(socket, ByteBuffer.allocate(1), deadline, before);
        }

        Read(StreamSocket socket, ByteBuffer target) {
            this(socket, target, Deadline.never(), () -> {});
        }

        private Read(StreamSocket socket, ByteBuffer target, Deadline deadline, Runnable before) {
            task = new FutureTask<>(() -> {
                before.run();
                started = true;
                try {
                    return socket.read(target, deadline);
                } catch (IOException e) {
                    return e;
                }
            });
            thread = Thread.ofPlatform().start(task);
        }

        boolean isDone() {
            return task.isDone();
        }

        void awaitStart() {
            Await.until(() -> started, SOON);
        }

        /// Returns once it waits in a call: the same call is made without waiting before that, by no waiter.
        void awaitCall(String name) {
            Await.until(() -> isIn(name), SOON);
        }

        private boolean isIn(String name) {
            StackTraceElement[] frames = thread.getStackTrace();
            return Arrays.stream(frames).anyMatch(frame -> frame.getMethodName().equals(name))
                    && Arrays.stream(frames)
                            .anyMatch(frame -> frame.getClassName().endsWith("Waiter"));
        }

        /// Returns how many bytes there were, or what was thrown.
        Object outcome() throws Exception {
            Object outcome = task.get(SOON.toSeconds(), TimeUnit.SECONDS);
            thread.join();
            return outcome;
        }
    }
}
