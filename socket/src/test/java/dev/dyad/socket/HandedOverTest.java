package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.NoLeaks;
import dev.dyad.socket.fd.SocketCalls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A caller that uses what was handed over is told by which call, and where it goes on.
@Timeout(60)
@ExtendWith(NoLeaks.class)
class HandedOverTest {

    /// Makes a descriptor.
    interface Making {
        Descriptor make() throws IOException;
    }

    /// Turns a descriptor into something else.
    interface Turning {
        Closeable turn(Descriptor from) throws IOException;
    }

    record Way(String type, Making from, Turning to) {
        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("StreamSocket", () -> one(SocketPair.stream()), Descriptor::toStreamSocket),
                new Way("MessageSocket", () -> one(SocketPair.seqpacket()), Descriptor::toMessageSocket),
                new Way("Listener", () -> listener().toDescriptor(), Descriptor::toListener),
                new Way("PipeEnd", HandedOverTest::pipe, Descriptor::toPipeEnd),
                new Way("FileChannel", () -> Descriptor.memory("test"), Descriptor::toFileChannel));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_descriptor_says_what_it_was_turned_into(Way way) throws Exception {
        Descriptor from = way.from().make();
        try (Closeable _ = way.to().turn(from)) {
            from.close(); // makes no difference

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(from::borrow)
                        .isInstanceOf(ClosedChannelException.class)
                        .hasMessage("handed over by to%1$s(): go on with the %1$s that it returned", way.type());
            }
            assertThatThrownBy(() -> way.to().turn(from)).hasMessageContaining("to" + way.type() + "()");
            assertThatThrownBy(from::release).hasMessageContaining("to" + way.type() + "()");
        }
    }

    @Test
    void a_descriptor_says_that_its_number_was_given_away() throws Exception {
        var descriptor = Descriptor.memory("test");
        SocketCalls.closeNow(descriptor.release());

        assertThatThrownBy(descriptor::borrow)
                .isInstanceOf(ClosedChannelException.class)
                .hasMessage("the number was given away by release(): go on with that number");
    }

    @Test
    void an_end_says_that_it_was_turned_into_a_descriptor() throws Exception {
        try (var selector = SocketSelector.open()) {
            for (Endpoint end : new Endpoint[] {
                left(SocketPair.stream()), left(SocketPair.datagram()), listener(), sink(Pipe.open())
            }) {
                try (var _ = end.toDescriptor()) {
                    assertThatThrownBy(() -> selector.register(end, Set.of(), null))
                            .isInstanceOf(ClosedChannelException.class)
                            .hasMessage("handed over by toDescriptor(): go on with the Descriptor that it returned");
                    assertThatThrownBy(end::toDescriptor).hasMessageContaining("toDescriptor()");
                }
            }
        }
    }

    @Test
    void a_listener_says_that_it_was_turned_into_a_channel() throws Exception {
        var listener = listener();
        try (var _ = listener.toServerSocketChannel()) {
            for (ThrowingCallable use : List.<ThrowingCallable>of(listener::accept, listener::localAddress)) {
                assertThatThrownBy(use).hasMessageContaining("go on with the ServerSocketChannel that it returned");
            }
        }
    }

    @Test
    void what_was_closed_says_no_more_than_that() throws Exception {
        var pair = SocketPair.stream();
        pair.close();
        var descriptor = Descriptor.memory("test");
        descriptor.close();

        assertThatThrownBy(pair.left()::borrow)
                .isExactlyInstanceOf(ClosedChannelException.class)
                .hasMessage(null);
        assertThatThrownBy(descriptor::borrow)
                .isExactlyInstanceOf(ClosedChannelException.class)
                .hasMessage(null);
    }

    @Test
    @SuppressWarnings("try") // the close is what is tested
    void a_hand_over_that_fails_is_none() throws Exception {
        try (var memory = Descriptor.memory("test")) {
            assertThatThrownBy(memory::toStreamSocket).isInstanceOf(SystemCallException.class);
            assertThat(memory.isOpen()).isTrue();
            memory.close();

            assertThatThrownBy(memory::borrow)
                    .isExactlyInstanceOf(ClosedChannelException.class)
                    .hasMessage(null);
        }
    }

    private static <E extends Endpoint> E left(SocketPair<E> pair) throws IOException {
        pair.right().close();
        return pair.left();
    }

    private static Descriptor one(SocketPair<?> pair) throws IOException {
        return left(pair).toDescriptor();
    }

    private static Listener<StreamSocket> listener() throws IOException {
        return Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static PipeEnd sink(Pipe pipe) throws IOException {
        pipe.source().close();
        return pipe.sink();
    }

    private static Descriptor pipe() throws IOException {
        return sink(Pipe.open()).toDescriptor();
    }
}
