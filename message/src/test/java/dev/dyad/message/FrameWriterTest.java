package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Pipe;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of messages where a write ends in the middle, over a transport that does as it is told.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class FrameWriterTest {

    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();
    private static final int LARGE = 20_000;

    private final ScriptedTransport transport = new ScriptedTransport();
    private final Ending ending = new Ending(ChannelPeer.UNKNOWN, this::react);
    private FrameWriter writer = writer(Wire.framed());

    private FrameWriter writer(Wire wire) {
        return new FrameWriter(transport, ending, new FrameLayout(wire), UnaryOperator.identity());
    }

    private void react(Closed event) {
        writer.ended();
        if (event instanceof Closed.Here) {
            transport.close();
        }
    }

    private static byte[] filled(int length, int with) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private Void send(byte[] message) throws Exception {
        writer.send(ByteBuffer.wrap(message), List.of(), Deadline.never());
        return null;
    }

    private Call<?> blocked(byte[] message) {
        return Call.waiting(THREADS, transport::isBlocked, () -> send(message));
    }

    private void awaitTaken(byte[]... frames) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(frames).mapToInt(frame -> frame.length).sum());
        Arrays.stream(frames).forEach(all::put);
        Await.until(() -> transport.taken().length >= all.capacity(), Duration.ofSeconds(30));
        assertThat(transport.taken()).isEqualTo(all.array());
    }

    @Test
    void what_follows_a_head_that_went_with_descriptors_is_written_on() throws Exception {
        byte[] message = filled(1000, 1);
        try (Pipe pipe = Pipe.open()) {
            for (Wire wire : List.of(Wire.framed(), new TestWires.Lines())) {
                writer = writer(wire);
                int before = transport.taken().length;
                transport.room(4);
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> writer.send(ByteBuffer.wrap(message), List.of(pipe.sink()), Line.now()))
                        .satisfies(late -> assertThat(late.bytesTransferred).isEqualTo(4));
                int frame = wire instanceof Wire.Prefixed ? 1004 : 1001;
                transport.room(frame - 4);
                Await.until(() -> transport.taken().length == before + frame, Duration.ofSeconds(30));
                assertThat(ending.now()).isNull();
            }
        }
    }

    @Test
    void an_exception_within_a_frame_ends_the_channel_and_one_before_it_does_not() throws Exception {
        var none = blocked(filled(100, 1));
        transport.fail(new IllegalStateException("before"));
        assertThatThrownBy(none::get).hasMessage("before");
        assertThat(ending.now()).isNull();

        transport.room(50);
        var part = blocked(filled(100, 2));
        transport.fail(new IllegalStateException("within"));
        assertThatThrownBy(part::get).hasMessage("within");
        assertThat(ending.now()).isInstanceOf(Closed.Here.class);
        assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> send(new byte[1]));
    }

    @Test
    void an_error_within_a_frame_that_is_tried_ends_the_channel_and_one_before_it_does_not() throws Exception {
        transport.failBehind(new OutOfMemoryError("scripted"));
        assertThatThrownBy(() -> writer.trySend(ByteBuffer.wrap(filled(100, 1))))
                .hasMessage("scripted");
        assertThat(ending.now()).isNull();

        transport.room(50);
        assertThatThrownBy(() -> writer.trySend(ByteBuffer.wrap(filled(100, 2))))
                .hasMessage("scripted");

        assertThat(ending.now()).isInstanceOf(Closed.Here.class);
        assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> send(new byte[1]));
    }

    @Test
    void an_error_of_the_thread_that_writes_on_ends_the_channel() throws Exception {
        var first = blocked(filled(LARGE, 1));
        send(filled(10, 2));
        transport.room(4 + LARGE);
        first.get();
        Await.until(transport::isBlocked, Duration.ofSeconds(30));
        var waits = Call.parked(THREADS, () -> send(filled(LARGE, 3)));
        transport.fail(new OutOfMemoryError("scripted"));

        assertThatExceptionOfType(ChannelClosedException.class)
                .isThrownBy(waits::get)
                .withMessageContaining("scripted");
        assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> send(new byte[1]));
    }

    /// Writes a part of a head, and then refuses the message.
    private static final class Picky implements Wire.Prefixed {

        @Override
        public int headSize(ByteBuffer come) {
            return 1;
        }

        @Override
        public long bodyLength(ByteBuffer head) {
            return head.get(head.position());
        }

        @Override
        public void writeHead(long bodyLength, ByteBuffer target) {
            target.put((byte) bodyLength);
            if (bodyLength == 13) {
                throw new IllegalArgumentException("13");
            }
        }
    }

    @Test
    void a_wire_that_refuses_a_message_spoils_no_other() throws Exception {
        writer = writer(new Picky());
        var first = blocked(filled(LARGE, 1));
        assertThatThrownBy(() -> send(filled(13, 2))).hasMessage("13");
        send(filled(2, 3));
        var large = Call.parked(THREADS, () -> send(filled(LARGE, 4)));
        transport.room(1 + LARGE + 3);
        first.get();
        Await.until(transport::isBlocked, Duration.ofSeconds(30));
        var refused = Call.parked(THREADS, () -> send(filled(13, 5)));
        transport.room(1 + LARGE);
        large.get();
        assertThatThrownBy(refused::get).hasMessage("13");
        transport.room(2);
        send(filled(1, 6));
        assertThat(transport.taken()).hasSize(2 * (1 + LARGE) + 3 + 2).endsWith(4, 1, 6);
    }

    @Test
    void one_that_waits_for_room_in_the_buffer_and_is_refused_takes_no_one_along() throws Exception {
        writer = writer(new Picky());
        var first = blocked(filled(LARGE, 1));
        for (int i = 0; i < 3; i++) {
            send(filled(FrameWriter.SMALL, 2));
        }
        var waits = Call.parked(THREADS, () -> send(filled(FrameWriter.SMALL, 3)));
        var refused = Call.parked(THREADS, () -> send(filled(13, 4)));
        var last = Call.parked(THREADS, () -> send(filled(1, 5)));

        transport.room(1 << 20);

        first.get();
        waits.get();
        assertThatThrownBy(refused::get).hasMessage("13");
        last.get();
        Await.until(
                () -> transport.taken().length == 1 + LARGE + 4 * (1 + FrameWriter.SMALL) + 2, Duration.ofSeconds(30));
        assertThat(transport.taken()).endsWith(3, 1, 5);
    }

    @Test
    void no_deadline_at_all_is_refused_before_its_turn() throws Exception {
        var first = blocked(filled(LARGE, 1));
        assertThatThrownBy(() -> writer.send(ByteBuffer.allocate(LARGE), List.of(), null))
                .isInstanceOf(NullPointerException.class);
        transport.room(2 * (4 + LARGE));
        first.get();
        send(filled(LARGE, 2));
    }

    @Test
    void those_in_line_behind_the_end_of_sending_are_refused_and_the_channel_stays() throws Exception {
        var first = blocked(filled(LARGE, 1));
        send(filled(1, 2));
        var before = Call.parked(THREADS, () -> send(filled(LARGE, 3)));
        var ends = Call.parked(THREADS, () -> {
            writer.shutdown();
            return null;
        });
        var again = Call.parked(THREADS, () -> {
            writer.shutdown();
            return null;
        });
        var behind = Call.parked(THREADS, () -> send(filled(1, 4)));

        transport.room(1 << 20);

        first.get();
        before.get();
        ends.get();
        again.get();
        assertThatThrownBy(behind::get).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(transport.taken()).hasSize(2 * (4 + LARGE) + 5);
        assertThat(transport.isShut()).isTrue();
        assertThat(ending.now()).isNull();
    }

    @Test
    void an_interrupted_end_of_sending_has_not_begun() throws Exception {
        var first = blocked(filled(LARGE, 1));
        var ends = Call.parked(THREADS, () -> {
            writer.shutdown();
            return null;
        });
        ends.interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(ends::get);
        send(filled(1, 2));
        transport.room(1 << 20);
        first.get();
        awaitTaken(ChannelContract.frame(filled(LARGE, 1)), ChannelContract.frame(filled(1, 2)));
    }

    @Test
    void a_close_lets_what_is_kept_go_out_where_there_is_room() throws Exception {
        var first = blocked(filled(LARGE, 1));
        send(filled(1, 2));
        transport.room(1 << 20);
        first.get();
        var closes = Call.start(THREADS, () -> {
            writer.flushNow();
            ending.end(new Closed.Here("closed"));
            return null;
        });
        closes.get();
        awaitTaken(ChannelContract.frame(filled(LARGE, 1)), ChannelContract.frame(filled(1, 2)));
    }

    @Test
    void a_close_waits_for_the_thread_that_writes_on_while_there_is_room() throws Exception {
        var first = blocked(filled(LARGE, 1));
        send(filled(1, 2));
        transport.room(4 + LARGE - 1);
        Await.until(transport::isBlocked, Duration.ofSeconds(30));
        transport.pauseBehind(1);
        first.get();
        Await.until(transport::isBlocked, Duration.ofSeconds(30));

        var closes = Call.parked(THREADS, () -> {
            writer.flushNow();
            ending.end(new Closed.Here("closed"));
            return null;
        });
        transport.room(100);
        transport.pause(false);

        closes.get();
        awaitTaken(ChannelContract.frame(filled(LARGE, 1)), ChannelContract.frame(filled(1, 2)));
    }

    @Test
    void what_was_sent_before_the_peer_ended_its_side_still_goes_out() throws Exception {
        var first = blocked(filled(LARGE, 1));
        send(filled(1, 2));
        assertThat(ending.ended()).isInstanceOf(Closed.Ended.class);
        transport.room(1 << 20);
        first.get();
        awaitTaken(ChannelContract.frame(filled(LARGE, 1)), ChannelContract.frame(filled(1, 2)));
    }

    @Test
    void nothing_follows_a_message_that_is_cut_off_after_the_peer_ended_its_side() throws Exception {
        transport.room(LARGE);
        var first = blocked(filled(4 << 20, 1));
        send(filled(1, 2));
        ending.ended();
        transport.fail(new InterruptedIOException("scripted"));
        assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(first::get);
        transport.room(1 << 20);
        writer.flushNow();
        assertThat(transport.taken()).hasSize(LARGE);
    }

    @Test
    void of_the_longest_message_that_is_tried_everything_is_kept() throws Exception {
        byte[] longest = filled(FrameWriter.MOST_KEPT, 1);
        transport.room(2);
        assertThat(writer.trySend(ByteBuffer.wrap(longest))).isTrue();
        transport.room(1 << 21);
        awaitTaken(ChannelContract.frame(longest));
    }

    @Test
    void a_descriptor_that_is_closed_fails_its_call_only() throws Exception {
        try (Line line = Line.ofSockets(Wire.framed());
                Pipe pipe = Pipe.open()) {
            Descriptor gone = pipe.sink().toDescriptor();
            gone.close();
            assertThatThrownBy(() -> line.channel().send(ByteBuffer.allocate(1), List.of(gone), Deadline.never()))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            line.channel().send(ByteBuffer.wrap(new byte[] {7}));
            assertThat(line.read(5)).isEqualTo(ChannelContract.frame((byte) 7));
        }
    }
}
