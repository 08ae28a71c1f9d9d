package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.posix.Faults;
import dev.dyad.socket.transfer.CallMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which calls bytes are received and sent by: another process may hold the lock of what it has, too, and until
/// a critical call is over no thread of this JVM comes to a safepoint.
@Timeout(60)
class SharedEndFaultsTest {

    private static final List<String> CRITICAL = List.of("send", "recv");
    private static final List<String> PLAIN = List.of("sendto", "recvfrom");

    @Test
    void an_end_that_nobody_else_has_is_used_by_critical_calls() throws Exception {
        try (var pair = SocketPair.stream();
                var selector = SocketSelector.open()) {
            selector.register(pair.left(), Set.of(Readiness.READ), null);
            assertThat(calls(pair)).isEqualTo(CRITICAL);
        }
        try (var listener = Listener.stream(UnixAddress.unnamed());
                var client = StreamSocket.open(listener.localAddress());
                var server = listener.accept()) {
            assertThat(calls(SocketPair.of(client, server))).isEqualTo(CRITICAL);
            assertThat(calls(SocketPair.of(server, client))).isEqualTo(CRITICAL);
        }
    }

    @Test
    void one_that_was_borrowed_is_not() throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.left().borrow().close();

            assertThat(calls(pair)).isEqualTo(PLAIN);
            assertThat(calls(SocketPair.of(pair.right(), pair.left()))).isEqualTo(CRITICAL);
        }
    }

    @Test
    void one_that_was_sent_or_received_is_not() throws Exception {
        try (var pair = SocketPair.stream();
                var way = SocketPair.stream()) {
            way.left().send(ByteBuffer.allocate(1), List.of(pair.left()));
            try (var received = way.right().receive(ByteBuffer.allocate(1), 1)) {
                try (var twin = received.takeDescriptors().getFirst().toStreamSocket()) {
                    assertThat(calls(pair)).isEqualTo(PLAIN);
                    assertThat(calls(SocketPair.of(twin, pair.right()))).isEqualTo(PLAIN);
                }
            }
        }
    }

    @Test
    void a_long_array_is_received_by_one_call_that_is_not_critical() throws Exception {
        try (var pair = SocketPair.datagram()) {
            pair.left().send(ByteBuffer.allocate(1));
            Faults.watch();
            pair.right().receive(ByteBuffer.allocate(CallMemory.TRANSFER + 1), Deadline.never());
            assertThat(Faults.end()).containsExactly("recvmsg");
        }
    }

    private static List<String> calls(SocketPair<StreamSocket> pair) throws IOException {
        pair.right().write(ByteBuffer.allocate(1));
        Faults.watch();
        int sent = pair.left().write(ByteBuffer.allocate(1));
        int received = pair.left().tryRead(ByteBuffer.allocate(1));
        List<String> calls = Faults.end();
        assertThat(sent + received + pair.right().read(ByteBuffer.allocate(1))).isEqualTo(3);
        return calls;
    }
}
