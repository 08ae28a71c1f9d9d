package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.TestLength;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A peer that says anything, in any pieces, with descriptors anywhere. The test fails where one of these is left.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class NodeChannelFuzzTest {

    private static final int ROUNDS = TestLength.of(2000);
    private static final String[] LINES = {
        "{}\n",
        "1\n",
        "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\",\"msg\":{}}\n",
        "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\",\"msg\":{\"cmd\":\"NODE_X\"}}\n",
        "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Sock\",\"msg\":{}}\n",
        "{\"cmd\":\"NODE_HANDLE_ACK\"}\n",
        "{\"cmd\":\"NODE_HANDLE_NACK\"}\n",
        "{\"cmd\":\"NODE_OTHER\"}\n",
        "no json\n",
        "\n",
    };

    /// Writes some lines in pieces, of which some have descriptors, and ends.
    private static Void write(StreamSocket end, Descriptor handle, Random random) {
        try (end) {
            for (int n = random.nextInt(8); n >= 0; n--) {
                int good = random.nextInt(3) == 0 ? LINES.length : 3; // mostly what is allowed
                ByteBuffer line = UTF_8.encode(LINES[random.nextInt(good)]);
                int all = line.limit();
                boolean isHandle = all > 20;
                while (line.position() < all) {
                    int some =
                            random.nextInt(3) == 0 ? 1 + random.nextInt(all - line.position()) : all - line.position();
                    line.limit(line.position() + some);
                    int count = random.nextInt(8) == 0 ? random.nextInt(4) : isHandle && line.position() == 0 ? 1 : 0;
                    end.send(line, Collections.nCopies(count, handle));
                    line.limit(all);
                }
            }
            end.shutdownOutput();
        } catch (IOException gone) {
            // the channel has had enough
        }
        return null;
    }

    /// Receives until the channel has ended, and returns how.
    private static Closed receiveAll(NodeChannel channel, Random random) throws IOException {
        try {
            for (NodeMessage message = channel.receive(); message != null; message = channel.receive()) {
                assertThat(message.json()).isIn("{}", "1");
                if (message.kind().isPresent() && random.nextBoolean()) {
                    message.takeHandle().close();
                }
                message.close();
            }
        } catch (ChannelClosedException ended) {
            assertThat(ended.closed()).isEqualTo(channel.closed().orElseThrow());
        }
        return channel.closed().orElseThrow();
    }

    @Test
    void it_ends_in_order_or_by_the_rule_that_is_broken_and_leaves_nothing() throws Exception {
        int orderly = 0;
        int misbehaved = 0;
        try (Descriptor handle = Descriptor.memory("handle")) {
            for (int i = 0; i < ROUNDS; i++) {
                long seed = i;
                var random = new Random(seed);
                SocketPair<StreamSocket> pair = SocketPair.stream();
                var written =
                        Call.start(Thread.ofVirtual().factory(), () -> write(pair.right(), handle, new Random(seed)));
                try (NodeChannel channel = NodeChannel.over(pair.left())) {
                    if (random.nextInt(4) > 0) {
                        Closed how = receiveAll(channel, random);
                        orderly += how instanceof Closed.Ended ? 1 : 0;
                        misbehaved += how instanceof Closed.Misbehaved ? 1 : 0;
                    } else {
                        send(channel); // reads until its end, and keeps the rest for nobody
                    }
                }
                written.get();
            }
        }
        assertThat(orderly).isPositive();
        assertThat(misbehaved).isPositive();
    }

    private static void send(NodeChannel channel) throws IOException {
        SocketPair<StreamSocket> some = SocketPair.stream();
        try (StreamSocket handle = some.left();
                StreamSocket other = some.right()) {
            assertThat(other.isOpen()).isTrue();
            channel.send("1", NodeHandle.SOCKET, handle, Deadline.never());
        } catch (ChannelClosedException | NodeHandleRefusedException ended) {
            assertThat(ended instanceof NodeHandleRefusedException
                            || channel.closed().isPresent())
                    .isTrue();
        }
    }
}
