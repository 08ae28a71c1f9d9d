package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Descriptors that go with messages over a stream: each arrives with its own message.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class DescriptorMessagesTest {

    private static final Deadline NEVER = Deadline.never();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300, 511, 512, 20_000, 200_000, 2_000_000})
    void each_comes_with_its_message_however_much_is_read_at_once(int length) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed(), 8);
                Descriptor memory = Descriptor.memory("passed")) {
            var sender = Call.start(Thread.ofVirtual().factory(), () -> {
                for (int i = 0; i < 40; i++) {
                    List<Descriptor> with = Collections.nCopies(i % 3, memory);
                    left.send(ByteBuffer.allocate(i % 2 == 0 ? 7 : length), with, NEVER);
                }
                return null;
            });
            for (int i = 0; i < 40; i++) {
                try (Message message = right.receive()) {
                    assertThat(message.bytes().remaining()).isEqualTo(i % 2 == 0 ? 7 : length);
                    List<Descriptor> taken = message.takeDescriptors();
                    assertThat(taken).hasSize(i % 3);
                    taken.forEach(Descriptor::close);
                }
            }
            sender.get();
        }
    }

    @Test
    void what_nobody_takes_is_closed_with_its_message_or_the_channel() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed(), 8);
                Descriptor memory = Descriptor.memory("passed")) {
            for (int i = 0; i < 3; i++) {
                left.send(UTF_8.encode("x"), List.of(memory), NEVER);
            }
            right.receive().close();
        } // the test fails where a descriptor is left
    }

    /// Python sends back what it was sent, with a descriptor of its own, and exits.
    @Test
    void a_child_takes_and_sends_them_and_its_exit_is_told() throws Exception {
        String script = """
                import os, socket
                end = socket.socket(fileno=3)
                data, fds, _, _ = socket.recv_fds(end, 9, 1)
                while len(data) < 9: data += end.recv(9 - len(data))
                socket.send_fds(end, [data], [os.dup(fds[0])])
                end.recv(1)
                os._exit(5)
                """;
        try (Child child = Command.of("python3", "-c", script).spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed(), 1);
                Descriptor memory = Descriptor.memory("passed")) {
            channel.send(UTF_8.encode("hello"), List.of(memory), NEVER);
            try (Message message = channel.receive()) {
                assertThat(UTF_8.decode(message.bytes()).toString()).isEqualTo("hello");
                try (Descriptor back = message.takeDescriptors().getFirst();
                        BorrowedFd number = back.borrow()) {
                    Path link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number.fd()));
                    assertThat(link.toString()).contains("passed");
                }
            }
            channel.send(UTF_8.encode("x"));

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(channel::receive)
                    .extracting(ChannelClosedException::closed)
                    .isInstanceOfSatisfying(
                            Closed.ChildEnded.class,
                            ended -> assertThat(ended.exit()).isEqualTo(new Exit.Exited(5)));
        }
    }

    @Test
    void the_end_is_orderly_where_they_may_come() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed(), 8)) {
            MessageChannel _ = left.shutdownOutput();

            assertThat(right.receive()).isNull();
            assertThat(right.closed()).contains(new Closed.Ended());
        }
    }

    @Test
    void what_was_not_asked_for_is_closed_by_the_kernel() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed());
                Descriptor memory = Descriptor.memory("passed")) {
            left.send(UTF_8.encode("x"), List.of(memory), NEVER);
            try (Message message = right.receive()) {
                assertThat(message.takeDescriptors()).isEmpty();
            }
        }
    }

    @Test
    void none_goes_through_pipes() throws Exception {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        try (MessageChannel left = MessageChannel.over(back.source(), there.sink(), Wire.framed());
                MessageChannel right = MessageChannel.over(there.source(), back.sink(), Wire.framed());
                Descriptor memory = Descriptor.memory("passed")) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> left.send(UTF_8.encode("x"), List.of(memory), NEVER));
            left.send(UTF_8.encode("y"));
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("y");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> MessageChannel.over(there.sink(), back.sink(), Wire.framed()));
        }
    }
}
