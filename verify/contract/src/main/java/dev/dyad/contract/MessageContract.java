package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketOptions;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every connected pair of message sockets does, whatever its type and whatever kind of thread calls it.
@Timeout(60)
public interface MessageContract {

    SocketPair<MessageSocket> open() throws IOException;

    ThreadFactory threads();

    @Test
    default void messages_keep_their_boundaries_in_both_directions() throws Exception {
        try (var pair = open()) {
            for (String message : new String[] {"one", "two and more", "3"}) {
                pair.left().send(UTF_8.encode(message));
                pair.right().send(UTF_8.encode(message + "!"));
            }
            for (String message : new String[] {"one", "two and more", "3"}) {
                assertThat(text(pair.right())).isEqualTo(message);
                assertThat(text(pair.left())).isEqualTo(message + "!");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 4093, 65_537, 150_000})
    default void a_message_of_any_size_arrives_whole(int size) throws Exception {
        byte[] sent = Bytes.random(new Random(size), size);
        try (var pair = open()) {
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer source = buffer(size, direct).put(sent).flip();
                pair.left().send(source);
                assertThat(source.hasRemaining()).isFalse();

                ByteBuffer target = buffer(size + 7, direct);
                try (Received received = pair.right().receive(target)) {
                    assertThat(received.length()).isEqualTo(size);
                    assertThat(received.fullLength()).isEqualTo(size);
                    assertThat(received.isTruncated()).isFalse();
                    assertThat(received.isEnd()).isFalse();
                }
                assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(sent));
            }
        }
    }

    @Test
    default void a_truncated_message_says_so_and_how_long_it_was() throws Exception {
        try (var pair = open()) {
            pair.left().send(ByteBuffer.allocate(100));
            pair.left().send(UTF_8.encode("next"));

            ByteBuffer target = ByteBuffer.allocate(10);
            try (Received received = pair.right().receive(target)) {
                assertThat(received.length()).isEqualTo(10);
                assertThat(received.fullLength()).isEqualTo(100);
                assertThat(received.isTruncated()).isTrue();
                assertThat(target.position()).isEqualTo(10);
            }
            assertThat(text(pair.right())).isEqualTo("next");
        }
    }

    @Test
    default void a_buffer_without_room_loses_a_message_and_says_so() throws Exception {
        try (var pair = open()) {
            pair.left().send(UTF_8.encode("four"));
            try (Received received = pair.right().receive(ByteBuffer.allocate(0))) {
                assertThat(received.length()).isZero();
                assertThat(received.fullLength()).isEqualTo(4);
            }
        }
    }

    @Test
    default void an_empty_message_is_a_message() throws Exception {
        try (var pair = open()) {
            pair.left().send(ByteBuffer.allocate(0));
            pair.left().send(UTF_8.encode("after"));
            try (Received received = pair.right().receive(ByteBuffer.allocate(10))) {
                assertThat(received.isEnd()).isFalse();
                assertThat(received.length()).isZero();
            }
            assertThat(text(pair.right())).isEqualTo("after");
        }
    }

    @Test
    default void a_message_says_who_sent_it_where_that_was_asked_for_and_only_there() throws Exception {
        try (var pair = open()) {
            pair.right().setOption(SocketOptions.SO_PASSCRED, true);
            pair.left().send(UTF_8.encode("there"));
            pair.right().send(UTF_8.encode("back"));

            try (Received received = pair.right().receive(ByteBuffer.allocate(10))) {
                assertThat(Objects.requireNonNull(received.credentials()).pid())
                        .isEqualTo(ProcessHandle.current().pid());
            }
            try (Received received = pair.left().receive(ByteBuffer.allocate(10))) {
                assertThat(received.credentials()).isNull();
            }
        }
    }

    @Test
    default void bytes_behind_the_message_stay_what_they_were() throws Exception {
        try (var pair = open()) {
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer target = buffer(64, direct);
                while (target.hasRemaining()) {
                    target.put((byte) 7);
                }
                pair.left().send(UTF_8.encode("hello"));
                target.clear();
                pair.right().receive(target).close();
                assertThat(target.position()).isEqualTo(5);
                for (int i = 5; i < 64; i++) {
                    assertThat(target.get(i)).isEqualTo((byte) 7);
                }
            }
        }
    }

    @Test
    default void a_receive_waits_until_its_deadline_and_loses_nothing() throws Exception {
        try (var pair = open()) {
            var receiving = Waiting.start(
                    threads(),
                    () -> pair.right().receive(ByteBuffer.allocate(9), Deadline.after(Duration.ofMillis(30))));
            assertThatThrownBy(receiving::get).isInstanceOf(SocketTimeoutException.class);

            pair.left().send(UTF_8.encode("late"));
            assertThat(text(pair.right())).isEqualTo("late");
        }
    }

    @Test
    default void what_nobody_receives_makes_the_sender_wait() throws Exception {
        try (var pair = open()) {
            fill(pair.left());
            assertThat(pair.left().trySend(ByteBuffer.allocate(4093))).isFalse();
            ByteBuffer message = ByteBuffer.allocate(4093).put(0, (byte) 1);
            assertThatThrownBy(() -> pair.left().send(message, Deadline.after(Duration.ofMillis(20))))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(message.remaining()).isEqualTo(4093);

            var sending = Waiting.on(pair.left(), threads(), () -> {
                pair.left().send(message);
                return message.remaining();
            });
            var arriving = ByteBuffer.allocate(4093);
            do {
                pair.right().receive(arriving.clear()).close();
            } while (arriving.get(0) == 0); // not until the sender is done: it may be so later than its message is here
            assertThat(sending.get()).isZero();
        }
    }

    @Test
    default void nothing_there_is_answered_at_once_when_asked_so() throws Exception {
        try (var pair = open()) {
            assertThat(pair.right().tryReceive(ByteBuffer.allocate(1), 0)).isNull();
            assertThat(pair.left().trySend(UTF_8.encode("x"))).isTrue();
            try (Received received = pair.right().tryReceive(ByteBuffer.allocate(1), 0)) {
                assertThat(received).isNotNull();
                assertThat(received.length()).isOne();
            }
        }
    }

    @Test
    default void a_try_does_not_wait_for_its_turn() throws Exception {
        try (var pair = open()) {
            var receiving = Waiting.on(pair.right(), threads(), () -> text(pair.right()));
            assertThat(pair.right().tryReceive(ByteBuffer.allocate(1), 0)).isNull();
            pair.left().send(UTF_8.encode("x"));
            assertThat(receiving.get()).isEqualTo("x");
        }
    }

    @Test
    default void a_close_ends_a_receive_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var receiving =
                    Waiting.on(pair.right(), threads(), () -> pair.right().receive(ByteBuffer.allocate(1)));
            pair.right().close();
            assertThatThrownBy(receiving::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> pair.right().receive(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void an_interrupt_ends_a_receive_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var receiving = Waiting.on(pair.right(), threads(), () -> {
                try {
                    return pair.right().receive(ByteBuffer.allocate(1));
                } finally {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            });
            receiving.interrupt();
            assertThatThrownBy(receiving::get).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(pair.right().isOpen()).isFalse();
        }
    }

    @Test
    default void a_close_ends_a_send_that_is_waiting() throws Exception {
        try (var pair = open()) {
            fill(pair.left());
            ByteBuffer message = ByteBuffer.allocate(4093);
            var sending = Waiting.on(pair.left(), threads(), () -> {
                pair.left().send(message);
                return null;
            });
            pair.left().close();
            assertThatThrownBy(sending::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(message.remaining()).isEqualTo(4093);
        }
    }

    @Test
    default void a_sender_and_a_receiver_of_one_end_do_not_wait_for_each_other() throws Exception {
        try (var pair = open()) {
            var receiving = Waiting.on(pair.left(), threads(), () -> text(pair.left()));
            pair.left().send(UTF_8.encode("out"));
            assertThat(text(pair.right())).isEqualTo("out");
            pair.right().send(UTF_8.encode("in"));
            assertThat(receiving.get()).isEqualTo("in");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 4093, 20_000})
    default void a_message_of_several_buffers_is_one_message(int size) throws Exception {
        try (var pair = open()) {
            var parts = new ByteBuffer[] {
                ByteBuffer.allocate(size).put(0, (byte) 1),
                ByteBuffer.allocateDirect(size).put(0, (byte) 2),
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(size).put(size - 1, (byte) 3)
            };
            pair.left().send(parts);
            assertThat(parts[3].hasRemaining()).isFalse();

            var targets = new ByteBuffer[] {ByteBuffer.allocateDirect(size), ByteBuffer.allocate(3 * size)};
            try (Received received = pair.right().receive(targets, 0, Deadline.never())) {
                assertThat(received.length()).isEqualTo(3 * size);
                assertThat(received.isTruncated()).isFalse();
            }
            assertThat(targets[0].flip().get(0)).isEqualTo((byte) 1);
            assertThat(targets[0].remaining()).isEqualTo(size);
            assertThat(targets[1].flip().remaining()).isEqualTo(2 * size);
            assertThat(targets[1].get(0)).isEqualTo((byte) 2);
            assertThat(targets[1].get(2 * size - 1)).isEqualTo((byte) 3);
        }
    }

    @Test
    default void a_message_has_as_many_buffers_as_one_call_takes() throws Exception {
        try (var pair = open()) {
            var parts = new ByteBuffer[1023];
            Arrays.setAll(parts, i -> ByteBuffer.wrap(new byte[] {(byte) i}));
            pair.left().send(parts);
            ByteBuffer target = ByteBuffer.allocate(2000);
            try (Received received = pair.right().receive(target)) {
                assertThat(received.length()).isEqualTo(1023);
            }
            assertThat(target.get(1022)).isEqualTo((byte) 1022);

            var tooMany = new ByteBuffer[1024];
            Arrays.setAll(tooMany, _ -> ByteBuffer.allocate(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.left().send(tooMany))
                    .withMessageContaining("1023");
        }
    }

    @Test
    default void a_look_leaves_a_message_where_it_is() throws Exception {
        try (var pair = open()) {
            assertThat(pair.right().tryPeek(ByteBuffer.allocate(1))).isNull();
            assertThatThrownBy(() -> pair.right().peek(ByteBuffer.allocate(1), Deadline.after(Duration.ofMillis(1))))
                    .isInstanceOf(SocketTimeoutException.class);
            var looking = Waiting.on(
                    pair.right(), threads(), () -> pair.right().peek(ByteBuffer.allocate(0), Deadline.never()));
            pair.left().send(UTF_8.encode("hello"));
            try (Received length = looking.get()) {
                assertThat(length.fullLength()).isEqualTo(5);
                assertThat(length.isTruncated()).isTrue();
            }
            ByteBuffer target = ByteBuffer.allocate(100_000);
            try (Received looked = pair.right().tryPeek(target)) {
                assertThat(looked).isNotNull();
            }
            assertThat(UTF_8.decode(target.flip()).toString()).isEqualTo("hello");
            assertThat(text(pair.right())).isEqualTo("hello");
            assertThat(pair.right().tryPeek(ByteBuffer.allocate(1))).isNull();
        }
    }

    @Test
    default void a_look_tells_an_empty_message() throws Exception {
        try (var pair = open()) {
            pair.left().send(ByteBuffer.allocate(0));
            try (Received looked = pair.right().peek(ByteBuffer.allocate(1), Deadline.never());
                    Received received = pair.right().receive(ByteBuffer.allocate(1))) {
                assertThat(looked.isEnd()).isFalse();
                assertThat(looked.length()).isZero();
                assertThat(received.isEnd()).isFalse();
            }
        }
    }

    @Test
    default void a_batch_goes_and_comes_in_order() throws Exception {
        try (var pair = open()) {
            MessageBatch out = MessageBatch.allocate(32, 64);
            for (int i = 0; i < 32; i++) {
                out.add(UTF_8.encode("message " + i));
            }
            assertThatThrownBy(() -> out.add(ByteBuffer.allocate(1))).isInstanceOf(BufferOverflowException.class);

            MessageBatch in = MessageBatch.allocate(40, 16);
            var messages = new ArrayList<String>();
            int rounds = 3;
            var sending = Waiting.start(threads(), () -> {
                for (int i = 0; i < rounds; i++) {
                    out.rewind();
                    pair.left().send(out);
                }
                return out.sent();
            });
            while (messages.size() < rounds * 32) {
                int count = pair.right().receive(in);
                assertThat(count).isPositive().isEqualTo(in.count());
                for (int i = 0; i < count; i++) {
                    assertThat(in.isTruncated(i)).isFalse();
                    messages.add(UTF_8.decode(in.message(i)).toString());
                }
            }
            assertThat(sending.get()).isEqualTo(32);
            for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i)).isEqualTo("message " + i % 32);
            }
        }
    }

    @Test
    default void a_batch_tells_truncated_and_empty_messages() throws Exception {
        try (var pair = open()) {
            pair.left().send(ByteBuffer.allocate(0));
            pair.left().send(ByteBuffer.allocate(20));
            pair.left().send(UTF_8.encode("ok"));
            MessageBatch in = MessageBatch.allocate(8, 4);
            assertThat(pair.right().receive(in)).isEqualTo(3);
            assertThat(in.message(0).remaining()).isZero();
            assertThat(in.isTruncated(0)).isFalse();
            assertThat(in.fullLength(1)).isEqualTo(20);
            assertThat(in.isTruncated(1)).isTrue();
            assertThat(in.message(1).remaining()).isEqualTo(4);
            assertThat(UTF_8.decode(in.message(2)).toString()).isEqualTo("ok");
        }
    }

    @Test
    default void a_batch_that_was_received_can_be_filled_anew() throws Exception {
        try (var pair = open()) {
            MessageBatch batch = MessageBatch.allocate(2, 64);
            pair.left().send(UTF_8.encode("a"));
            assertThat(pair.right().receive(batch)).isOne();
            batch.add(UTF_8.encode("longer than a"));
            assertThat(batch.count()).isOne();
            pair.right().send(batch);
            assertThat(text(pair.left())).isEqualTo("longer than a");
        }
    }

    @Test
    default void a_buffer_that_cannot_be_written_to_is_refused_before_anything_is_received() throws Exception {
        try (var pair = open()) {
            pair.left().send(UTF_8.encode("kept"));
            ByteBuffer readOnly = ByteBuffer.allocate(10).asReadOnlyBuffer();
            assertThatIllegalArgumentException().isThrownBy(() -> pair.right().receive(readOnly));
            assertThat(text(pair.right())).isEqualTo("kept");
        }
    }

    /// Receives one message as text.
    static String text(MessageSocket end) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(1000);
        try (Received received = end.receive(target)) {
            assertThat(received.isEnd()).isFalse();
            return UTF_8.decode(target.flip()).toString();
        }
    }

    /// Sends until there is no room.
    static void fill(MessageSocket end) throws IOException {
        while (end.trySend(ByteBuffer.allocate(4093))) {}
    }

    private static ByteBuffer buffer(int size, boolean direct) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }
}
