package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A peer that takes nothing any more, and holds its other half open: nobody waits for it for ever.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class BrokenChannelTest {

    /// Two channels, and what has the second one take nothing any more.
    record Ends(MessageChannel ours, IntSupplier waiters, MessageChannel theirs, Breaking breaking) {}

    interface Breaking {
        void run() throws IOException;
    }

    interface Opener {
        Ends open() throws IOException;
    }

    private static Ends sockets() throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        return new Ends(
                MessageChannel.over(pair.left(), Wire.framed()),
                pair.left()::waiters,
                MessageChannel.over(pair.right(), Wire.framed()),
                pair.right()::shutdownInput);
    }

    private static Ends packets() throws IOException {
        SocketPair<MessageSocket> pair = SocketPair.seqpacket();
        return new Ends(
                MessageChannel.over(pair.left()),
                pair.left()::waiters,
                MessageChannel.over(pair.right()),
                pair.right()::shutdownInput);
    }

    private static Ends pipes() throws IOException {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        return new Ends(
                MessageChannel.over(back.source(), there.sink(), Wire.framed()),
                there.sink()::waiters,
                MessageChannel.over(there.source(), back.sink(), Wire.framed()),
                there.source()::close);
    }

    static Stream<Arguments> all() {
        return Stream.<Opener>of(BrokenChannelTest::sockets, BrokenChannelTest::packets, BrokenChannelTest::pipes)
                .flatMap(opener -> Stream.of(
                        new Arguments(opener, Thread.ofPlatform().factory()),
                        new Arguments(opener, Thread.ofVirtual().factory())));
    }

    record Arguments(Opener opener, ThreadFactory threads) {}

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(50));
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_has_come_is_received_and_then_each_receiver_is_told_the_event(Arguments arguments) throws Exception {
        Ends ends = arguments.opener.open();
        try (MessageChannel ours = ends.ours;
                MessageChannel theirs = ends.theirs) {
            Call<Message> waits = Call.start(arguments.threads, ours::receive);
            ends.breaking.run();

            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> sendMany(ours));
            theirs.send(UTF_8.encode("last"), soon());

            try (Message last = waits.get()) {
                assertThat(last.bytes()).isEqualTo(UTF_8.encode("last"));
            }
            Closed event = ours.closed().orElseThrow();
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> ours.receive(Deadline.never()))
                    .matches(told -> told.closed().equals(event));
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(ours::tryReceive)
                    .matches(told -> told.closed().equals(event));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_send_that_waits_for_room_is_told_and_what_comes_behind_it(Arguments arguments) throws Exception {
        Ends ends = arguments.opener.open();
        try (MessageChannel ours = ends.ours;
                MessageChannel _ = ends.theirs) {
            while (ours.trySend(ByteBuffer.allocate(1_000))) {}
            Call<Void> waits = Call.waiting(arguments.threads, () -> ends.waiters.getAsInt() == 1, () -> {
                ours.send(ByteBuffer.allocate(1_000));
                return null;
            });

            ends.breaking.run();

            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(waits::get);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> ours.send(ByteBuffer.allocate(1_000)));
        }
    }

    /// Sends until that is known.
    private static void sendMany(MessageChannel channel) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            channel.send(ByteBuffer.allocate(1_000), soon());
        }
    }
}
