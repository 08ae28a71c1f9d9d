package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.dyad.harness.Await;
import dev.dyad.harness.BusyCarriers;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How the waits of every connected stream end: by data, deadline, close and interrupt.
@Timeout(60)
public interface WaitingContract {

    /// A moment that has come.
    Deadline NOW = Deadline.after(Duration.ZERO);

    /// Makes deadlines that only a test meets which fails.
    Supplier<Deadline> PATIENT = () -> Deadline.after(Duration.ofSeconds(10));

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    /// Reads one byte.
    private static int readOne(StreamSocket end) throws IOException {
        return end.read(ByteBuffer.allocate(1));
    }

    /// Writes more than any buffers hold.
    private static long writeMuch(StreamSocket end) throws IOException {
        return end.write(ByteBuffer.allocate(16 << 20));
    }

    @Test
    default void a_read_waits_for_data() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> Bytes.read(pair.right(), 5));
            assertThat(pair.right().waiters()).isOne();

            pair.left().write(UTF_8.encode("hello"));

            assertThat(reader.get()).isEqualTo("hello".getBytes(UTF_8));
            assertThat(pair.right().waiters()).isZero();
        }
    }

    @Test
    default void a_read_ends_at_its_deadline_and_loses_nothing() throws Exception {
        try (var pair = open()) {
            var reader =
                    Waiting.start(threads(), () -> pair.right().read(ByteBuffer.allocate(1), StreamContract.soon()));

            assertThatThrownBy(reader::get).isInstanceOf(SocketTimeoutException.class);
            pair.left().write(UTF_8.encode("late"));
            assertThat(Bytes.read(pair.right(), 4)).isEqualTo("late".getBytes(UTF_8));
        }
    }

    @Test
    default void a_deadline_in_the_past_still_takes_what_is_there() throws Exception {
        try (var pair = open()) {
            Deadline past = Deadline.after(Duration.ofSeconds(-1));
            pair.left().write(UTF_8.encode("x"));

            assertThat(pair.right().read(ByteBuffer.allocate(8), past)).isEqualTo(1);
            assertThatThrownBy(() -> pair.right().read(ByteBuffer.allocate(8), past))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    default void a_write_ends_at_its_deadline_and_says_how_much_was_accepted() throws Exception {
        byte[] bytes = Bytes.random(new Random(5), 16 << 20);
        try (var pair = open()) {
            ByteBuffer source = Bytes.buffer(bytes, false);
            var writer = Waiting.start(threads(), () -> pair.left().write(source, StreamContract.soon()));

            assertThatThrownBy(writer::get).isInstanceOf(SocketTimeoutException.class);
            int accepted = source.position();
            assertThat(Bytes.read(pair.right(), accepted)).isEqualTo(Arrays.copyOf(bytes, accepted));

            var rest = Waiting.start(threads(), () -> pair.left().write(source));
            assertThat(Bytes.read(pair.right(), bytes.length - accepted))
                    .isEqualTo(Arrays.copyOfRange(bytes, accepted, bytes.length));
            assertThat(rest.get()).isEqualTo(bytes.length - accepted);
        }
    }

    @Test
    default void a_deadline_that_is_expired_ends_the_calls_that_wait_with_it_and_nothing_is_lost() throws Exception {
        try (var pair = open()) {
            var deadline = new MovableDeadline(Deadline.never());
            var reader = Waiting.on(pair.right(), threads(), () -> pair.right().read(ByteBuffer.allocate(1), deadline));
            var next = Waiting.inLine(threads(), () -> pair.right().read(ByteBuffer.allocate(1), deadline));
            var writer = Waiting.on(
                    pair.right(), threads(), () -> pair.right().write(ByteBuffer.allocate(16 << 20), deadline));

            deadline.expire();

            assertThatThrownBy(reader::get).isExactlyInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(next::get).isExactlyInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(writer::get).isExactlyInstanceOf(SocketTimeoutException.class);
            pair.left().write(UTF_8.encode("late"));
            assertThat(Bytes.read(pair.right(), 4)).isEqualTo("late".getBytes(UTF_8));
        }
    }

    @Test
    default void a_deadline_may_be_moved_while_a_call_waits_with_it() throws Exception {
        try (var pair = open()) {
            var deadline = new MovableDeadline(Deadline.after(Duration.ofHours(1)));
            var reader = Waiting.on(pair.right(), threads(), () -> pair.right().read(ByteBuffer.allocate(1), deadline));

            deadline.moveTo(Deadline.never());
            deadline.moveTo(Deadline.after(Duration.ofHours(2)));
            assertThat(reader.isDone()).isFalse();
            deadline.moveTo(StreamContract.soon());

            assertThatThrownBy(reader::get).isExactlyInstanceOf(SocketTimeoutException.class);
            deadline.moveTo(Deadline.never());
            var again = Waiting.on(pair.right(), threads(), () -> pair.right().read(ByteBuffer.allocate(1), deadline));
            pair.left().write(ByteBuffer.allocate(1));
            assertThat(again.get()).isOne();
        }
    }

    /// However the change and the beginning of the wait meet.
    @Test
    default void no_change_of_a_deadline_is_missed() throws Exception {
        var random = new Random(7);
        try (var pair = open()) {
            for (int i = 0; i < 100; i++) {
                var deadline = new MovableDeadline(Deadline.never());
                var reader = Waiting.start(threads(), () -> pair.right().read(ByteBuffer.allocate(1), deadline));
                for (int spins = random.nextInt(2000); spins > 0; spins--) {
                    Thread.onSpinWait();
                }

                deadline.expire();

                assertThatThrownBy(reader::get).isExactlyInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    default void close_ends_a_read_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));

            pair.right().close();

            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> readOne(pair.right())).isExactlyInstanceOf(ClosedChannelException.class);
            assertThat(readOne(pair.left())).isEqualTo(-1);
        }
    }

    @Test
    default void close_ends_a_write_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var writer = Waiting.on(pair.left(), threads(), () -> writeMuch(pair.left()));

            pair.left().close();

            assertThatThrownBy(writer::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> writeMuch(pair.left())).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void close_ends_a_reader_and_a_writer_at_once() throws Exception {
        try (var pair = open()) {
            var writer = Waiting.on(pair.left(), threads(), () -> writeMuch(pair.left()));
            var reader = Waiting.on(pair.left(), threads(), () -> readOne(pair.left()));
            assertThat(pair.left().waiters()).isEqualTo(2);

            pair.left().close();

            assertThatThrownBy(writer::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void the_peer_of_what_is_closed_finds_the_end_before_the_thread_that_waits_goes_on() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            try (var _ = new BusyCarriers()) {
                pair.right().close();

                assertThat(pair.left().read(ByteBuffer.allocate(1), PATIENT.get()))
                        .isEqualTo(-1);
            }
            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void the_peer_of_what_is_closed_finds_the_end_before_the_threads_go_on_that_read_and_write()
            throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            var writer = Waiting.on(pair.right(), threads(), () -> writeMuch(pair.right()));
            try (var _ = new BusyCarriers()) {
                pair.right().close();

                var room = ByteBuffer.allocate(1 << 20);
                while (pair.left().read(room.clear(), PATIENT.get()) != -1) {
                    assertThat(room.position()).isPositive();
                }
            }
            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(writer::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    /// Except for an end that is a channel of the JDK: that has to be left first.
    @Test
    default void a_channel_takes_over_before_the_thread_that_waits_goes_on() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            try (var busy = new BusyCarriers()) {
                if (!pair.right().capabilities().contains(Capability.DESCRIPTOR)) {
                    busy.release();
                }
                try (var channel = pair.right().toSocketChannel()) {
                    pair.left().write(UTF_8.encode("on"));
                    busy.release();

                    assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
                    var room = ByteBuffer.allocate(2);
                    while (room.hasRemaining()) {
                        assertThat(channel.read(room)).isPositive();
                    }
                    assertThat(room.flip()).isEqualTo(UTF_8.encode("on"));
                }
            }
        }
    }

    @Test
    default void close_ends_those_in_line_too() throws Exception {
        try (var pair = open()) {
            var first = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            var second = Waiting.inLine(threads(), () -> readOne(pair.right()));

            pair.right().close();

            assertThatThrownBy(first::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(second::get).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void interrupt_ends_a_read_and_closes_the_end() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> flagAfter(() -> readOne(pair.right())));

            reader.interrupt();

            assertThat(reader.get()).isTrue();
            assertThat(pair.right().isOpen()).isFalse();
            assertThat(readOne(pair.left())).isEqualTo(-1);
        }
    }

    @Test
    default void interrupt_ends_a_write_and_closes_the_end() throws Exception {
        try (var pair = open()) {
            var writer = Waiting.on(pair.left(), threads(), () -> flagAfter(() -> writeMuch(pair.left())));

            writer.interrupt();

            assertThat(writer.get()).isTrue();
            assertThat(pair.left().isOpen()).isFalse();
        }
    }

    @Test
    default void an_interrupted_thread_closes_the_end_though_there_is_data() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("unread"));
            var reader = Waiting.start(threads(), () -> {
                Thread.currentThread().interrupt();
                return flagAfter(() -> readOne(pair.right()));
            });

            assertThat(reader.get()).isTrue();
            assertThat(pair.right().isOpen()).isFalse();
        }
    }

    @Test
    default void interrupt_ends_a_wait_for_the_turn_and_closes_the_end() throws Exception {
        try (var pair = open()) {
            var first = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            var second = Waiting.inLine(threads(), () -> flagAfter(() -> readOne(pair.right())));

            second.interrupt();

            assertThat(second.get()).isTrue();
            assertThatThrownBy(first::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void a_wait_for_the_turn_ends_at_its_deadline() throws Exception {
        try (var pair = open()) {
            var first = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            var second =
                    Waiting.start(threads(), () -> pair.right().read(ByteBuffer.allocate(1), StreamContract.soon()));

            assertThatThrownBy(second::get).isInstanceOf(SocketTimeoutException.class);
            assertThat(first.isDone()).isFalse();
            pair.left().write(UTF_8.encode("x"));
            assertThat(first.get()).isOne();
        }
    }

    @Test
    default void a_reader_and_a_writer_do_not_wait_for_each_other() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.left(), threads(), () -> readOne(pair.left()));

            assertThat(pair.left().write(UTF_8.encode("while it waits"))).isEqualTo(14);
            assertThat(reader.isDone()).isFalse();
            pair.right().write(UTF_8.encode("x"));
            assertThat(reader.get()).isOne();
        }
    }

    @Test
    default void half_a_close_wakes_the_peers_reader_and_our_own() throws Exception {
        try (var pair = open()) {
            var peers = Waiting.on(pair.left(), threads(), () -> readOne(pair.left()));
            pair.right().shutdownOutput();
            assertThat(peers.get()).isEqualTo(-1);

            var own = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            pair.right().shutdownInput();
            assertThat(own.get()).isEqualTo(-1);
        }
    }

    @Test
    default void half_a_close_ends_our_own_writer() throws Exception {
        try (var pair = open()) {
            var writer = Waiting.on(pair.left(), threads(), () -> writeMuch(pair.left()));

            pair.left().shutdownOutput();

            assertThatThrownBy(writer::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void half_a_close_ends_the_peers_writer() throws Exception {
        try (var pair = open()) {
            assumeFalse(pair.left().remoteAddress() instanceof InetSocketAddress, "TCP tells nobody of it");
            var writer = Waiting.on(pair.left(), threads(), () -> writeMuch(pair.left()));

            pair.right().shutdownInput();

            assertThatThrownBy(writer::get).isInstanceOf(IOException.class).hasMessageContaining("Broken pipe");
        }
    }

    @Test
    default void many_idle_readers_all_wake() throws Exception {
        int count = 200; // many more than there are processors
        var pairs = new ArrayList<SocketPair<StreamSocket>>();
        var readers = new ArrayList<Waiting<Integer>>();
        try {
            for (int i = 0; i < count; i++) {
                var pair = open();
                pairs.add(pair);
                readers.add(Waiting.on(pair.right(), threads(), () -> readOne(pair.right())));
            }
            for (int i = count - 1; i >= 0; i--) {
                pairs.get(i).left().write(UTF_8.encode("x"));
                assertThat(readers.get(i).get()).isOne();
            }
        } finally {
            for (var pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    default void a_close_that_races_a_read_ends_it_whatever_comes_first() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (var pair = open()) {
                var reader = Waiting.start(threads(), () -> readOne(pair.right()));
                pair.right().close();
                assertThatThrownBy(reader::get).isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    default void an_interrupt_that_races_data_gives_the_byte_or_closes_the_end() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (var pair = open()) {
                var reader = Waiting.start(threads(), () -> readOne(pair.right()));
                pair.left().write(UTF_8.encode("x"));
                reader.interrupt();
                try {
                    assertThat(reader.get()).isOne();
                } catch (ClosedByInterruptException e) {
                    assertThat(pair.right().isOpen()).isFalse();
                }
            }
        }
    }

    @Test
    default void an_interrupt_ends_a_read_only_where_the_end_is_kept_open() throws Exception {
        try (var pair = open()) {
            pair.right().keepOpenWhenInterrupted();
            var reader = Waiting.on(pair.right(), threads(), () -> flagKeptOpen(() -> readOne(pair.right())));

            reader.interrupt();

            assertThat(reader.get()).isTrue();
            pair.left().write(UTF_8.encode("x"));
            assertThat(readOne(pair.right())).isOne();
        }
    }

    @Test
    default void an_interrupted_write_tells_what_it_has_sent_where_the_end_is_kept_open() throws Exception {
        var much = ByteBuffer.allocate(16 << 20);
        try (var pair = open()) {
            pair.left().keepOpenWhenInterrupted();
            var writer = Waiting.on(
                    pair.left(), threads(), () -> flagKeptOpen(() -> pair.left().write(much)));

            writer.interrupt();

            assertThat(writer.get()).isTrue();
            assertThat(much.position()).isPositive();
            pair.left().shutdownOutput();
            assertThat(Bytes.readToEnd(pair.right())).hasSize(much.position());
        }
    }

    @Test
    default void an_interrupt_ends_a_wait_for_the_turn_only_where_the_end_is_kept_open() throws Exception {
        try (var pair = open()) {
            pair.right().keepOpenWhenInterrupted();
            var first = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            var second = Waiting.inLine(threads(), () -> flagKeptOpen(() -> readOne(pair.right())));

            second.interrupt();

            assertThat(second.get()).isTrue();
            pair.left().write(UTF_8.encode("x"));
            assertThat(first.get()).isOne();
        }
    }

    @Test
    default void an_interrupted_thread_reads_what_is_there_where_the_end_is_kept_open() throws Exception {
        try (var pair = open()) {
            pair.right().keepOpenWhenInterrupted();
            pair.left().write(UTF_8.encode("x"));
            var reader = Waiting.start(threads(), () -> {
                Thread.currentThread().interrupt();
                return readOne(pair.right());
            });

            assertThat(reader.get()).isOne();
            assertThat(pair.right().isOpen()).isTrue();
        }
    }

    @Test
    default void an_interrupt_that_races_data_loses_no_byte_where_the_end_is_kept_open() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (var pair = open()) {
                pair.right().keepOpenWhenInterrupted();
                var reader = Waiting.start(threads(), () -> readOne(pair.right()));
                pair.left().write(UTF_8.encode("x"));
                reader.interrupt();
                try {
                    assertThat(reader.get()).isOne();
                } catch (InterruptedIOException e) {
                    assertThat(readOne(pair.right())).isOne();
                }
            }
        }
    }

    /// Runs a call that an interrupt must end, and returns whether the thread's flag is still set then.
    private static boolean flagKeptOpen(Callable<?> call) throws Exception {
        try {
            Object answer = call.call();
            throw new AssertionError("not interrupted: " + answer);
        } catch (InterruptedIOException expected) {
            assertThat(expected).isNotInstanceOf(SocketTimeoutException.class);
            return Thread.currentThread().isInterrupted();
        }
    }

    /// Runs a call that an interrupt must end, and returns whether the thread's flag is still set then.
    private static boolean flagAfter(Callable<?> call) throws Exception {
        try {
            Object answer = call.call();
            throw new AssertionError("not interrupted: " + answer);
        } catch (ClosedByInterruptException expected) {
            return Thread.currentThread().isInterrupted();
        }
    }

    @Test
    default void a_read_that_waits_and_a_write_that_waits_end_when_all_waiting_does() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.left(), threads(), () -> readOne(pair.left()));
            var writer = Waiting.on(pair.left(), threads(), () -> writeMuch(pair.left()));

            pair.left().endWaiting(NOW, () -> new InterruptedIOException("no use"));

            assertThatThrownBy(reader::get).isExactlyInstanceOf(InterruptedIOException.class);
            assertThatThrownBy(writer::get).isExactlyInstanceOf(InterruptedIOException.class);
            assertThat(pair.left().isOpen()).isTrue();
        }
    }

    @Test
    default void one_waits_until_waiting_ends_and_no_longer() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> readOne(pair.right()));
            pair.right().endWaiting(Deadline.after(Duration.ofHours(1)), () -> new IOException("not yet"));
            pair.left().write(ByteBuffer.allocate(1));
            assertThat(reader.get()).isOne();
            assertThatThrownBy(() -> pair.right().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofMillis(20))))
                    .isInstanceOf(SocketTimeoutException.class);

            pair.right().endWaiting(Deadline.after(Duration.ofMillis(50)), () -> new IOException("no use"));
            assertThatThrownBy(Waiting.start(threads(), () -> readOne(pair.right()))::get)
                    .hasMessage("no use");
        }
    }

    @Test
    default void what_has_come_is_read_before_a_wait_is_refused() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("hello"));
            assertThat(readOne(pair.right())).isOne(); // so that the rest has come as well
            var made = new ArrayList<IOException>();
            pair.right().endWaiting(NOW, () -> {
                made.add(new IOException("no use"));
                return made.getLast();
            });

            assertThat(Waiting.start(threads(), () -> Bytes.read(pair.right(), 4))
                            .get())
                    .isEqualTo("ello".getBytes(UTF_8));
            for (Callable<?> call : List.<Callable<?>>of(
                    () -> readOne(pair.right()),
                    () -> pair.right().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofMinutes(1))),
                    () -> pair.right().tryRead(ByteBuffer.allocate(1)))) {
                assertThatThrownBy(Waiting.start(threads(), call)::get).isSameAs(made.getLast());
            }
            assertThat(made).hasSize(3);
        }
    }

    @Test
    default void what_there_is_room_for_is_sent_and_the_end_is_told_though_waits_are_refused() throws Exception {
        try (var pair = open()) {
            pair.right().endWaiting(NOW, () -> new IOException("no use"));

            pair.right().write(UTF_8.encode("hello"));
            assertThat(Bytes.read(pair.left(), 5)).isEqualTo("hello".getBytes(UTF_8));
            var much = ByteBuffer.allocate(16 << 20);
            assertThatThrownBy(() -> pair.right().write(much)).hasMessage("no use");
            assertThat(much.position()).isPositive().isLessThan(much.limit());
            pair.left().shutdownOutput();
            Await.until(() -> finds(pair.right(), -1), Duration.ofSeconds(20)); // that of TCP takes a moment
        }
    }

    private static boolean finds(StreamSocket end, int expected) {
        try {
            return readOne(end) == expected;
        } catch (IOException refused) {
            return false;
        }
    }
}
