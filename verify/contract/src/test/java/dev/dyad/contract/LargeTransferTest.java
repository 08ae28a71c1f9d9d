package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// More than an `int` counts, in one call.
@Timeout(120)
class LargeTransferTest {

    private static final int PART = 128 << 20;
    private static final int PARTS = 17; // 2.125 GiB

    @Test
    void a_gathering_write_of_more_than_two_gibibytes_counts_them_all() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(PART);
        for (int i = 0; i < PART; i += 4096) {
            memory.putInt(i, i);
        }
        var parts = new ByteBuffer[PARTS];
        Arrays.setAll(parts, _ -> memory.duplicate()); // which overlap, as nobody forbids
        try (var pair = SocketPair.stream()) {
            var reading = Waiting.start(Thread.ofPlatform().factory(), () -> checksum(pair.right()));

            long written = pair.left().write(parts);
            pair.left().shutdownOutput();

            assertThat(written).isEqualTo((long) PARTS * PART);
            assertThat(reading.get()).isEqualTo(checksum(parts));
        }
    }

    private static long checksum(StreamSocket end) throws IOException {
        var sum = new CRC32C();
        ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);
        while (end.read(target.clear()) >= 0) {
            sum.update(target.flip());
        }
        return sum.getValue();
    }

    private static long checksum(ByteBuffer[] parts) {
        var sum = new CRC32C();
        for (ByteBuffer part : parts) {
            sum.update(part.flip());
        }
        return sum.getValue();
    }
}
