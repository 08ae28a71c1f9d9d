package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Received;
import dev.dyad.socket.Seal;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DescriptorExamplesTest {

    // @start region="descriptor"
    static void sendFile(StreamSocket end, Path path) throws IOException {
        try (Descriptor file = Descriptor.open(path, StandardOpenOption.READ)) {
            end.send(UTF_8.encode("f"), List.of(file)); // at least one byte has to go with it
        }
    }

    static FileChannel receiveFile(StreamSocket end) throws IOException {
        try (Received received = end.receive(ByteBuffer.allocate(1), 1)) {
            return received.takeDescriptors().getFirst().toFileChannel(); // which the caller closes
        }
    }
    // @end

    @Test
    void an_open_file_goes_through_a_socket(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "secret");
        try (var pair = SocketPair.stream()) {
            sendFile(pair.left(), path);
            Files.delete(path);

            try (FileChannel file = receiveFile(pair.right())) {
                assertThat(file.size()).isEqualTo(6);
            }
        }
    }

    // @start region="both"
    static FileChannel openAndSend(StreamSocket end, Path path) throws IOException {
        try (Descriptor file = Descriptor.open(path, StandardOpenOption.READ)) {
            end.send(UTF_8.encode("f"), List.of(file));
            return file.toFileChannel(); // a channel of the JDK, and no option of the JVM
        }
    }
    // @end

    @Test
    void a_file_is_sent_and_read_here_as_well(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "secret");
        try (var pair = SocketPair.stream();
                FileChannel here = openAndSend(pair.left(), path);
                FileChannel there = receiveFile(pair.right())) {
            here.position(2);
            assertThat(there.position()).isEqualTo(2);
        }
    }

    // @start region="descriptor-source"
    static void hand(StreamSocket to, DescriptorSource what) throws IOException {
        to.send(UTF_8.encode("h"), List.of(what)); // a socket, a pipe, a file: it stays open here as well
    }
    // @end

    @Test
    void an_end_goes_through_another_end() throws Exception {
        try (var way = SocketPair.stream();
                var pair = SocketPair.stream()) {
            hand(way.left(), pair.left());

            try (var received = way.right().receive(ByteBuffer.allocate(1), 1);
                    var same = received.takeDescriptors().getFirst().toStreamSocket()) {
                same.write(UTF_8.encode("x"));
                assertThat(pair.right().read(ByteBuffer.allocate(2))).isOne();
            }
        }
    }

    // @start region="borrowed-fd"
    static Path target(Endpoint end) throws IOException {
        try (BorrowedFd borrowed = end.borrow()) { // until the end of the block nobody closes the number
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + borrowed.fd())); // socket:[4711]
        }
    }
    // @end

    @Test
    void a_number_is_borrowed() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(target(pair.left()).toString()).startsWith("socket:[");
        }
    }

    // @start region="seal"
    static void share(StreamSocket end, byte[] table) throws IOException {
        try (Descriptor memory = Descriptor.memory("table", table.length, Seal.SHRINK, Seal.GROW);
                Arena arena = Arena.ofConfined()) {
            memory.map(MapMode.READ_WRITE, 0, table.length, arena).copyFrom(MemorySegment.ofArray(table));
            memory.seal(Seal.FUTURE_WRITE); // who receives it can map it only to read
            end.send(UTF_8.encode("t"), List.of(memory));
        }
    }
    // @end

    @Test
    void memory_is_shared_and_cannot_be_changed() throws Exception {
        try (var pair = SocketPair.stream()) {
            share(pair.left(), new byte[] {1, 2, 3});

            try (var received = pair.right().receive(ByteBuffer.allocate(1), 1);
                    var memory = received.takeDescriptors().getFirst();
                    var arena = Arena.ofConfined()) {
                assertThat(memory.seals()).contains(Seal.SHRINK, Seal.GROW, Seal.FUTURE_WRITE);
                assertThat(memory.map(MapMode.READ_ONLY, 0, 3, arena).toArray(ValueLayout.JAVA_BYTE))
                        .containsExactly(1, 2, 3);
            }
        }
    }
}
