package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.LargestBuffer;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where memory or threads are short, each request ends by a word of whether it may have run.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class LackOfMemoryTest {

    /// Has a transport that throws once what has nothing to do with it, as where memory is short.
    static Transport failingOnce(Transport transport, String... methods) {
        var fails = new AtomicBoolean(true);
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (_, method, arguments) -> {
                    if (Set.of(methods).contains(method.getName()) && fails.getAndSet(false)) {
                        throw new OutOfMemoryError("on purpose");
                    }
                    try {
                        return method.invoke(transport, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// A test with a side that asks, and the other one, which answers by what it was asked.
    private interface Conversation {
        void run(Requests asking) throws Exception;
    }

    private static void converse(Exchange exchange, Conversation test, String... methods) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        Transport transport = failingOnce(new SocketTransport(pair.left(), 0), methods);
        var channel = new MessageChannel(transport, Wire.framed(), ChannelPeer.UNKNOWN);
        try (Requests asking = Requests.over(channel, exchange);
                Requests answering = Requests.over(MessageChannel.over(pair.right(), Wire.framed()), exchange)) {
            answering.handler(1, Requests.Request::body);
            test.run(asking);
            assertThat(text(asking.call(UTF_8.encode("again"), soon()))).isEqualTo("again");
            assertThat(asking.abandoned()).isZero();
            assertThat(asking.underWay()).isZero();
        }
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static void assertNotRun(Throwable failed) {
        assertThat(failed).isInstanceOfSatisfying(RequestFailedException.class, e -> {
            assertThat(e.why()).isEqualTo(Why.FAILED_HERE);
            assertThat(e.mayHaveRun()).isFalse();
            assertThat(e).hasRootCauseInstanceOf(OutOfMemoryError.class);
        });
    }

    private static Throwable failure(CompletableFuture<ByteBuffer> answer) throws Exception {
        try {
            throw new AssertionError(text(answer.get(50, TimeUnit.SECONDS)));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(50));
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void a_call_of_which_nothing_was_written_has_not_run(Exchange exchange) throws Exception {
        converse(
                exchange,
                asking -> assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> asking.call(UTF_8.encode("first"), soon()))
                        .satisfies(LackOfMemoryTest::assertNotRun),
                "write");
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void a_future_of_one_says_the_same(Exchange exchange) throws Exception {
        converse(
                exchange,
                asking -> assertNotRun(failure(asking.submit(UTF_8.encode("first"), soon()))),
                "write",
                "tryWrite");
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE)
    void a_request_that_no_array_holds_fails_its_future(Exchange exchange, @TempDir Path folder) throws Exception {
        ByteBuffer large = LargestBuffer.in(folder);

        converse(exchange, asking -> assertNotRun(failure(asking.submit(large, soon()))));
    }
}
