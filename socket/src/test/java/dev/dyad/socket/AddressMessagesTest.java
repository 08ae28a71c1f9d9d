package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The reader of the error of a call that names another socket wants to know which.
@Timeout(30)
class AddressMessagesTest {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    @TempDir
    private Path folder;

    @Test
    void a_datagram_to_nobody_says_where_it_was_to_go() throws Exception {
        try (MessageSocket socket = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)) {
            for (SocketAddress nobody : List.of(inFolder("nobody"), UnixAddress.ofAbstract("dyad-nobody"))) {
                String error = nobody.toString().startsWith("@") ? "ECONNREFUSED" : "ENOENT";

                assertNamed(() -> socket.sendTo(EMPTY, nobody), "sendmsg", nobody, error);
                assertNamed(() -> socket.trySendTo(EMPTY, nobody), "sendmsg", nobody, error);
                assertNamed(() -> socket.connect(nobody), "connect", nobody, error);
            }
        }
    }

    @Test
    void a_datagram_that_is_too_long_says_where_it_was_to_go() throws Exception {
        ByteBuffer message = ByteBuffer.allocate(10_000_000);
        var port = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        try (MessageSocket unix = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);
                MessageSocket inet = MessageSocket.open(SocketPair.AF_INET, SocketPair.SOCK_DGRAM)) {
            UnixAddress file = inFolder("receiver");

            assertNamed(() -> unix.sendTo(message, file), "sendmsg", file, "EMSGSIZE");
            assertNamed(() -> inet.sendTo(message, port), "sendmsg", port, "EMSGSIZE");
        }
    }

    @Test
    void a_stream_and_a_listener_say_where_they_were_to_be() {
        UnixAddress nobody = inFolder("nobody");
        UnixAddress nowhere = inFolder("no/such/folder");

        assertNamed(() -> StreamSocket.open(nobody), "connect", nobody, "ENOENT");
        assertNamed(() -> Listener.stream(nowhere), "bind", nowhere, "ENOENT");
        assertNamed(() -> Listener.streamReplacingStale(nowhere), "bind", nowhere, "ENOENT");
    }

    @Test
    void an_address_without_a_name_is_told_in_words() throws Exception {
        try (MessageSocket socket = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)) {
            assertThatThrownBy(() -> socket.connect(UnixAddress.unnamed()))
                    .hasMessage("connect: the address without a name: Invalid argument (EINVAL)");
        }
    }

    private UnixAddress inFolder(String name) {
        return UnixAddress.of(folder.resolve(name));
    }

    private static void assertNamed(ThrowingCallable made, String call, SocketAddress address, String error) {
        assertThatThrownBy(made)
                .isInstanceOf(SystemCallException.class)
                .hasMessageStartingWith(call + ": " + address + ": ")
                .hasMessageEndingWith("(" + error + ")");
    }
}
