package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A deadline that has no limit when a call begins to wait, and passes meanwhile.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class MovedDeadlineTest {

    private static final Thread.Builder THREADS = Thread.ofVirtual();
    private static final Wire WIRE = Wire.framed();

    private interface Conversation {
        void run(MessageChannel left, MessageChannel right, MovableDeadline deadline) throws Exception;
    }

    private static void converse(Conversation conversation) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), WIRE);
                MessageChannel right = MessageChannel.over(pair.right(), WIRE)) {
            conversation.run(left, right, new MovableDeadline(Deadline.never()));
        }
    }

    /// Waits until something was sent, and then lets the deadline pass.
    private static void expireOnceHeard(MessageChannel peer, MovableDeadline deadline) throws Exception {
        assertThat(ChannelContract.receive(peer)).isNotNull();
        deadline.expire();
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void ends_a_call(Exchange exchange) throws Exception {
        converse((left, right, deadline) -> {
            Requests asking = Requests.over(left, exchange);
            var call = Call.start(THREADS.factory(), () -> asking.call(UTF_8.encode("hello"), deadline));
            expireOnceHeard(right, deadline);
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(call::get)
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING));
        });
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void ends_what_was_submitted(Exchange exchange) throws Exception {
        converse((left, right, deadline) -> {
            CompletableFuture<ByteBuffer> answer =
                    Requests.over(left, exchange).submit(UTF_8.encode("hello"), deadline);
            expireOnceHeard(right, deadline);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(answer::get)
                    .withStackTraceContaining("deadline");
        });
    }

    private static boolean send(MessageChannel channel, int length, Deadline deadline) throws IOException {
        channel.send(ByteBuffer.allocate(length), deadline);
        return true;
    }

    @Test
    void ends_a_send_behind_another_one() throws Exception {
        converse((left, _, deadline) -> {
            var first = Call.parked(THREADS.factory(), () -> send(left, 1 << 23, Deadline.never()));
            var behind = Call.parked(THREADS.factory(), () -> send(left, 1 << 20, deadline));
            deadline.expire();
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(behind::get);
            left.close();
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(first::get);
        });
    }

    @Test
    void that_moves_on_lets_a_request_go_on() throws Exception {
        converse((left, right, _) -> {
            var deadline = new MovableDeadline(Deadline.after(Duration.ofMinutes(1)));
            CompletableFuture<ByteBuffer> answer =
                    Requests.over(left, Exchange.NUMBERED).submit(UTF_8.encode("hello"), deadline);
            Requests.over(right, Exchange.NUMBERED).handler(1, request -> {
                deadline.moveTo(Deadline.never());
                return request.body();
            });
            assertThat(UTF_8.decode(answer.get()).toString()).isEqualTo("hello");
        });
    }
}
