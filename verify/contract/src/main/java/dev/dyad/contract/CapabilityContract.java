package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/// What a connected stream can do if it says so, and refuses if it does not.
public interface CapabilityContract {

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    @Test
    default void descriptors_go_with_bytes_where_they_can_and_only_there() throws Exception {
        try (var pair = open();
                var other = open()) {
            if (pair.left().capabilities().contains(Capability.DESCRIPTOR_PASSING)) {
                pair.left().send(UTF_8.encode("x"), List.of(other.left()));
                try (Received received = pair.right().receive(ByteBuffer.allocate(1), 1)) {
                    assertThat(received.descriptors()).hasSize(1);
                }
            } else {
                assertThatThrownBy(() -> pair.left().send(UTF_8.encode("x"), List.of(other.left())))
                        .isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(() -> pair.right().receive(ByteBuffer.allocate(1), 1))
                        .isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    @Test
    default void a_look_leaves_the_bytes_where_it_can_be_had_and_only_there() throws Exception {
        try (var pair = open()) {
            StreamSocket end = pair.right();
            if (!end.capabilities().contains(Capability.DESCRIPTOR)) {
                assertThatThrownBy(() -> end.tryPeek(ByteBuffer.allocate(1)))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            assertThat(end.tryPeek(ByteBuffer.allocate(1))).isZero();
            var looking = Waiting.on(end, threads(), () -> end.peek(ByteBuffer.allocate(100_000), Deadline.never()));
            pair.left().write(UTF_8.encode("hello"));
            assertThat(looking.get()).isPositive();
            ByteBuffer target = ByteBuffer.allocateDirect(5);
            assertThat(end.peek(target, Deadline.never())).isEqualTo(5);
            assertThat(UTF_8.decode(target.flip()).toString()).isEqualTo("hello");
            assertThat(Bytes.read(end, 5)).isEqualTo("hello".getBytes(UTF_8));
            pair.left().close();
            assertThat(end.tryPeek(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(end.peek(ByteBuffer.allocate(1), Deadline.never())).isEqualTo(-1);
        }
    }

    @Test
    default void the_peer_is_known_where_it_can_be_and_only_there() throws Exception {
        try (var pair = open()) {
            StreamSocket end = pair.left();
            if (end.capabilities().contains(Capability.PEER_CREDENTIALS)) {
                long ours = ProcessHandle.current().pid();
                assertThat(end.peerCredentials())
                        .isEqualTo(pair.right().peerCredentials())
                        .satisfies(peer ->
                                assertThat(Objects.requireNonNull(peer).pid()).isEqualTo(ours));
                try (Descriptor process = end.peerProcess();
                        BorrowedFd fd = process.borrow()) {
                    assertThat(Files.readAllLines(Path.of("/proc/self/fdinfo", "" + fd.fd())))
                            .contains("Pid:\t" + ours);
                }
                end.close();
                assertThatThrownBy(end::peerCredentials).isExactlyInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(end::peerProcess).isExactlyInstanceOf(ClosedChannelException.class);
            } else {
                assertThatThrownBy(end::peerCredentials).isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(end::peerProcess).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // on purpose
    default void an_option_is_read_as_it_was_set_and_takes_no_value_of_another_type() throws Exception {
        try (var pair = open()) {
            StreamSocket end = pair.left();
            assertThat(end.supportedOptions()).contains(StandardSocketOptions.SO_RCVBUF);
            end.setOption(StandardSocketOptions.SO_RCVBUF, 40_000);
            assertThat(end.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(40_000);
            assertThatThrownBy(() -> end.setOption((SocketOption) StandardSocketOptions.SO_RCVBUF, "much"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> end.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class);
            end.close();
            assertThatThrownBy(() -> end.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void the_descriptor_is_shown_where_there_is_one_and_only_there() throws Exception {
        try (var pair = open()) {
            if (pair.left().capabilities().contains(Capability.DESCRIPTOR)) {
                try (var fd = pair.left().borrow()) {
                    assertThat(fd.fd()).isNotNegative();
                }
                pair.left().close();
                assertThatThrownBy(pair.left()::borrow).isExactlyInstanceOf(ClosedChannelException.class);
            } else {
                assertThatThrownBy(pair.left()::borrow).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }
}
