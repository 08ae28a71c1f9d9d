package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.jdk.JdkPair;
import dev.dyad.socket.jdk.PrivateFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pairs without native access, which work next to the native one.
class JdkPairTest {

    private static final StandardProtocolFamily INET = StandardProtocolFamily.INET;

    @Test
    void strangers_who_are_there_first_are_dropped() throws Exception {
        var strangers = new ArrayList<SocketChannel>();
        try (var listener = listener()) {
            for (int i = 0; i < 60; i++) { // more than wait in the listener's queue
                var stranger = SocketChannel.open();
                strangers.add(stranger);
                stranger.configureBlocking(false);
                stranger.connect(listener.getLocalAddress());
            }

            try (var pair = SocketPair.over(JdkPair.meet(listener, INET, anyPort(), soon(10_000)))) {
                pair.left().write(UTF_8.encode("x"));
                assertThat(pair.right().read(ByteBuffer.allocate(1))).isOne();
            }
            assertThat(strangers.getFirst().finishConnect()).isTrue();
            strangers.getFirst().configureBlocking(true);
            assertThat(strangers.getFirst().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } finally {
            for (var stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void a_connection_that_never_arrives_ends_at_the_deadline() throws Exception {
        try (var listener = listener()) {
            assertThatThrownBy(() -> JdkPair.meet(listener, INET, anyPort(), soon(-1)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void the_folder_where_unix_sockets_meet_is_private_and_gone_afterwards() throws Exception {
        Path folder;
        try (var meeting = PrivateFolder.create()) {
            folder = meeting.file("x").getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
            Files.createFile(meeting.file("x"));
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void a_unix_pair_leaves_no_file_behind() throws Exception {
        List<Path> before = PrivateFolders.present();
        try (var pair = SocketPair.over(JdkPair.unix())) {
            assertThat(PrivateFolders.present()).isEqualTo(before);
            pair.left().write(UTF_8.encode("x"));
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isOne();
        }
    }

    @ParameterizedTest(name = "domain {0}, type {1}, protocol {2}: {3}")
    @CsvSource({
        "99, 1, 0, EAFNOSUPPORT",
        "10, 1, 0, EAFNOSUPPORT",
        "1, 1, 2, EPROTONOSUPPORT",
        "2, 1, 17, EPROTONOSUPPORT",
        "1, 2, 0, ESOCKTNOSUPPORT",
        "2, 2, 0, ESOCKTNOSUPPORT"
    })
    void what_is_not_there_names_the_call_and_the_error(int domain, int type, int protocol, String error) {
        assertThatThrownBy(() -> JdkPair.open(domain, type, protocol))
                .isInstanceOfSatisfying(SystemCallException.class, e -> {
                    assertThat(e.call()).isEqualTo("socketpair");
                    assertThat(e.errno().name()).isEqualTo(error);
                    assertThat(e).hasMessageContaining("supported: AF_UNIX or AF_INET with SOCK_STREAM");
                });
    }

    private static ServerSocketChannel listener() throws Exception {
        var listener = ServerSocketChannel.open(INET);
        listener.bind(anyPort());
        listener.configureBlocking(false);
        return listener;
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Deadline soon(long millis) {
        return Deadline.after(Duration.ofMillis(millis));
    }
}
