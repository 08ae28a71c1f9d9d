package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.NoLeaks;
import dev.dyad.socket.jdk.JdkPair;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An end that is handed over while a thread stays in a call of it, as one that a debugger has suspended.
@Timeout(60)
@ExtendWith(NoLeaks.class)
class HandOverTest {

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
