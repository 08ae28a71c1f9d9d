package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.Received;
import dev.dyad.socket.Seal;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Descriptors by themselves: memory that is sealed, duplicates, pipes.
@Timeout(60)
class DescriptorsTest {

    @Test
    void sealed_memory_stays_as_long_as_it_is_for_whoever_has_it() throws Exception {
        try (var memory = Descriptor.memory("sealed", 4096, Seal.SHRINK, Seal.GROW);
                var arrived = another(memory);
                var arena = Arena.ofConfined()) {
            assertThat(arrived.seals()).containsExactlyInAnyOrder(Seal.SHRINK, Seal.GROW);
            MemorySegment mapped = arrived.map(MapMode.READ_WRITE, 0, 4096, arena);
            try (var channel = memory.toFileChannel()) {
                assertThat(channel.size()).isEqualTo(4096);
                assertThatThrownBy(() -> channel.truncate(100)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1), 4096))
                        .isInstanceOf(IOException.class);
                channel.write(UTF_8.encode("x"), 4095);
            }
            assertThat(mapped.get(ValueLayout.JAVA_BYTE, 4095)).isEqualTo((byte) 'x');
        }
    }

    @Test
    void seals_are_added_until_it_is_sealed() throws Exception {
        try (var memory = Descriptor.memory("sealed", 8);
                var arena = Arena.ofConfined()) {
            assertThat(memory.seals()).isEmpty();
            memory.seal(Seal.SHRINK);
            memory.seal();
            MemorySegment _ = memory.map(MapMode.READ_WRITE, 0, 8, arena);
            assertThatThrownBy(() -> memory.seal(Seal.WRITE))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("is mapped to be written to");
            memory.seal(Seal.FUTURE_WRITE, Seal.SEAL);
            assertThat(memory.seals()).containsExactlyInAnyOrder(Seal.SHRINK, Seal.FUTURE_WRITE, Seal.SEAL);
            assertThatThrownBy(() -> memory.seal(Seal.GROW)).hasMessageContaining("can have no more seals");
        }
    }

    @Test
    void what_cannot_be_sealed_says_so() throws Exception {
        try (var plain = Descriptor.memory("plain");
                var pipe = Pipe.open();
                var end = Descriptor.duplicateOf(pipe.source())) {
            assertThat(plain.seals()).containsExactly(Seal.SEAL);
            assertThatThrownBy(() -> plain.seal(Seal.SHRINK)).hasMessageContaining("can have no more seals");
            assertThatThrownBy(end::seals).hasMessageContaining("is no memory that has seals");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Descriptor.memory("negative", -1));
    }

    @Test
    void a_duplicate_is_closed_by_itself() throws Exception {
        try (var pair = SocketPair.stream()) {
            var duplicate = Descriptor.duplicateOf(pair.right());
            try (var fd = duplicate.borrow()) {
                assertThat(Descriptors.open().get(fd.fd()).closeOnExec()).isTrue();
            }
            pair.right().close();
            try (StreamSocket again = duplicate.toStreamSocket()) {
                pair.left().write(UTF_8.encode("hello"));
                assertThat(Bytes.read(again, 5)).isEqualTo("hello".getBytes(UTF_8));
            }
            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThatThrownBy(() -> Descriptor.duplicateOf(pair.right())).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void standard_streams_stay_open_when_their_duplicates_are_closed() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (var in = Descriptor.standardInput();
                    var out = Descriptor.standardOutput();
                    var err = Descriptor.standardError()) {
                for (var standard : List.of(in, out, err)) {
                    try (var fd = standard.borrow()) {
                        assertThat(fd.fd()).isGreaterThan(2);
                    }
                }
            }
        }
    }

    @Test
    void an_end_that_becomes_a_descriptor_goes_on_there() throws Exception {
        try (var pair = SocketPair.seqpacket()) {
            pair.left().send(UTF_8.encode("before"));
            var sending = Waiting.on(
                    pair.left(),
                    Thread.ofPlatform().factory(),
                    () -> pair.left().receive(ByteBuffer.allocate(1)));
            pair.right().send(UTF_8.encode("x"));
            sending.get().close();
            var waiting = Waiting.on(
                    pair.left(), Thread.ofVirtual().factory(), () -> pair.left().receive(ByteBuffer.allocate(1)));
            var descriptor = pair.left().toDescriptor();
            assertThatThrownBy(waiting::get).isInstanceOf(AsynchronousCloseException.class);
            assertThat(pair.left().isOpen()).isFalse();
            assertThatThrownBy(() -> pair.left().toDescriptor()).isInstanceOf(ClosedChannelException.class);
            try (MessageSocket again = MessageSocket.adopt(descriptor.release())) {
                assertThat(MessageContract.text(pair.right())).isEqualTo("before");
                again.send(UTF_8.encode("after"));
                assertThat(MessageContract.text(pair.right())).isEqualTo("after");
            }
        }
    }

    @Test
    void a_pipe_goes_through_an_end_and_is_a_pipe_there() throws Exception {
        try (var pipe = Pipe.open();
                PipeEnd source = another(pipe.source()).toPipeEnd();
                PipeEnd sink = another(pipe.sink()).toPipeEnd()) {
            assertThat(source.isSink()).isFalse();
            assertThat(sink.isSink()).isTrue();
            var reading = Waiting.on(source, Thread.ofVirtual().factory(), () -> source.read(ByteBuffer.allocate(5)));
            assertThat(sink.tryWrite(UTF_8.encode("hello"))).isEqualTo(5);
            assertThat(reading.get()).isEqualTo(5);
        }
    }

    @Test
    void a_pipe_that_is_full_takes_nothing_when_asked_not_to_wait() throws Exception {
        try (var pipe = Pipe.open()) {
            ByteBuffer much = ByteBuffer.allocate(1 << 21);
            int accepted = pipe.sink().tryWrite(much);
            assertThat(accepted).isPositive().isEqualTo(much.position()).isLessThan(much.limit());
            assertThat(pipe.sink().tryWrite(much)).isZero();
            assertThat(pipe.source().read(ByteBuffer.allocate(accepted))).isPositive();
        }
    }

    @Test
    @SuppressWarnings("try") // the close is what is tested
    void a_fifo_that_was_opened_is_an_end_of_a_pipe(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        var opening = Waiting.start(
                Thread.ofPlatform().factory(),
                () -> Descriptor.open(fifo, StandardOpenOption.WRITE).toPipeEnd());
        try (PipeEnd source = Descriptor.open(fifo).toPipeEnd();
                PipeEnd sink = opening.get()) {
            sink.write(UTF_8.encode("hello"));
            ByteBuffer target = ByteBuffer.allocate(5);
            assertThat(source.read(target, Deadline.never())).isEqualTo(5);
            assertThat(UTF_8.decode(target.flip()).toString()).isEqualTo("hello");
            sink.close();
            assertThat(source.read(target.clear())).isEqualTo(-1);
        }
    }

    @Test
    void what_is_no_end_of_a_pipe_stays_what_it_is(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (var both = Descriptor.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var memory = Descriptor.memory("memory")) {
            assertThatThrownBy(both::toPipeEnd).hasMessageContaining("is both ends of a pipe");
            assertThatThrownBy(memory::toPipeEnd).hasMessageContaining("is no pipe");
            assertThat(both.isOpen() && memory.isOpen()).isTrue();
        }
    }

    /// Returns what arrives where something is sent.
    private static Descriptor another(DescriptorSource source) throws IOException {
        try (var carrier = SocketPair.stream()) {
            carrier.left().send(ByteBuffer.allocate(1), List.of(source));
            try (Received received = carrier.right().receive(ByteBuffer.allocate(1), 1)) {
                return received.takeDescriptors().getFirst();
            }
        }
    }
}
