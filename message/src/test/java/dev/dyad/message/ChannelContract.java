package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every channel does, whatever it is over and whatever kind of thread calls it.
@NullUnmarked // what is not there fails the test
@Timeout(60)
interface ChannelContract {

    Line open(Wire wire) throws IOException;

    ThreadFactory threads();

    static byte[] random(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] receive(MessageChannel channel) throws IOException {
        try (Message message = channel.receive()) {
            return message == null ? null : bytes(message);
        }
    }

    static byte[] bytes(Message message) throws IOException {
        ByteBuffer bytes = message.bytes().duplicate();
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    static byte[] frame(byte... message) {
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static boolean flagAfter(Callable<?> call) throws Exception {
        try {
            Object answer = call.call();
            throw new AssertionError("not interrupted: " + answer);
        } catch (SocketTimeoutException late) {
            throw new AssertionError(late);
        } catch (InterruptedIOException expected) {
            return Thread.currentThread().isInterrupted();
        }
    }

    @Test
    default void a_message_arrives_whole_and_so_does_its_answer() throws Exception {
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            line.channel().send(UTF_8.encode("hello"));
            assertThat(receive(other)).asString().isEqualTo("hello");

            other.send(ByteBuffer.allocate(0));
            assertThat(receive(line.channel())).isEmpty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    default void messages_of_all_lengths_arrive_in_order(long seed) throws Exception {
        int[] edges = {0, 1, 508, 512, 513, 1 << 14, (1 << 14) + 1, 65_532, 65_536, 1 << 20, (1 << 20) + 1, 3_000_000};
        var random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sent.add(random(random, i % 5 == 0 ? edges[random.nextInt(edges.length)] : random.nextInt(2000)));
        }
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            var sender = Call.start(threads(), () -> {
                for (byte[] one : sent) {
                    line.channel().send(ByteBuffer.wrap(one));
                }
                return line.channel().shutdownOutput();
            });

            for (byte[] one : sent) {
                assertThat(receive(other)).isEqualTo(one);
            }
            assertThat(receive(other)).isNull();
            sender.get();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void messages_of_many_senders_arrive_once_each_and_in_the_order_of_each(long seed) throws Exception {
        int senders = 8;
        int each = 400;
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            List<Call<?>> calls = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                int number = sender;
                calls.add(Call.start(threads(), () -> sendNumbered(line.channel(), number, each, seed)));
            }
            var next = new int[senders];
            for (int i = 0; i < senders * each; i++) {
                ByteBuffer message = ByteBuffer.wrap(receive(other));
                int sender = message.getInt();
                assertThat(message.getInt()).isEqualTo(next[sender]++);
                while (message.hasRemaining()) {
                    assertThat(message.get()).isEqualTo((byte) sender);
                }
            }
            for (Call<?> call : calls) {
                call.get();
            }
        }
    }

    private static Void sendNumbered(MessageChannel channel, int sender, int count, long seed) throws IOException {
        var random = new Random(seed + sender);
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(200);
            ByteBuffer message = ByteBuffer.allocate(8 + length).putInt(sender).putInt(i);
            Arrays.fill(message.array(), 8, 8 + length, (byte) sender);
            channel.send(message.flip());
        }
        return null;
    }

    @Test
    default void each_message_is_received_by_one_of_many() throws Exception {
        Set<Integer> received = ConcurrentHashMap.newKeySet();
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            List<Call<Integer>> receivers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                receivers.add(Call.start(threads(), () -> {
                    int count = 0;
                    for (byte[] one = receive(other); one != null; one = receive(other)) {
                        assertThat(received.add(ByteBuffer.wrap(one).getInt())).isTrue();
                        count++;
                    }
                    return count;
                }));
            }
            for (int i = 0; i < 2000; i++) {
                line.channel().send(ByteBuffer.allocate(4).putInt(i).flip());
            }
            line.channel().shutdownOutput();

