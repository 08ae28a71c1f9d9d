package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every UNIX pair does with descriptors in its messages.
@Timeout(60)
public interface DescriptorContract {

    SocketPair<? extends Endpoint> open() throws IOException;

    ThreadFactory threads();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 60, 61, 253})
    default void as_many_descriptors_arrive_as_were_sent(int count) throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            send(pair.left(), "data", Collections.nCopies(count, memory));
            ByteBuffer target = ByteBuffer.allocate(10);
            try (Received received = receive(pair.right(), target, count)) {
                assertThat(received.descriptors()).hasSize(count);
                assertThat(received.areDescriptorsTruncated()).isFalse();
                assertThat(UTF_8.decode(target.flip()).toString()).isEqualTo("data");
                var open = Descriptors.open();
                for (Descriptor descriptor : received.descriptors()) {
                    try (var fd = descriptor.borrow()) {
                        assertThat(open.get(fd.fd()).closeOnExec()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    default void more_than_the_kernel_takes_are_refused_before_the_call() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> send(pair.left(), "data", Collections.nCopies(254, memory)))
                    .withMessageContaining("253");
            assertThatIllegalArgumentException().isThrownBy(() -> receive(pair.right(), ByteBuffer.allocate(1), 254));
            assertThatIllegalArgumentException().isThrownBy(() -> receive(pair.right(), ByteBuffer.allocate(1), -1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 99})
    default void those_that_were_not_asked_for_are_closed_and_reported(int asked) throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            send(pair.left(), "data", Collections.nCopies(100, memory));
            int before = Descriptors.held().size();
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), asked)) {
                assertThat(received.descriptors()).hasSize(asked);
                assertThat(received.areDescriptorsTruncated()).isTrue();
                assertThat(received.length()).isEqualTo(4);
                assertThat(Descriptors.held()).hasSize(before + asked);
            }
            assertThat(Descriptors.held()).hasSize(before);
        }
    }

    @Test
    default void a_message_that_brings_none_has_none_to_take() throws Exception {
        try (var pair = open()) {
            send(pair.left(), "data", List.of());
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 2)) {
                assertThat(received.takeDescriptors()).isEmpty();
            }
        }
    }

    @Test
    default void descriptors_that_are_never_asked_for_pile_up_nowhere() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            int before = Descriptors.held().size();
            for (int i = 0; i < 200; i++) {
                send(pair.left(), "data", Collections.nCopies(253, memory));
                ByteBuffer target = ByteBuffer.allocate(4);
                int read = switch (pair.right()) {
                    case StreamSocket stream -> stream.read(target);
                    case MessageSocket messages -> {
                        try (Received received = messages.receive(target)) {
                            yield received.length();
                        }
                    }
                    default -> throw new AssertionError();
                };
                assertThat(read).isEqualTo(4);
            }
            assertThat(Descriptors.held()).hasSize(before);
        }
    }

    @Test
    default void a_message_without_descriptors_says_so() throws Exception {
        try (var pair = open()) {
            send(pair.left(), "plain", List.of());
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 253)) {
                assertThat(received.descriptors()).isEmpty();
                assertThat(received.areDescriptorsTruncated()).isFalse();
                assertThat(received.length()).isEqualTo(5);
            }
        }
    }

    @Test
    default void descriptors_stay_with_their_message() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            send(pair.left(), "one", List.of());
            send(pair.left(), "two", List.of(memory));
            send(pair.left(), "six", List.of());
            ByteBuffer target = ByteBuffer.allocate(100);
            var texts = new ArrayList<String>();
            while (String.join("", texts).length() < 9) {
                try (Received received = receive(pair.right(), target.clear(), 253)) {
                    String text = UTF_8.decode(target.flip()).toString();
                    texts.add(text);
                    assertThat(received.descriptors()).hasSize(text.contains("two") ? 1 : 0);
                }
            }
            assertThat(String.join("", texts)).isEqualTo("onetwosix");
        }
    }

    @Test
    default void what_is_taken_outlives_the_message() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            send(pair.left(), "data", List.of(memory));
            List<Descriptor> taken;
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 1)) {
                taken = received.takeDescriptors();
            }
            assertThat(taken)
                    .singleElement()
                    .satisfies(one -> assertThat(one.isOpen()).isTrue());
            taken.getFirst().close();
            assertThat(taken.getFirst().isOpen()).isFalse();
        }
    }

    @Test
    default void a_closed_descriptor_is_not_sent() throws Exception {
        try (var pair = open();
                var good = Descriptor.memory("contract")) {
            var closed = Descriptor.memory("closed");
            closed.close();
            assertThatThrownBy(() -> send(pair.left(), "data", List.of(good, closed)))
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(pair.left().isOpen()).isTrue();
            send(pair.left(), "data", List.of(good));
        }
    }

    @Test
    default void one_that_is_closed_while_it_is_sent_still_arrives() throws Exception {
        try (var pair = open()) {
            var memory = Descriptor.memory("contract");
            fill(pair.left());
            var sending = Waiting.on(pair.left(), threads(), () -> {
                send(pair.left(), "data", List.of(memory));
                return null;
            });
            memory.close();
            int descriptors = 0;
            while (descriptors == 0) {
                try (Received received = receive(pair.right(), ByteBuffer.allocate(1 << 16), 1)) {
                    descriptors = received.descriptors().size();
                }
            }
            sending.get();
        }
    }

    @Test
    default void a_whole_end_goes_through_another_end() throws Exception {
        try (var pair = open();
                var sent = SocketPair.stream()) {
            send(pair.left(), "an end", List.of(sent.right()));
            sent.right().close();
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 1);
                    StreamSocket arrived = received.descriptors().getFirst().toStreamSocket()) {
                sent.left().write(UTF_8.encode("hello"));
                ByteBuffer target = ByteBuffer.allocate(5);
                assertThat(arrived.read(target)).isEqualTo(5);
                assertThat(UTF_8.decode(target.flip()).toString()).isEqualTo("hello");
            }
            assertThat(sent.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    default void a_message_socket_goes_through_another_end() throws Exception {
        try (var pair = open();
                var sent = SocketPair.seqpacket()) {
            send(pair.left(), "packets", List.of(sent.right()));
            sent.right().close();
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 1);
                    MessageSocket arrived = received.descriptors().getFirst().toMessageSocket()) {
                arrived.send(UTF_8.encode("hello"));
                assertThat(MessageContract.text(sent.left())).isEqualTo("hello");
            }
        }
    }

    @Test
    default void a_descriptor_of_another_kind_stays_what_it_is() throws Exception {
        try (var memory = Descriptor.memory("contract")) {
            assertThatThrownBy(memory::toStreamSocket)
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("ENOTSOCK");
            assertThatThrownBy(memory::toMessageSocket).isInstanceOf(SystemCallException.class);
            assertThat(memory.isOpen()).isTrue();
        }
        try (var pair = SocketPair.stream();
                var end = Descriptor.adopt(duplicate(pair.left()))) {
            assertThatThrownBy(end::toMessageSocket).hasMessageContaining("EPROTOTYPE");
            assertThatThrownBy(end::toFileChannel).hasMessageContaining("is a socket");
            assertThat(end.isOpen()).isTrue();
        }
    }

    @Test
    default void a_file_arrives_as_a_channel_that_shares_its_position(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "HelloWorld");
        try (var pair = open();
                var opened = Descriptor.open(file)) {
            send(pair.left(), "file", List.of(opened, opened));
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 2);
                    FileChannel first = received.descriptors().get(0).toFileChannel();
                    FileChannel second = received.descriptors().get(1).toFileChannel()) {
                assertThat(first.size()).isEqualTo(10);
                assertThat(text(first, 5)).isEqualTo("Hello");
                assertThat(text(second, 5)).isEqualTo("World");
                assertThatThrownBy(() -> first.write(ByteBuffer.allocate(1)))
                        .isInstanceOf(NonWritableChannelException.class);
            }
        }
    }

    @Test
    default void a_file_that_was_opened_for_writing_is_written(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new");
        try (var opened = Descriptor.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                FileChannel channel = opened.toFileChannel()) {
            channel.write(UTF_8.encode("written"));
            assertThat(opened.isOpen()).isFalse();
        }
        assertThat(file).hasContent("written");
        assertThatThrownBy(() -> Descriptor.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
                .hasMessageStartingWith("open: ")
                .hasMessageEndingWith("(EEXIST)");
    }

    @Test
    default void memory_is_shared_with_its_receiver() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("shared");
                var arena = Arena.ofConfined()) {
            MemorySegment ours = memory.map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
            send(pair.left(), "memory", List.of(memory));
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 1)) {
                Descriptor arrived = received.descriptors().getFirst();
                MemorySegment theirs = arrived.map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
                ours.set(ValueLayout.JAVA_INT, 0, 42);
                assertThat(theirs.get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
                assertThat(arrived.isOpen()).isTrue();
            }
        }
    }

    @Test
    default void a_borrowed_descriptor_is_not_turned_into_something_else() throws Exception {
        try (var pair = SocketPair.stream();
                var end = Descriptor.adopt(duplicate(pair.left()))) {
            try (var borrowed = end.borrow()) {
                assertThat(borrowed.fd()).isPositive();
                assertThatThrownBy(end::toStreamSocket).isInstanceOf(IllegalStateException.class);
            }
            end.toStreamSocket().close();
            assertThatThrownBy(end::toStreamSocket).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void a_deadline_loses_no_descriptor() throws Exception {
        try (var pair = open();
                var memory = Descriptor.memory("contract")) {
            assertThatThrownBy(() ->
                            receive(pair.right(), ByteBuffer.allocate(1), 253, Deadline.after(Duration.ofMillis(10))))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            send(pair.left(), "late", List.of(memory));
            try (Received received = receive(pair.right(), ByteBuffer.allocate(10), 253)) {
                assertThat(received.descriptors()).hasSize(1);
            }
        }
    }

    /// Returns a number of its own for an end.
    private static int duplicate(Endpoint end) throws IOException {
        try (var carrier = SocketPair.stream()) {
            carrier.left().send(ByteBuffer.allocate(1), List.of(end));
            try (Received received = carrier.right().receive(ByteBuffer.allocate(1), 1)) {
                return received.takeDescriptors().getFirst().release();
            }
        }
    }

    private static void send(Endpoint end, String text, Collection<? extends DescriptorSource> descriptors)
            throws IOException {
        switch (end) {
            case StreamSocket stream -> stream.send(UTF_8.encode(text), descriptors);
            case MessageSocket messages -> messages.send(UTF_8.encode(text), descriptors);
            default -> throw new AssertionError();
        }
    }

    private static Received receive(Endpoint end, ByteBuffer target, int descriptors) throws IOException {
        return receive(end, target, descriptors, Deadline.never());
    }

    private static Received receive(Endpoint end, ByteBuffer target, int descriptors, Deadline deadline)
            throws IOException {
        return switch (end) {
            case StreamSocket stream -> stream.receive(target, descriptors, deadline);
            case MessageSocket messages -> messages.receive(target, descriptors, deadline);
            default -> throw new AssertionError();
        };
    }

    private static void fill(Endpoint end) throws IOException {
        switch (end) {
            case MessageSocket messages -> MessageContract.fill(messages);
            case StreamSocket stream ->
                assertThatThrownBy(() -> {
                            while (true) {
                                stream.write(ByteBuffer.allocate(1 << 16), Deadline.after(Duration.ofMillis(10)));
                            }
                        })
                        .isInstanceOf(java.net.SocketTimeoutException.class);
            default -> throw new AssertionError();
        }
    }

    private static String text(FileChannel channel, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        channel.read(target);
        return UTF_8.decode(target.flip()).toString();
    }
}
