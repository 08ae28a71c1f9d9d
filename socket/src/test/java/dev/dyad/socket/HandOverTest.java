package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.NoLeaks;
import dev.dyad.socket.jdk.JdkPair;
import dev.dyad.socket.waiting.BoundedWait;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An end that is handed over while a thread stays in a call of it, as one that a debugger has suspended.
@Timeout(60)
@ExtendWith(NoLeaks.class)
class HandOverTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void it_ends_the_connection_where_a_thread_does_not_leave_its_call() throws Exception {
        try (var first = SocketPair.stream();
                var second = SocketPair.stream();
                var jdk = SocketPair.over(JdkPair.unix());
                var packets = SocketPair.seqpacket();
                var pipe = Pipe.open();
                var listener = Listener.stream(UnixAddress.unnamed());
                var server = Listener.stream(UnixAddress.unnamed())) {
            SocketAddress name = listener.localAddress();
            SocketAddress serverName = server.localAddress();
            var all = List.of(
                    new Stuck(first.left(), first.left()::toDescriptor, () -> assertEnd(first.right())),
                    new Stuck(second.left(), second.left()::toSocketChannel, () -> assertEnd(second.right())),
                    new Stuck(jdk.left(), jdk.left()::toSocketChannel, () -> assertEnd(jdk.right())),
                    new Stuck(packets.left(), packets.left()::toDescriptor, () -> assertEnd(packets.right())),
                    new Stuck(pipe.source(), pipe.source()::toDescriptor, () -> {}),
                    new Stuck(listener, listener::toDescriptor, () -> assertRefused(name)),
                    new Stuck(server, server::toServerSocketChannel, () -> assertRefused(serverName)));
            for (Stuck stuck : all) {
                stuck.handOver();
            }
            for (Stuck stuck : all) {
                stuck.assertEnds();
            }
        }
    }

    /// As one that a close has woken, and that has no core yet.
    @Test
    void a_close_returns_when_a_thread_has_left_that_waits_no_more() throws Exception {
        try (var pair = SocketPair.stream()) {
            var closing = new AtomicBoolean();
            var stuck = new Stuck(pair.left(), pair.left()::toDescriptor, () -> {});
            stuck.inside.await();
            var closer = Thread.ofPlatform().start(() -> close(pair.left(), closing));
            Await.until(() -> !pair.left().isOpen() && closer.getState() == Thread.State.TIMED_WAITING, LIMIT);
            assertThat(closing).isFalse();

            stuck.going.countDown();
            closer.join();

            assertThat(pair.right().tryRead(ByteBuffer.allocate(1))).isEqualTo(-1);
            stuck.thread.join();
        }
    }

    private static void close(StreamSocket end, AtomicBoolean closed) {
        try {
            end.close();
            closed.set(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// It has no core for a while, which is no reason to end the connection.
    @Test
    void it_waits_for_a_thread_that_needs_longer_than_a_close_would_wait() throws Exception {
        try (var pair = SocketPair.stream()) {
            var stuck = new Stuck(pair.left(), pair.left()::toDescriptor, () -> {});
            stuck.handOver();
            Await.until(() -> !pair.left().isOpen(), LIMIT);
            boolean _ = BoundedWait.await(stuck.handing::isDone, BoundedWait.MOMENT + BoundedWait.MOMENT / 4);
            assertThat(stuck.handing.isDone()).isFalse();

            stuck.going.countDown();

            stuck.handing.get().close();
            stuck.thread.join();
        }
    }

    private static void assertEnd(StreamSocket peer) throws IOException {
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    private static void assertEnd(MessageSocket peer) throws IOException {
        assertThat(peer.receive(ByteBuffer.allocate(1)).isEnd()).isTrue();
    }

    private static void assertRefused(SocketAddress name) {
        assertThatThrownBy(() -> StreamSocket.open(name).close())
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.ECONNREFUSED));
    }

    /// What the peer finds.
    @FunctionalInterface
    private interface Look {
        void at() throws IOException;
    }

    /// An end with a thread in it.
    private static final class Stuck {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch going = new CountDownLatch(1);
        private final Endpoint end;
        private final FutureTask<Closeable> handing;
        private final Look peer;
        private final Thread thread;

        Stuck(Endpoint end, Callable<Closeable> handOver, Look peer) {
            this.end = end;
            handing = new FutureTask<>(handOver);
            this.peer = peer;
            thread = Thread.ofPlatform().start(this::stay);
        }

        /// As a call does.
        private void stay() {
            assertThat(end.reading.tryEnter()).isZero();
            try {
                inside.countDown();
                Await.latch(going);
            } finally {
                end.reading.leave();
            }
        }

        void handOver() throws InterruptedException {
            inside.await();
            Thread _ = Thread.ofPlatform().start(handing);
        }

        void assertEnds() throws Exception {
            assertThatThrownBy(handing::get)
                    .cause()
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageMatching(
                            "to\\w+\\(\\) has ended this instead, as a thread did not leave its call in it");
            assertThat(end.isOpen()).isFalse();
            assertThat(end.closed()).isExactlyInstanceOf(ClosedChannelException.class);
            peer.at();
            going.countDown();
            thread.join();
        }
    }
}
