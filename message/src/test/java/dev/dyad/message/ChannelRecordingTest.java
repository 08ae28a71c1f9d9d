package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.harness.FlightRecords;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Threads;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the flight recorder is told of channels.
@NullUnmarked
@Timeout(60)
class ChannelRecordingTest {

    private static final String SEND = "dyad.MessageSend";
    private static final String CLOSED = "dyad.ChannelClosed";
    private static final String STATISTICS = "dyad.ChannelStatistics";

    @Test
    void nothing_is_told_by_default() throws Exception {
        try (var records = new FlightRecords()) {
            exchangeAndClose();

            assertThat(records.of("dyad.")).isEmpty();
        }
    }

    private static void exchangeAndClose() throws IOException {
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            left.send(UTF_8.encode("hello"));
            try (Message message = right.receive()) {
                assertThat(message.bytes()).isEqualTo(UTF_8.encode("hello"));
            }
            left.close("all is said");
            Closed _ = left.onClosed().join();
        }
    }

    @Test
    void each_message_is_told_of_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords(SEND);
                SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel left = MessageChannel.over(pair.left(), Wire.framed())) {
            left.send(UTF_8.encode("hello"));
            left.send(Channels.newChannel(new ByteArrayInputStream(new byte[7])), 7, Deadline.never());

            List<RecordedEvent> sent = records.of(SEND);

            assertThat(sent)
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.getBoolean("wasSent")).isTrue())
                    .allSatisfy(event -> assertThat(event.getLong("pid")).isZero())
                    .allSatisfy(event -> assertThat(event.getStackTrace().getFrames())
                            .anySatisfy(frame ->
                                    assertThat(frame.getMethod().getName()).isEqualTo("send")));
            assertThat(sent).extracting(event -> event.getLong("length")).containsExactly(5L, 7L);
            assertThat(sent.getFirst().getEventType().getCategoryNames()).containsExactly("Dyad");
        }
    }

    @Test
    void a_message_that_nobody_reads_lasts_as_long_as_its_sender_waits() throws Exception {
        var deadline = new MovableDeadline(Deadline.never());
        try (var records = new FlightRecords(SEND);
                SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel left = MessageChannel.over(pair.left(), Wire.framed())) {
            var sends = Threads.virtually(() -> {
                left.send(ByteBuffer.allocate(1 << 20), deadline);
                return null;
            });
            pair.right().read(ByteBuffer.allocate(1)); // it is being sent
            Duration waited = Await.pause();
            deadline.expire();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(sends::get)
                    .withCauseInstanceOf(SocketTimeoutException.class);

            RecordedEvent slow = records.await(SEND);

            assertThat(slow.getBoolean("wasSent")).isFalse();
            assertThat(slow.getLong("length")).isEqualTo(1 << 20);
            assertThat(slow.getDuration()).isGreaterThanOrEqualTo(waited.minusMillis(1)); // two clocks
        }
    }

    @Test
    void a_channel_that_is_closed_is_told_of_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords(CLOSED)) {
            exchangeAndClose();

            RecordedEvent closed = records.await(CLOSED);

            assertThat(closed.getString("kind")).isEqualTo("Here");
            assertThat(closed.getString("how")).isEqualTo("all is said");
            assertThat(closed.getString("channel")).contains("framed");
            assertThat(closed.getLong("pid")).isZero();
        }
    }

    @Test
    void a_channel_whose_child_dies_is_told_of_with_the_childs_end() throws Exception {
        try (var records = new FlightRecords(CLOSED);
                Child child = Command.of("sh", "-c", "exit 7").spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(channel::receive);

            RecordedEvent closed = records.await(CLOSED);

            assertThat(closed.getLong("pid")).isEqualTo(child.pid());
            assertThat(closed.getString("kind")).isEqualTo("ChildEnded");
            assertThat(closed.getString("how")).contains("Exited[code=7]");
        }
    }

    /// A wire that no event can name.
    private static final class Nameless implements Wire.Delimited {

        @Override
        public byte delimiter() {
            return '\n';
        }

        @Override
        public String toString() {
            throw new IllegalStateException("it has no name");
        }
    }

    @Test
    void a_message_is_sent_and_a_channel_closed_also_where_that_cannot_be_told() throws Exception {
        try (var records = new FlightRecords(SEND, CLOSED);
                SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel left = MessageChannel.over(pair.left(), new Nameless());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.lines())) {
            left.send(UTF_8.encode("hello"));
            try (Message message = right.receive()) {
                assertThat(message.bytes()).isEqualTo(UTF_8.encode("hello"));
            }
            left.close("all is said");

            assertThat(left.onClosed().join()).isEqualTo(new Closed.Here("all is said"));
            assertThat(records.of(SEND)).isEmpty();
        }
    }

    @Test
    void how_many_there_are_is_told_where_that_is_wanted() throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed());
                var records = new FlightRecords(STATISTICS)) {
            RecordedEvent first = records.await(STATISTICS);
            long open = first.getLong("open");
            long opened = first.getLong("opened");
            assertThat(open).isGreaterThanOrEqualTo(2).isEqualTo(opened - first.getLong("closed"));

            left.close("all is said");
            left.close("again"); // the second time without effect
            assertThat(right.receive()).isNull(); // which ends it on this side as well

            awaitStatistics(records, open - 2, opened);
        }
    }

    @Test
    void a_channel_that_is_lost_is_open_no_more() throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel held = MessageChannel.over(pair.left(), Wire.framed());
                var records = new FlightRecords(STATISTICS)) {
            RecordedEvent first = records.await(STATISTICS);
            lose();

            awaitStatistics(records, first.getLong("open"), first.getLong("opened") + 1);
            assertThat(held.closed()).isEmpty();
        }
    }

    private static void lose() throws IOException {
        StreamSocket end = SocketPair.stream().left();
        assertThat(MessageChannel.over(end, Wire.framed()).closed()).isEmpty();
    }

    private static void awaitStatistics(FlightRecords records, long open, long opened) {
        Await.until(
                () -> {
                    System.gc();
                    return records.of(STATISTICS).stream()
                            .anyMatch(event -> event.getLong("open") == open && event.getLong("opened") == opened);
                },
                Duration.ofSeconds(30));
    }

    @Test
    void channels_work_where_there_is_no_recorder() throws Exception {
        JavaProbe.Result result = JavaProbe.of(WithoutRecorder.class)
                .options("--limit-modules=java.base,java.management")
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("false\n");
        assertThat(result.exit()).isZero();
    }

    static final class WithoutRecorder {

        public static void main(String[] arguments) throws Exception {
            exchangeAndClose();
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent());
        }
    }
}
