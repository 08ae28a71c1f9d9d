package dev.dyad.socket.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.jfr.OpenKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A pair of which one end is a number.
class HalfPairTest {

    @BeforeAll
    static void needsNativeCalls() {
        Assumptions.assumeTrue(Platforms.current().isNative());
    }

    @Test
    void the_owner_has_the_other_end() throws Exception {
        var numbers = new ArrayList<Integer>();
        try (StreamSocket end = SocketCalls.halfPair(numbers::add);
                StreamSocket other = StreamSocket.adopt(numbers.getFirst())) {
            int _ = end.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(other.read(ByteBuffer.allocate(8))).isEqualTo(3);
        }
    }

    @Test
    void what_the_owner_does_not_take_is_closed_with_our_end() {
        Map<Integer, String> before = Descriptors.held();
        long open = OpenKind.SOCKET.count.numbers().open();

        assertThatThrownBy(() -> SocketCalls.halfPair(_ -> {
                    throw new IOException("not taken");
                }))
                .hasMessage("not taken");

        assertThat(before).containsAllEntriesOf(Descriptors.held());
        assertThat(OpenKind.SOCKET.count.numbers().open()).isLessThanOrEqualTo(open);
    }
}
