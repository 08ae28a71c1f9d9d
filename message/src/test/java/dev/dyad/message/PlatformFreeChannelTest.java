package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Channels and requests over the JDK's own sockets, in a JVM that denies native access.
@NullUnmarked // what is not there fails the test
class PlatformFreeChannelTest {

    private static final int BUFFER = 1 << 16; // so that a message of some hundred kilobytes has no room

    @SuppressWarnings("unchecked") // of streams, as was asked for
    private static SocketPair<StreamSocket> loopback() throws IOException {
        var pair = (SocketPair<StreamSocket>) SocketPair.open(SocketPair.AF_INET, SocketPair.SOCK_STREAM, 0);
        for (StreamSocket end : List.of(pair.left(), pair.right())) {
            end.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
            end.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        }
        return pair;
    }

    @Nested
    @NotInShortRuns("OverUnixSocketsOnVirtualThreads")
    class OverUnixSocketsOnPlatformThreads extends MessageChannelTest.Kind {
        OverUnixSocketsOnPlatformThreads() {
            super(Line::ofSockets, Thread.ofPlatform());
        }
    }

    @Nested
    class OverUnixSocketsOnVirtualThreads extends MessageChannelTest.Kind {
        OverUnixSocketsOnVirtualThreads() {
            super(Line::ofSockets, Thread.ofVirtual());
        }
    }

    @Nested
    class OverLoopbackOnPlatformThreads extends MessageChannelTest.Kind {
        OverLoopbackOnPlatformThreads() {
            super(wire -> Line.of(loopback(), wire), Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns("OverLoopbackOnPlatformThreads")
    class OverLoopbackOnVirtualThreads extends MessageChannelTest.Kind {
        OverLoopbackOnVirtualThreads() {
            super(wire -> Line.of(loopback(), wire), Thread.ofVirtual());
        }
    }

    @Test
    void the_ends_are_those_that_are_meant() throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            assertThat(pair.left().capabilities()).doesNotContain(Capability.DESCRIPTOR, Capability.DESCRIPTOR_PASSING);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "GORIDGE", mode = EnumSource.Mode.EXCLUDE) // which answers no requests here
    void requests_are_answered(Exchange exchange) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests asks = Requests.over(MessageChannel.over(pair.left(), Wire.framed()), exchange);
                Requests answers = Requests.over(MessageChannel.over(pair.right(), Wire.framed()), exchange)) {
            answers.handler(2, Requests.Request::body);
            CompletableFuture<ByteBuffer> submitted = asks.submit(UTF_8.encode("one"), Deadline.never());

            assertThat(asks.call(UTF_8.encode("two"))).isEqualTo(UTF_8.encode("two"));
            assertThat(submitted.get()).isEqualTo(UTF_8.encode("one"));
        }
    }

    @Test
    void descriptors_are_refused_and_the_channel_goes_on() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel channel = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel other = MessageChannel.over(pair.right(), Wire.framed());
                SocketPair<StreamSocket> passed = SocketPair.stream()) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> channel.send(UTF_8.encode("some"), List.of(passed.left()), Deadline.never()));

            channel.send(UTF_8.encode("none"));
            assertThat(ChannelContract.receive(other)).asString().isEqualTo("none");
        }
    }

    @Test
    void a_channel_that_takes_descriptors_is_refused() throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> MessageChannel.over(pair.left(), Wire.framed(), 8));
        }
    }

    @Test
    void pipes_and_packets_are_refused_before_there_is_a_channel() {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(Pipe::open);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> MessageSocket.open(1, 5));
    }
}
