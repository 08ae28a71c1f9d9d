package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketKind;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketPairTest {

    @Test
    void what_is_written_left_is_read_right_and_the_reverse() throws Exception {
        try (var pair = SocketPair.stream()) {
            var buffer = ByteBuffer.allocate(16);

            pair.left().write(UTF_8.encode("ABCdef123\n"));
            assertThat(pair.right().read(buffer)).isEqualTo(10);
            pair.right().write(UTF_8.encode("back"));
            assertThat(pair.left().read(buffer)).isEqualTo(4);

            assertThat(new String(buffer.array(), 0, 14, UTF_8)).isEqualTo("ABCdef123\nback");
        }
    }

    @ParameterizedTest(name = "domain {0}, type {1}, protocol {2}: {3}")
    @CsvSource({
        "99, 1, 0, EAFNOSUPPORT",
        "-1, 1, 0, EAFNOSUPPORT",
        "1, 4, 0, ESOCKTNOSUPPORT",
        "1, 99, 0, EINVAL",
        "1, -1, 0, EINVAL",
        "1, 1, 99, EPROTONOSUPPORT",
        "2, 1, 0, EOPNOTSUPP",
        "10, 1, 0, EOPNOTSUPP"
    })
    void what_the_kernel_refuses_names_the_call_and_the_error(int domain, int type, int protocol, String error) {
        assertThatThrownBy(() -> SocketPair.open(domain, type, protocol))
                .isInstanceOfSatisfying(SystemCallException.class, e -> {
                    assertThat(e.call()).isEqualTo("socketpair");
                    assertThat(e.errno().name()).isEqualTo(error);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 1 | 0 | AF_INET, SOCK_STREAM",
                "10 | 2 | 0 | AF_INET6, SOCK_DGRAM",
                "99 | 5 | 0 | domain 99, SOCK_SEQPACKET",
                "1 | -1 | 0 | AF_UNIX, type -1",
                "1 | 1 | 99 | AF_UNIX, SOCK_STREAM, protocol 99"
            })
    void a_pair_that_the_kernel_does_not_have_is_named_and_those_that_it_has(
            int domain, int type, int protocol, String kind) {
        assertThatThrownBy(() -> SocketPair.open(domain, type, protocol))
                .hasMessageStartingWith("socketpair: " + kind
                        + " (supported: AF_UNIX with SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET): ");
    }

    @Test
    void a_socket_that_the_kernel_does_not_have_is_named_and_those_that_it_has() {
        assertThatThrownBy(() -> MessageSocket.open(SocketPair.AF_INET, SocketPair.SOCK_SEQPACKET))
                .hasMessageStartingWith("socket: AF_INET, SOCK_SEQPACKET (supported: AF_UNIX with SOCK_SEQPACKET): ");
        assertThatThrownBy(() -> StreamSocket.open(99))
                .hasMessageStartingWith("socket: domain 99, SOCK_STREAM"
                        + " (supported: AF_UNIX, AF_INET or AF_INET6 with SOCK_STREAM): ");
        assertThatThrownBy(() -> Listener.openStream(99)).hasMessageStartingWith("socket: domain 99, SOCK_STREAM (");
    }

    @Test
    void a_family_that_this_system_was_told_to_do_without_is_named_alone() {
        assertThat(new SocketKind(SocketPair.AF_INET6, SocketPair.SOCK_STREAM, 0).socketRefused(Errno.EAFNOSUPPORT))
                .hasMessageStartingWith("socket: AF_INET6, SOCK_STREAM: Address family");
    }

    @Test
    void a_failed_write_names_the_call_that_was_made() throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.right().close();

            assertThatThrownBy(() -> pair.left().write(UTF_8.encode("x"))).hasMessage("send: Broken pipe (EPIPE)");
            assertThatThrownBy(() -> pair.left().write(new ByteBuffer[] {UTF_8.encode("x"), UTF_8.encode("y")}))
                    .hasMessage("sendmsg: Broken pipe (EPIPE)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCK_DGRAM", "SOCK_SEQPACKET", "SOCK_RAW"})
    void every_other_type_of_the_UNIX_domain_is_a_pair_of_messages(String name) throws Exception {
        int type = switch (name) {
            case "SOCK_DGRAM" -> SocketPair.SOCK_DGRAM;
            case "SOCK_SEQPACKET" -> SocketPair.SOCK_SEQPACKET;
            default -> Platforms.current().SOCK_RAW(); // of which Linux makes datagrams
        };

        try (var pair = SocketPair.open(SocketPair.AF_UNIX, type, 0)) {
            assertThat(pair.left()).isInstanceOf(MessageSocket.class);
            ((MessageSocket) pair.left()).send(ByteBuffer.allocate(3));
            try (Received received = ((MessageSocket) pair.right()).receive(ByteBuffer.allocate(9))) {
                assertThat(received.length()).isEqualTo(3);
            }
        }
    }

    @Test
    void both_ends_are_close_on_exec() throws Exception {
        try (var streams = SocketPair.stream();
                var datagrams = SocketPair.datagram();
                var packets = SocketPair.seqpacket()) {
            var open = Descriptors.open();
            for (Endpoint end :
                    List.of(streams.left(), streams.right(), datagrams.left(), datagrams.right(), packets.left())) {
                try (BorrowedFd fd = end.borrow()) {
                    assertThat(Objects.requireNonNull(open.get(fd.fd())).closeOnExec())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void a_read_whose_time_is_up_tells_that_the_turn_is_a_closes() throws Exception {
        try (var pair = SocketPair.stream()) {
            StreamSocket end = pair.left();
            assertThat(end.reading.tryEnter()).isZero(); // as a close does, for a moment
            try {
                end.close();
                var read = new FutureTask<>(() -> end.read(ByteBuffer.allocate(1), Deadline.after(Duration.ZERO)));
                Thread.ofPlatform().start(read).join();

                assertThatThrownBy(read::get).hasCauseExactlyInstanceOf(ClosedChannelException.class);
            } finally {
                end.reading.leave();
            }
        }
    }
}
