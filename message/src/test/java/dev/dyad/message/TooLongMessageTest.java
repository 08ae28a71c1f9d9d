package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.SocketPair;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A message that the wire cannot have is refused to the one who sends it, and to nobody else.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class TooLongMessageTest {

    private static final ThreadFactory THREADS = Thread.ofPlatform().factory();
    private static final int LONGEST = 255;

    @Test
    void it_is_refused_though_others_wait_to_send() throws Exception {
        try (var pair = SocketPair.stream();
                var channel = MessageChannel.over(pair.left(), Wire.packet(1))) {
            fill(channel); // the socket
            Call<Boolean> writes = Call.waiting(THREADS, () -> pair.left().waiters() > 0, sending(channel, LONGEST));
            fill(channel); // the queue behind it
            Call<Boolean> waits = Call.parked(THREADS, sending(channel, LONGEST));
            Call<Boolean> tooLong = Call.parked(THREADS, sending(channel, LONGEST + 1));

            var read = ByteBuffer.allocate(1 << 16);
            while (!waits.isDone()) {
                int _ = pair.right().tryRead(read.clear());
            }
            assertThatThrownBy(tooLong::get)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a message of 256 bytes, where packet1 has 0 to 255");
            assertThat(writes.get()).isTrue();
            assertThat(waits.get()).isTrue();
            channel.send(ByteBuffer.allocate(LONGEST));
        }
    }

    /// Sends until one would have to wait.
    private static void fill(MessageChannel channel) throws Exception {
        boolean hasRoom = true;
        while (hasRoom) {
            hasRoom = channel.trySend(ByteBuffer.allocate(LONGEST));
        }
    }

    private static Callable<Boolean> sending(MessageChannel channel, int length) {
        return () -> {
            channel.send(ByteBuffer.allocate(length));
            return true;
        };
    }
}
