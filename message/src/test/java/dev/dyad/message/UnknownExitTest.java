package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.gone.GonePeers;
import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls keep their deadlines where a child has closed its end, and how it has ended is not known yet.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class UnknownExitTest {

    private static final Deadline NOW = Deadline.after(Duration.ZERO);
    private static final String CLOSES = "exec 3>&-; echo closed; read -r line; echo last words >&2; exit 3";

    /// A child that has closed its end, and ends once its standard input does.
    private static final class Endless implements AutoCloseable {

        final Child child;
        final MessageChannel channel;

        Endless() throws Exception {
            child = Command.of("sh", "-c", CLOSES)
                    .stdin(Stdio.pipe())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.lastLines(4))
                    .patience(Duration.ZERO, Duration.ZERO)
                    .spawn();
            channel = MessageChannel.to(child, Wire.framed());
            int _ = child.stdout().read(ByteBuffer.allocate(7), Deadline.after(Duration.ofSeconds(50)));
        }

        void end() throws Exception {
            child.stdin().close();
        }

        Closed closed() throws Exception {
            return channel.onClosed().get(50, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            child.close();
        }
    }

    private static ByteBuffer text() {
        return UTF_8.encode("text");
    }

    @Test
    void what_only_tries_does_not_wait_for_it() throws Exception {
        try (var other = new Endless()) {
            assertThat(other.channel.trySend(text())).isFalse();
            assertThat(other.channel.tryReceive()).isNull();
            other.end();

            assertThat(other.closed()).isInstanceOfSatisfying(Closed.ChildEnded.class, closed -> {
                assertThat(closed.exit()).isEqualTo(new Exit.Exited(3));
                assertThat(closed.lastLines()).contains("last words");
            });
        }
    }

    @Test
    void a_deadline_ends_a_send_and_a_receive() throws Exception {
        try (var other = new Endless()) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> other.channel.send(text(), NOW));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> other.channel.receive(NOW));
            other.end();

            assertThat(other.closed()).isInstanceOf(Closed.ChildEnded.class);
        }
    }

    @Test
    void an_interrupt_of_one_caller_takes_nothing_from_what_all_are_told() throws Exception {
        try (var other = new Endless()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> other.channel.receive(Deadline.never()));
            assertThat(Thread.interrupted()).isTrue();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> other.channel.send(text(), Deadline.never()));
            assertThat(Thread.interrupted()).isTrue();
            other.end();

            assertThat(other.closed()).isInstanceOf(Closed.ChildEnded.class);
        }
    }

    /// A test with a channel to somebody who is gone, where a thread that sends waits to know how.
    private interface Waiting {
        void run(MessageChannel channel, Call<Void> sending, ScriptedPeer peer) throws Exception;
    }

    private static void whileOneSends(Waiting test) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        pair.right().close();
        var peer = new ScriptedPeer();
        try (var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer)) {
            Call<Void> sending = Call.parked(Thread.ofPlatform().factory(), () -> {
                channel.send(text(), Deadline.never());
                return null;
            });
            try {
                test.run(channel, sending, peer);
            } finally {
                peer.settleNow();
            }
        }
    }

    @Test
    void one_that_waits_makes_nobody_else_send_what_is_lost() throws Exception {
        whileOneSends((channel, sending, peer) -> {
            assertThat(channel.trySend(text())).isFalse();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> channel.send(text(), NOW))
                    .matches(e -> e.bytesTransferred == 0);
            Call<Void> another = Call.parked(Thread.ofVirtual().factory(), () -> {
                channel.send(text(), Deadline.never());
                return null;
            });
            peer.settleNow();

            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(sending::get);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(another::get)
                    .matches(e -> !e.hasBegun());
        });
    }

    @Test
    void numbered_requests_behind_one_that_waits_have_not_run() throws Exception {
        whileOneSends((channel, _, peer) -> {
            try (Requests requests = Requests.over(channel, Exchange.NUMBERED)) {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> requests.call(text(), Deadline.after(Duration.ofMillis(20))))
                        .matches(e -> e.why() == RequestFailedException.Why.EXPIRED_WAITING && !e.mayHaveRun());
                var answer = requests.submit(text(), Deadline.never());
                peer.settleNow();

                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> answer.get(50, TimeUnit.SECONDS))
                        .withCauseInstanceOf(RequestFailedException.class)
                        .matches(e -> !((RequestFailedException) e.getCause()).mayHaveRun());
                assertThat(requests.abandoned()).isZero();
            }
        });
    }

    @Test
    void a_close_does_not_wait_for_what_is_written_on_to_somebody_who_is_gone() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var peer = new ScriptedPeer();
        var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer);
        try {
            while (pair.left().tryWrite(ByteBuffer.allocate(1 << 12)) > 0) {
                // until there is no room
            }
            Call<Void> sending = Call.parked(Thread.ofVirtual().factory(), () -> {
                channel.send(text(), Deadline.never());
                return null;
            });
            channel.send(text(), NOW); // behind that one
            pair.right().close();
            sending.interrupt();
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(sending::get);

            Call<Void> closing = Call.start(Thread.ofVirtual().factory(), () -> {
                channel.close();
                return null;
            });

            assertThat(closing.get()).isNull();
            assertThat(channel.closed()).containsInstanceOf(Closed.Here.class);
        } finally {
            peer.settleNow();
            channel.close();
        }
    }

    @Test
    void a_send_that_had_begun_says_how_much_was_written() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var peer = new ScriptedPeer();
        var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer);
        try {
            Call<Void> sending = Call.parked(Thread.ofVirtual().factory(), () -> {
                channel.send(ByteBuffer.allocate(1 << 20), Deadline.after(Duration.ofSeconds(1)));
                return null;
            });
            pair.right().close();

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(sending::get)
                    .matches(e -> e.bytesTransferred > 0);
        } finally {
            peer.settleNow();
            channel.close();
        }
    }

    /// A test with a channel to somebody who is gone within a message, where it is not known how.
    private interface CutOff {
        void run(MessageChannel channel, ScriptedPeer peer) throws Exception;
    }

    private static void afterPartOfOne(CutOff test) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var peer = new ScriptedPeer();
        try (var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer)) {
            Call<Void> sending = Call.parked(Thread.ofVirtual().factory(), () -> {
                channel.send(ByteBuffer.allocate(1 << 20), Deadline.never());
                return null;
            });
            pair.right().close();
            assertThat(peer.asked.await(50, TimeUnit.SECONDS)).isTrue();
            sending.interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(sending::get)
                    .matches(e -> e.bytesTransferred > 0);
            test.run(channel, peer);
        } finally {
            peer.settleNow();
        }
    }

    @Test
    void of_what_follows_a_part_nothing_is_sent_until_it_is_known() throws Exception {
        afterPartOfOne((channel, peer) -> {
            assertThat(channel.trySend(text())).isFalse();
            for (ByteBuffer message : new ByteBuffer[] {text(), ByteBuffer.allocate(1 << 20)}) {
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> channel.send(message, NOW))
                        .matches(e -> e.bytesTransferred == 0);
            }
            Call<Void> waiting = Call.parked(Thread.ofVirtual().factory(), () -> {
                channel.send(text(), Deadline.never());
                return null;
            });
            assertThat(waiting.isDone()).isFalse();
            assertThat(channel.closed()).isEmpty();
            peer.settleNow();

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(waiting::get)
                    .matches(e -> e.closed() instanceof Closed.Broken && !e.hasBegun());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.trySend(text()));
        });
    }

    @Test
    void a_close_wakes_who_would_send_after_a_part() throws Exception {
        afterPartOfOne((channel, _) -> {
            Call<Void> waiting = Call.parked(Thread.ofPlatform().factory(), () -> {
                channel.send(text(), Deadline.never());
                return null;
            });
            Call<Void> ending = Call.parked(Thread.ofPlatform().factory(), () -> {
                channel.shutdownOutput();
                return null;
            });

            channel.close();

            for (Call<Void> call : List.of(waiting, ending)) {
                assertThatExceptionOfType(ChannelClosedException.class)
                        .isThrownBy(call::get)
                        .matches(e -> e.closed() instanceof Closed.Here && !e.hasBegun());
            }
        });
    }

    @Test
    void numbered_requests_after_a_part_of_one_have_not_run() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var peer = new ScriptedPeer();
        var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer);
        try (Requests requests = Requests.over(channel, Exchange.NUMBERED)) {
            Call<ByteBuffer> asking = Call.parked(
                    Thread.ofVirtual().factory(),
                    () -> requests.call(ByteBuffer.allocate(1 << 20), Deadline.after(Duration.ofMillis(300))));
            pair.right().close();
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(asking::get)
                    .matches(e -> e.why() == RequestFailedException.Why.EXPIRED_RUNNING && e.mayHaveRun());

            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> requests.call(text(), Deadline.after(Duration.ofMillis(20))))
                    .matches(e -> e.why() == RequestFailedException.Why.EXPIRED_WAITING && !e.mayHaveRun());
            var submitted = requests.submit(text(), Deadline.never());
            assertThat(submitted).isNotDone();
            GonePeers.failAtOnce(channel);
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> requests.call(text(), Deadline.never()))
                    .matches(e -> e.why() == RequestFailedException.Why.CHANNEL_ENDED && !e.mayHaveRun());
            peer.settleNow();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> submitted.get(50, TimeUnit.SECONDS))
                    .withCauseInstanceOf(RequestFailedException.class)
                    .matches(e -> !((RequestFailedException) e.getCause()).mayHaveRun());
        } finally {
            peer.settleNow();
        }
    }

    @Test
    void a_close_wakes_who_waits_to_know() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        pair.right().close();
        var peer = new ScriptedPeer();
        var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer);
        try {
            Call<Message> waiting = Call.parked(Thread.ofPlatform().factory(), () -> channel.receive(Deadline.never()));

            channel.close();

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(waiting::get)
                    .matches(e -> e.closed() instanceof Closed.Here);
        } finally {
            peer.settleNow();
        }
    }

    @Test
    void a_child_that_goes_on_without_its_end_has_ended_the_channel() throws Exception {
        try (var other = new Endless()) {
            assertThat(other.channel.tryReceive()).isNull();

            Await.until(() -> other.channel.closed().isPresent(), Duration.ofSeconds(50));
            assertThat(other.closed()).isInstanceOf(Closed.Ended.class);
            assertThat(other.child.isAlive()).isTrue();
        }
    }

    /// Where there are others to ask, nobody waits to know how this one has ended.
    @ParameterizedTest
    @EnumSource(names = {"IN_TURN", "NUMBERED"})
    void a_request_fails_at_once_before_it_is_known_where_others_are_there(Exchange exchange) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        pair.right().close();
        var peer = new ScriptedPeer();
        var channel = new MessageChannel(new SocketTransport(pair.left(), 0), Wire.framed(), peer);
        GonePeers.failAtOnce(channel);
        try (Requests requests = Requests.over(channel, exchange)) {
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> requests.call(text(), Deadline.never()))
                        .withCauseInstanceOf(PeerGoneException.class)
                        .matches(e -> e.why() == RequestFailedException.Why.CHANNEL_ENDED && !e.mayHaveRun());
            }
            assertThat(channel.closed()).isEmpty();
        } finally {
            peer.settleNow();
        }
    }

    @Test
    void a_request_that_expires_meanwhile_says_so() throws Exception {
        try (var other = new Endless();
                Requests requests = Requests.over(other.channel, Exchange.IN_TURN)) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> requests.call(text(), Deadline.after(Duration.ofMillis(20))))
                    .matches(e -> e.why().name().startsWith("EXPIRED"));
        }
    }
}
