package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody should give to a socket: it is told what is wrong, and nothing is lost.
class BadInputTest {

    static Stream<IntFunction<ByteBuffer>> kinds() {
        return Stream.of(ByteBuffer::allocate, ByteBuffer::allocateDirect);
    }

    private static ByteBuffer text(IntFunction<ByteBuffer> kind, String text) {
        return kind.apply(text.length()).put(UTF_8.encode(text)).flip();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_buffer_that_stands_twice_in_a_gathering_write_is_used_up_once(IntFunction<ByteBuffer> kind)
            throws Exception {
        try (var pair = SocketPair.stream()) {
            ByteBuffer twice = text(kind, "abc");
            ByteBuffer other = text(kind, "def");
            assertThat(pair.left().write(new ByteBuffer[] {twice, other, twice}))
                    .isEqualTo(6);
            assertThat(twice.hasRemaining()).isFalse();
            assertThat(Bytes.read(pair.right(), 6)).isEqualTo("abcdef".getBytes(UTF_8));
            assertThat(pair.right().tryRead(ByteBuffer.allocate(1))).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void one_that_stands_many_times_among_many_as_well(IntFunction<ByteBuffer> kind) throws Exception {
        try (var pair = SocketPair.stream()) {
            var buffers = new ByteBuffer[200];
            ByteBuffer often = text(kind, "x");
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = i % 2 == 0 ? often : text(kind, "y");
            }
            assertThat(pair.left().write(buffers)).isEqualTo(101);
            assertThat(new String(Bytes.read(pair.right(), 101), UTF_8)).isEqualTo("x" + "y".repeat(100));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_buffer_that_stands_twice_in_a_scattering_read_is_filled_once(IntFunction<ByteBuffer> kind) throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.left().write(UTF_8.encode("abcdefgh"));
            ByteBuffer twice = kind.apply(6);
            assertThat(pair.right().read(new ByteBuffer[] {twice, twice})).isEqualTo(6);
            assertThat(twice.flip()).isEqualTo(UTF_8.encode("abcdef"));
            assertThat(Bytes.read(pair.right(), 2)).isEqualTo("gh".getBytes(UTF_8));
        }
    }

    @Test
    void buffers_that_overlap_are_sent_one_after_the_other() throws Exception {
        try (var pair = SocketPair.stream()) {
            ByteBuffer whole = UTF_8.encode("abcdef");
            assertThat(pair.left().write(new ByteBuffer[] {whole.slice(0, 4), whole.slice(2, 4), whole}))
                    .isEqualTo(14);
            assertThat(Bytes.read(pair.right(), 14)).isEqualTo("abcdcdefabcdef".getBytes(UTF_8));
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // it is closed on the way
    void memory_that_is_gone_or_another_threads_is_told_and_the_socket_lives() throws Exception {
        try (var pair = SocketPair.stream()) {
            Arena arena = Arena.ofConfined();
            ByteBuffer memory = arena.allocate(8).asByteBuffer();
            assertThatThrownBy(Waiting.start(
                            Thread.ofPlatform().factory(), () -> pair.left().write(memory))::get)
                    .isInstanceOf(WrongThreadException.class);
            pair.right().write(UTF_8.encode("kept"));
            assertThatThrownBy(Waiting.start(
                            Thread.ofVirtual().factory(), () -> pair.left().read(memory))::get)
                    .isInstanceOf(WrongThreadException.class);
            arena.close();
            assertThatIllegalStateException().isThrownBy(() -> pair.left().write(memory));
            assertThatIllegalStateException().isThrownBy(() -> pair.left().read(memory));
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.left().write(new ByteBuffer[] {UTF_8.encode("x"), memory}));
            assertThat(Bytes.read(pair.left(), 4)).isEqualTo("kept".getBytes(UTF_8));
            assertThat(pair.right().tryRead(ByteBuffer.allocate(1))).isZero();
        }
    }

    /// Other threads may close it during a call that gets only its address, so the kernel gets a copy.
    @Test
    void memory_that_others_may_close_is_sent_and_received() throws Exception {
        try (var arena = Arena.ofShared();
                var pair = SocketPair.stream();
                var messages = SocketPair.seqpacket()) {
            ByteBuffer one = arena.allocate(3).asByteBuffer().put(UTF_8.encode("abc"));
            ByteBuffer other = arena.allocate(3).asByteBuffer().put(UTF_8.encode("def"));
            assertThat(pair.left().write(new ByteBuffer[] {one.flip(), other.flip()}))
                    .isEqualTo(6);
            assertThat(pair.right().read(new ByteBuffer[] {other.clear(), one.clear()}))
                    .isEqualTo(6);
            assertThat(other.flip()).isEqualTo(UTF_8.encode("abc"));
            assertThat(one.flip()).isEqualTo(UTF_8.encode("def"));

            messages.left().send(one);
            messages.right().receive(other.clear()).close();
            assertThat(other.flip()).isEqualTo(UTF_8.encode("def"));
        }
    }

    @Test
    void an_array_that_is_much_longer_than_any_message_takes_what_comes() throws Exception {
        ByteBuffer array = ByteBuffer.allocate(64 << 20);
        for (SocketPair<MessageSocket> opened : List.of(SocketPair.datagram(), SocketPair.seqpacket())) {
            try (var pair = opened) {
                assertThat(pair.right().tryReceive(array.clear(), 0)).isNull();
                byte[] message = Bytes.random(new Random(1), 100_000);
                pair.left().send(ByteBuffer.wrap(message));
                pair.left().send(UTF_8.encode("short"));
                try (Received received = pair.right().receive(array.clear())) {
                    assertThat(received.isTruncated()).isFalse();
                    assertThat(array.flip()).isEqualTo(ByteBuffer.wrap(message));
                }
                pair.right().receive(array.clear()).close();
                assertThat(array.flip()).isEqualTo(UTF_8.encode("short"));
                assertThatThrownBy(() -> pair.left().send(array.clear())).hasMessageContaining("EMSGSIZE");
                pair.left().close();
            }
        }
        try (var pair = SocketPair.stream()) {
            pair.left().write(UTF_8.encode("bytes"));
            pair.right().receive(array.clear(), 1).close();
            assertThat(array.flip()).isEqualTo(UTF_8.encode("bytes"));
        }
    }

    @Test
    void read_only_buffers_are_written_and_not_read_into() throws Exception {
        try (var pair = SocketPair.stream();
                var messages = SocketPair.datagram()) {
            pair.left().write(UTF_8.encode("whole").asReadOnlyBuffer());
            ByteBuffer readOnly = ByteBuffer.allocate(5).asReadOnlyBuffer();
            assertThatIllegalArgumentException().isThrownBy(() -> pair.right().read(readOnly));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.right().tryRead(readOnly));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.right().receive(readOnly, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.right().read(new ByteBuffer[] {ByteBuffer.allocate(1), readOnly}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> messages.right().tryReceive(readOnly, 0));
            assertThat(Bytes.read(pair.right(), 5)).isEqualTo("whole".getBytes(UTF_8));
        }
    }

    @Test
    void nothing_is_null() throws Exception {
        try (var pair = SocketPair.stream()) {
            StreamSocket end = pair.left();
            assertThatNullPointerException().isThrownBy(() -> end.read((ByteBuffer) null));
            assertThatNullPointerException().isThrownBy(() -> end.write((ByteBuffer) null));
            assertThatNullPointerException().isThrownBy(() -> end.write(new ByteBuffer[] {UTF_8.encode("x"), null}));
            assertThatNullPointerException().isThrownBy(() -> end.send(UTF_8.encode("x"), null));
            var sources = new ArrayList<DescriptorSource>();
            sources.add(end);
            sources.add(null);
            assertThatNullPointerException().isThrownBy(() -> end.send(UTF_8.encode("x"), sources));
            assertThat(pair.right().tryRead(ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void a_batch_is_neither_empty_nor_larger_than_memory_can_be() {
        for (int[] wrong : new int[][] {{0, 1}, {-1, 1}, {1025, 1}, {1, -1}, {1024, 1 << 21}, {1, Integer.MAX_VALUE}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> MessageBatch.allocate(wrong[0], wrong[1]));
        }
    }

    @Test
    void a_message_that_is_longer_than_a_socket_takes_is_told_and_stays_whole() throws Exception {
        for (SocketPair<MessageSocket> opened : List.of(SocketPair.datagram(), SocketPair.seqpacket())) {
            try (var pair = opened) {
                ByteBuffer message = ByteBuffer.allocate(10_000_000);
                assertThatThrownBy(() -> pair.left().send(message))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessage("sendmsg: Message too long (EMSGSIZE)");
                assertThat(message.remaining()).isEqualTo(10_000_000);
                assertThatThrownBy(() -> pair.left()
                                .send(MessageBatch.allocate(2, 10_000_000)
                                        .add(ByteBuffer.allocate(3))
                                        .add(message)))
                        .hasMessageContaining("EMSGSIZE");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 106, 107})
    void an_abstract_name_is_any_row_of_bytes(int length) throws Exception {
        var bytes = new byte[length]; // zeros, but the last
        if (length > 0) {
            bytes[length - 1] = (byte) 0xff;
        }
        UnixAddress address = UnixAddress.ofAbstract(bytes);
        try (var listener = Listener.stream(address);
                var end = StreamSocket.open(address)) {
            assertThat(listener.localAddress()).isEqualTo(address);
            assertThat(end.remoteAddress()).isEqualTo(address);
            assertThat(address.bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void a_path_of_108_bytes_is_one(@TempDir Path folder) throws Exception {
        Path path = folder.resolve(
                "p".repeat(UnixAddress.CAPACITY - folder.toString().length() - 1));
        UnixAddress address = UnixAddress.of(path);
        try (var listener = Listener.stream(address);
                var end = StreamSocket.open(address)) {
            assertThat(Files.exists(path)).isTrue();
            assertThat(listener.localAddress()).isEqualTo(address);
            assertThat(end.remoteAddress()).isEqualTo(address);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.of(Path.of(path + "p")));
    }

    @Test
    void names_that_hold_what_they_may_not_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.ofAbstract("a".repeat(108)));
        assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.ofPath(new byte[] {'a', 0, 'b'}));
        assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.ofPath(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Descriptor.memory("a\0b"));
    }

    @Test
    void a_type_with_flags_is_the_type() throws Exception {
        int nonBlocking = 0x800;
        try (var pair = SocketPair.open(SocketPair.AF_UNIX, SocketPair.SOCK_STREAM | nonBlocking, 0)) {
            assertThat(pair.left()).isInstanceOf(StreamSocket.class);
            var left = (StreamSocket) pair.left();
            var right = (StreamSocket) pair.right();
            left.write(UTF_8.encode("x"));
            assertThat(Bytes.read(right, 1)).isEqualTo("x".getBytes(UTF_8));
        }
    }

    @Test
    void a_number_that_is_no_socket_is_told() {
        assertThatThrownBy(() -> StreamSocket.adopt(-1)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> StreamSocket.adopt(Integer.MAX_VALUE)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Descriptor.adopt(Integer.MIN_VALUE)).hasMessageContaining("EBADF");
    }

    @Test
    void a_deadline_of_any_length_is_one() throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.left().write(UTF_8.encode("ab"));
            ByteBuffer one = ByteBuffer.allocate(1);
            pair.right().read(one, Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)));
            pair.right().read(one.clear(), Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)));
            assertThat(one.get(0)).isEqualTo((byte) 'b');
        }
    }
}
