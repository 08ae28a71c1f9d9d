package dev.dyad.socket.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Control data that another owner of the socket has asked for.
class AncillaryDataTest {

    private static final Platform OS = Platforms.current();
    private static final int SO_TIMESTAMPING = 37;
    private static final int SOFTWARE = 1 << 3 | 1 << 4; // times of receiving, told by SCM_TIMESTAMPING
    private static final int SO_PASSPIDFD = 76;

    enum Kind {
        STREAM,
        DATAGRAM,
        PACKET;

        SocketPair<?> open() throws IOException {
            return switch (this) {
                case STREAM -> SocketPair.stream();
                case DATAGRAM -> SocketPair.datagram();
                case PACKET -> SocketPair.seqpacket();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_pidfd_that_nobody_here_asked_for_is_closed(Kind kind) throws Exception {
        try (var pair = kind.open()) {
            set(pair.right(), SO_PASSPIDFD, 1);
            int before = Descriptors.held().size();
            for (int i = 0; i < 3; i++) {
                send(pair.left(), List.of());
                try (Received received = receive(pair.right(), 0)) {
                    assertThat(received.length()).isEqualTo(1);
                    assertThat(received.areDescriptorsTruncated()).isFalse();
                }
            }
            assertThat(Descriptors.held()).hasSize(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_others_asked_for_takes_no_room_from_descriptors(Kind kind) throws Exception {
        try (var pair = kind.open();
                var memory = Descriptor.memory("sent")) {
            set(pair.right(), SO_PASSPIDFD, 1);
            set(pair.right(), OS.SO_PASSCRED(), 1);
            set(pair.right(), OS.SO_TIMESTAMP(), 1);
            set(pair.right(), SO_TIMESTAMPING, SOFTWARE);
            for (int descriptors : new int[] {1, 2, 253}) {
                int before = Descriptors.held().size();
                send(pair.left(), Collections.nCopies(descriptors, memory));
                try (Received received = receive(pair.right(), descriptors)) {
                    assertThat(received.descriptors()).hasSize(descriptors);
                    assertThat(received.areDescriptorsTruncated()).isFalse();
                    assertThat(received.credentials()).isNotNull();
                }
                assertThat(Descriptors.held()).hasSize(before);
            }
        }
    }

    @Test
    void a_batch_leaves_no_pidfd() throws Exception {
        try (var pair = SocketPair.seqpacket()) {
            set(pair.right(), SO_PASSPIDFD, 1);
            int before = Descriptors.held().size();
            send(pair.left(), List.of());
            pair.left().send(ByteBuffer.allocate(0));
            MessageBatch batch = MessageBatch.allocate(4, 4);
            assertThat(pair.right().receive(batch)).isEqualTo(2);
            assertThat(Descriptors.held()).hasSize(before);
        }
    }

    private static void send(Endpoint end, List<Descriptor> descriptors) throws IOException {
        var one = ByteBuffer.allocate(1);
        switch (end) {
            case StreamSocket stream -> stream.send(one, descriptors);
            case MessageSocket messages -> messages.send(one, descriptors);
            default -> throw new AssertionError();
        }
    }

    private static Received receive(Endpoint end, int descriptors) throws IOException {
        var target = ByteBuffer.allocate(8);
        return switch (end) {
            case StreamSocket stream -> stream.receive(target, descriptors);
            case MessageSocket messages -> messages.receive(target, descriptors, Deadline.never());
            default -> throw new AssertionError();
        };
    }

    /// Sets an option as another owner may, whether or not this kernel has it.
    private static void set(DescriptorSource end, int option, int value) throws IOException {
        try (BorrowedFd borrowed = end.borrow();
                var arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            int _ = SysSocket.setsockopt(
                    new CallState(arena), borrowed.fd(), OS.SOL_SOCKET(), option, memory, Integer.BYTES);
        }
    }
}