            int sum = 0;
            for (Call<Integer> receiver : receivers) {
                sum += receiver.get();
            }
            assertThat(sum).isEqualTo(2000);
            assertThat(received).hasSize(2000);
        }
    }

    @Test
    default void both_sides_send_without_reading_and_each_still_reads() throws Exception {
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            byte[] much = random(new Random(1), 2 << 20);
            var there = Call.waiting(threads(), () -> line.waiters() > 0, () -> {
                line.channel().send(ByteBuffer.wrap(much));
                return null;
            });
            var back = Call.start(threads(), () -> {
                other.send(ByteBuffer.wrap(much));
                return null;
            });

            assertThat(receive(line.channel())).isEqualTo(much);
            assertThat(receive(other)).isEqualTo(much);
            there.get();
            back.get();
        }
    }

    @Test
    default void an_interrupt_of_a_receiver_ends_its_call_only() throws Exception {
        try (Line line = open(Wire.framed())) {
            var first =
                    Call.waiting(threads(), () -> line.waiters() == 1, () -> flagAfter(() -> receive(line.channel())));
            var second = Call.parked(threads(), () -> flagAfter(() -> receive(line.channel())));

            second.interrupt();
            assertThat(second.get()).isTrue();
            first.interrupt();
            assertThat(first.get()).isTrue();

            line.write(frame((byte) 7));
            assertThat(receive(line.channel())).containsExactly(7);
        }
    }

    @Test
    default void what_came_of_a_message_is_kept_when_its_receiver_gives_up() throws Exception {
        byte[] message = random(new Random(2), 5000);
        byte[] frame = frame(message);
        for (int cut : new int[] {1, 3, 4, 5, 600, 4999}) {
            try (Line line = open(Wire.framed())) {
                line.write(Arrays.copyOf(frame, cut));
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> line.channel().receive(Line.soon()))
                        .withMessage("receive: the deadline has passed");
                assertThat(line.channel().tryReceive()).isNull();

                line.write(Arrays.copyOfRange(frame, cut, frame.length));
                assertThat(receive(line.channel())).isEqualTo(message);
            }
        }
    }

    @Test
    default void what_a_sender_has_begun_is_written_on_when_its_deadline_has_passed() throws Exception {
        byte[] message = random(new Random(3), 900_000);
        try (Line line = open(Wire.framed())) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> line.channel().send(ByteBuffer.wrap(message), Line.soon()))
                    .satisfies(late -> assertThat(late.bytesTransferred).isPositive());
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> line.channel().send(ByteBuffer.allocate(100_000), Line.soon()))
                    .satisfies(late -> assertThat(late.bytesTransferred).isZero());
            line.channel().send(UTF_8.encode("next"));

            assertThat(line.read(frame(message).length)).isEqualTo(frame(message));
            assertThat(line.read(8)).isEqualTo(frame("next".getBytes(UTF_8)));
        }
    }

    @Test
    default void what_a_sender_has_begun_is_written_on_when_it_is_interrupted() throws Exception {
        byte[] message = random(new Random(4), 900_000);
        try (Line line = open(Wire.framed())) {
            var sender = Call.waiting(
                    threads(),
                    () -> line.waiters() > 0,
                    () -> flagAfter(() -> {
                        line.channel().send(ByteBuffer.wrap(message));
                        return null;
                    }));

            sender.interrupt();

            assertThat(sender.get()).isTrue();
            assertThat(line.read(frame(message).length)).isEqualTo(frame(message));
        }
    }

    @Test
    default void a_sender_that_gives_up_within_too_long_a_message_ends_the_channel() throws Exception {
        try (Line line = open(Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().send(ByteBuffer.allocate(4 << 20), Line.soon()))
                    .withMessageContaining("gave up within a message");
            assertThat(line.channel().closed()).containsInstanceOf(Closed.Here.class);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive());
        }
    }

    @Test
    default void small_messages_wait_in_the_channel_behind_one_that_is_being_written() throws Exception {
        byte[] large = random(new Random(5), 600_000);
        try (Line line = open(Wire.framed())) {
            var sender = Call.waiting(threads(), () -> line.waiters() > 0, () -> {
                line.channel().send(ByteBuffer.wrap(large));
                return null;
            });
            for (byte i = 0; i < 100; i++) {
                line.channel().send(ByteBuffer.wrap(new byte[] {i})); // at once, since there is room behind it
            }
            assertThat(line.channel().trySend(ByteBuffer.wrap(new byte[] {100})))
                    .isTrue();
            assertThat(line.channel().trySend(ByteBuffer.allocate(1 << 15))).isFalse();

            assertThat(line.read(frame(large).length)).isEqualTo(frame(large));
            for (byte i = 0; i <= 100; i++) {
                assertThat(line.read(5)).isEqualTo(frame(i));
            }
            sender.get();
        }
    }

    @Test
    default void one_that_waits_for_room_gives_up_at_its_deadline_and_nothing_of_it_is_sent() throws Exception {
        byte[] large = random(new Random(6), 600_000);
        try (Line line = open(Wire.framed())) {
            var first = Call.waiting(threads(), () -> line.waiters() > 0, () -> {
                line.channel().send(ByteBuffer.wrap(large));
                return null;
            });
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> line.channel().send(ByteBuffer.allocate(1 << 15), Line.soon()))
                    .withMessageContaining("nothing of it was sent");
            var interrupted = Call.parked(
                    threads(),
                    () -> flagAfter(() -> {
                        line.channel().send(ByteBuffer.allocate(1 << 15));
                        return null;
                    }));
            interrupted.interrupt();
            assertThat(interrupted.get()).isTrue();
            line.channel().send(ByteBuffer.wrap(new byte[] {9}));

            assertThat(line.read(frame(large).length)).isEqualTo(frame(large));
            assertThat(line.read(5)).isEqualTo(frame((byte) 9));
            first.get();
        }
    }

    @Test
    default void a_try_sends_what_there_is_room_for_and_the_rest_follows() throws Exception {
        byte[] message = random(new Random(7), 1 << 20);
        try (Line line = open(Wire.framed())) {
            ByteBuffer source = ByteBuffer.wrap(message);
            assertThat(line.channel().trySend(source)).isTrue();
            assertThat(source.hasRemaining()).isFalse();

            assertThat(line.read(frame(message).length)).isEqualTo(frame(message));
        }
    }

    @Test
    default void a_message_over_the_limit_ends_the_channel_before_it_comes() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.channel().limit(1000);
            line.write(frame(new byte[1000]));
            assertThat(receive(line.channel())).hasSize(1000);
            line.write((byte) 0, (byte) 0, (byte) 3, (byte) 0xe9);

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .withMessageContaining("a message of 1001 bytes (the limit is 1000) at byte 1004");
            assertThat(line.channel().closed()).containsInstanceOf(Closed.Misbehaved.class);
        }
    }

    @Test
    default void garbage_before_the_first_message_is_shown() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.write("Could not open input file: worker.php\n".getBytes(UTF_8));

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .withMessageContaining("at byte 0: \"Could not open input file: worker.php\\n\"")
                    .withCauseInstanceOf(WireException.class);
        }
    }

    @Test
    default void an_end_between_messages_is_orderly_and_one_within_is_not() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.write(frame((byte) 1));
            line.end();
            assertThat(receive(line.channel())).containsExactly(1);
            assertThat(line.channel().receive()).isNull();
            assertThat(line.channel().receive()).isNull();
            assertThat(line.channel().tryReceive()).isNull();
            assertThat(line.channel().closed()).contains(new Closed.Ended());
        }
        for (int cut : new int[] {1, 4, 5, 12}) {
            try (Line line = open(Wire.framed())) {
                line.write(Arrays.copyOf(frame(new byte[10]), cut));
                line.end();
                assertThatExceptionOfType(ChannelClosedException.class)
                        .isThrownBy(() -> line.channel().receive())
                        .withMessageContaining("within a message, at byte");
                assertThat(line.channel().closed()).containsInstanceOf(Closed.Broken.class);
            }
        }
    }

    @Test
    default void a_close_ends_every_call_by_the_same_event() throws Exception {
        try (Line line = open(Wire.framed())) {
            var receiving = Call.waiting(
                    threads(), () -> line.waiters() == 1, () -> line.channel().receive());
            var inLine = Call.parked(threads(), () -> line.channel().receive());
            var sending = Call.waiting(threads(), () -> line.waiters() == 2, () -> {
                line.channel().send(ByteBuffer.allocate(4 << 20));
                return null;
            });
            var behind = Call.parked(threads(), () -> {
                line.channel().send(ByteBuffer.allocate(4 << 20));
                return null;
            });
            var told = line.channel().onClosed();

            line.channel().close();

            Closed event = line.channel().closed().orElseThrow();
            assertThat(event).isEqualTo(new Closed.Here("closed"));
            for (Call<?> call : List.of(receiving, inLine, sending, behind)) {
                assertThatExceptionOfType(ChannelClosedException.class)
                        .isThrownBy(call::get)
                        .satisfies(e -> assertThat(e.closed()).isSameAs(event));
            }
            assertThat(told.get()).isSameAs(event);
            assertThatThrownBy(() -> line.channel().send(ByteBuffer.allocate(1)))
                    .isInstanceOf(ChannelClosedException.class);
            assertThatThrownBy(() -> line.channel().tryReceive()).isInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    default void a_peer_that_is_gone_ends_the_senders_and_what_it_sent_is_still_received() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.write(frame((byte) 1));
            line.write(frame((byte) 2));
            for (var end : line.otherEnds()) {
                end.close();
            }
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> {
                while (true) {
                    line.channel().send(ByteBuffer.allocate(100));
                }
            });
            Closed event = line.channel().closed().orElseThrow();
            assertThat(event).isInstanceOf(Closed.Broken.class);
            assertThat(receive(line.channel())).containsExactly(1);
            assertThat(receive(line.channel())).containsExactly(2);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .satisfies(e -> assertThat(e.closed()).isSameAs(event));
        }
    }

    @Test
    default void a_long_message_is_handed_out_as_it_comes_and_the_next_waits_for_it() throws Exception {
        byte[] message = random(new Random(8), 5 << 20);
        try (Line line = open(Wire.framed())) {
            var peer = Call.start(threads(), () -> {
                line.write(frame(message));
                line.write(frame((byte) 1));
                line.write(frame(message));
                line.write(frame((byte) 2));
                return null;
            });
            Message first = line.channel().receive();
            try {
                assertThat(first.length()).isEqualTo(message.length);
                var second = Call.parked(threads(), () -> receive(line.channel()));
                assertThat(line.channel().tryReceive()).isNull();
                ByteBuffer part = ByteBuffer.allocate(1000);
                first.body().read(part);
                assertThat(part.flip())
                        .isEqualTo(ByteBuffer.wrap(message, 0, part.remaining()).slice());
                assertThat(second.isDone()).isFalse();
                first.close(); // the rest is skipped
                assertThat(second.get()).containsExactly(1);
            } finally {
                first.close();
            }
            assertThat(receive(line.channel())).isEqualTo(message);
            assertThat(receive(line.channel())).containsExactly(2);
            peer.get();
        }
    }

    @Test
    default void a_close_ends_one_who_reads_a_long_message_and_one_who_waits_behind() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.write((byte) 0, (byte) 0x20, (byte) 0, (byte) 0);
            Message message = line.channel().receive();
            var reading = Call.waiting(threads(), () -> line.waiters() == 1, message::bytes);
            var behind = Call.parked(threads(), () -> line.channel().receive());

            line.channel().close();

            assertThatThrownBy(reading::get).isInstanceOf(ChannelClosedException.class);
            assertThatThrownBy(behind::get).isInstanceOf(ChannelClosedException.class);
            message.close();
        }
    }

    @Test
    default void lines_are_messages_too_and_one_with_a_newline_is_refused() throws Exception {
        Wire wire = new TestWires.Lines();
        try (Line line = open(wire);
                MessageChannel other = line.other(wire)) {
            for (int length : new int[] {0, 1, 511, 512, 513, 70_000, 1 << 21}) {
                byte[] text = "x".repeat(length).getBytes(UTF_8);
                var sender = Call.start(threads(), () -> {
                    line.channel().send(ByteBuffer.wrap(text));
                    line.channel().send(UTF_8.encode("next"));
                    return null;
                });
                assertThat(receive(other)).isEqualTo(text);
                assertThat(receive(other)).asString().isEqualTo("next");
                sender.get();
            }
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> line.channel().send(UTF_8.encode("two\nlines")))
                    .withMessageContaining("at 3");
            other.limit(10);
            line.channel().send(UTF_8.encode("12345678901"));
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(other::receive)
                    .withMessageContaining("the limit is 10");
        }
    }

    @Test
    default void a_message_may_be_cut_anywhere() throws Exception {
        byte[] frames = concat(frame(), frame("one".getBytes(UTF_8)), frame(new byte[600]), frame((byte) 1));
        for (int cut = 1; cut < frames.length; cut++) {
            try (Line line = open(Wire.framed())) {
                line.write(Arrays.copyOf(frames, cut));
                List<byte[]> come = new ArrayList<>();
                for (Message one = line.channel().tryReceive();
                        one != null;
                        one = line.channel().tryReceive()) {
                    come.add(bytes(one));
                }
                line.write(Arrays.copyOfRange(frames, cut, frames.length));
                while (come.size() < 4) {
                    come.add(receive(line.channel()));
                }
                assertThat(come.stream().map(one -> one.length)).containsExactly(0, 3, 600, 1);
            }
        }
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    @Test
    default void after_the_output_is_shut_nothing_is_sent_and_all_is_received() throws Exception {
        try (Line line = open(Wire.framed());
                MessageChannel other = line.other(Wire.framed())) {
            line.channel().send(ByteBuffer.wrap(new byte[] {1}));
            line.channel().shutdownOutput();
            line.channel().shutdownOutput();
            assertThatThrownBy(() -> line.channel().send(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(java.nio.channels.ClosedChannelException.class);
            assertThat(receive(other)).containsExactly(1);
            assertThat(other.receive()).isNull();
        }
    }

    @Test
    default void a_deadline_that_has_passed_takes_what_is_there() throws Exception {
        try (Line line = open(Wire.framed())) {
            line.write(frame((byte) 1));
            try (Message message = line.channel().receive(Line.now())) {
                assertThat(bytes(message)).containsExactly(1);
            }
            line.channel().send(ByteBuffer.wrap(new byte[] {1}), Line.now());
            assertThat(line.read(5)).isEqualTo(frame((byte) 1));
            assertThat(Deadline.never().hasPassed()).isFalse();
        }
    }
}
