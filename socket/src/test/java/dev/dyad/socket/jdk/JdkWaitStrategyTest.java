package dev.dyad.socket.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A wait in a channel of the JDK meets a close at a point that is chosen.
@Timeout(60)
class JdkWaitStrategyTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /// The close has woken nobody, as there was no selector, and its mark was looked for before it was made.
    @Test
    void a_release_ends_a_wait_that_begins_at_the_same_time() throws Exception {
        try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var channel = SocketChannel.open(server.getLocalAddress())) {
            channel.configureBlocking(false);
            var ends = new JdkEnds(channel);
            Thread reader;
            synchronized (channel.blockingLock()) { // which registering takes
                reader = Thread.ofPlatform().start(() -> await(ends.reading));
                Await.until(() -> reader.getState() == Thread.State.BLOCKED, LONG);
                boolean _ = ends.fd.close();
                ends.reading.wake();
            }

            assertThat(reader.join(LONG)).isTrue();
        }
    }

    private static void await(Direction direction) {
        try {
            long answer = direction.perform(
                    () -> -Errno.EAGAIN.code(),
                    TimeLimit.of(Deadline.never()),
                    Interrupts.RETURN,
                    new InterruptHook(direction::wake));
            assertThat(answer).isEqualTo(-Errno.EBADF.code());
        } catch (IOException closed) {
            assertThat(closed).isInstanceOf(ClosedChannelException.class);
        }
    }
}
