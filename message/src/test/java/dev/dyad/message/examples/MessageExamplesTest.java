package dev.dyad.message.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.message.WireException;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked // what is not there fails the test
@Timeout(60)
class MessageExamplesTest {

    private static String twoMessages() throws IOException {
        // @start region="channel"
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            left.send(UTF_8.encode("one"));
            left.send(UTF_8.encode("two"));

            try (Message first = right.receive()) {
                return UTF_8.decode(first.bytes()).toString(); // "one", whole, however the bytes came
            }
        }
        // @end
    }

    @Test
    void a_message_arrives_whole() throws Exception {
        assertThat(twoMessages()).isEqualTo("one");
    }

    // @start region="message"
    static long save(MessageChannel channel, OutputStream file) throws IOException {
        try (Message message = channel.receive(Deadline.after(Duration.ofSeconds(10)))) {
            if (message == null) {
                return -1; // the peer has no more to say
            }
            return Channels.newInputStream(message.body()).transferTo(file); // in constant memory, however long it is
        }
    }
    // @end

    @Test
    void a_long_message_is_saved_as_it_comes() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(
                    () -> {
                        try {
                            left.send(ByteBuffer.allocate(3 << 20));
                            left.shutdownOutput();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    Thread::startVirtualThread);
            assertThat(save(right, OutputStream.nullOutputStream())).isEqualTo(3 << 20);
            assertThat(save(right, OutputStream.nullOutputStream())).isEqualTo(-1);
            sent.get();
        }
    }

    // @start region="wire"
    /// A byte that says how long the message is, as some instruments send it.
    static final class OneByte implements Wire.Prefixed {

        @Override
        public int headSize(ByteBuffer come) {
            return 1;
        }

        @Override
        public long bodyLength(ByteBuffer head) throws WireException {
            int length = Byte.toUnsignedInt(head.get());
            if (length == 0) {
                throw new WireException("a message of no bytes", 0);
            }
            return length;
        }

        @Override
        public void writeHead(long bodyLength, ByteBuffer target) {
            if (bodyLength < 1 || bodyLength > 255) {
                throw new IllegalArgumentException("a message has 1 to 255 bytes, not " + bodyLength);
            }
            target.put((byte) bodyLength);
        }
    }
    // @end

    @Test
    void a_wire_of_ones_own_is_a_few_lines() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel channel = MessageChannel.over(pair.left(), new OneByte());
                StreamSocket instrument = pair.right()) {
            instrument.write(ByteBuffer.wrap(new byte[] {2, 'o', 'k', 0}));
            try (Message message = channel.receive()) {
                assertThat(UTF_8.decode(message.bytes()).toString()).isEqualTo("ok");
            }
            assertThat(whatIsWrong(channel)).isEqualTo("a message of no bytes at byte 3: \"\\x00\"");
        }
    }

    // @start region="wire-exception"
    static String whatIsWrong(MessageChannel channel) throws IOException {
        try (Message message = channel.receive()) {
            return message == null ? "nothing" : "a message of " + message.length() + " bytes";
        } catch (ChannelClosedException ended) {
            return ended.getCause() instanceof WireException wrong
                    ? wrong.getMessage() // the rule, the byte of the stream, and what stands there
                    : ended.getMessage();
        }
    }
    // @end

    // @start region="closed"
    static String describe(Closed how) {
        return switch (how) {
            case Closed.Ended _ -> "the peer has no more to say";
            case Closed.ChildEnded child -> child.exit() + ", its last words: " + child.lastLines();
            case Closed.Broken broken -> "gone in mid-message: " + broken.why().getMessage();
            case Closed.Misbehaved wrong -> "not our protocol: " + wrong.how().getMessage();
            case Closed.AskedToStop _ -> "the worker wants to be replaced";
            case Closed.Here here -> "ended here: " + here.why();
        };
    }
    // @end

    // @start region="closed-exception"
    static void sendOrExplain(MessageChannel channel, ByteBuffer message) throws IOException {
        try {
            channel.send(message, Deadline.after(Duration.ofSeconds(5)));
        } catch (ChannelClosedException ended) { // the same event for every thread
            throw new IOException("the worker is gone: " + describe(ended.closed()), ended);
        }
    }
    // @end

    @Test
    void how_a_child_ended_is_told() throws Exception {
        Command command =
                Command.of("sh", "-c", "echo 'out of paper' >&2; exit 4").stderr(Stdio.lastLines(5));
        try (Child child = command.spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(channel::receive);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> sendOrExplain(channel, ByteBuffer.allocate(1)))
                    .withMessage("the worker is gone: Exited[code=4], its last words: [out of paper]");
        }
    }

    private static String upperCase() throws IOException {
        // @start region="requests"
        String worker = """
                from multiprocessing.connection import Connection
                parent = Connection(3)
                try:
                    while True:
                        parent.send_bytes(parent.recv_bytes().upper())
                except EOFError:
                    pass  # the parent has no more to ask
                """;
        try (Child child = Command.of("python3", "-c", worker).spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            ByteBuffer answer = requests.call(UTF_8.encode("hello"), Deadline.after(Duration.ofSeconds(30)));

            return UTF_8.decode(answer).toString(); // "HELLO"
        }
        // @end
    }

    @Test
    void a_worker_answers() throws Exception {
        assertThat(upperCase()).isEqualTo("HELLO");
    }

    // @start region="exchange"
    static List<CompletableFuture<ByteBuffer>> askForAll(MessageChannel channel, List<ByteBuffer> questions) {
        Requests requests = Requests.over(channel, Exchange.NUMBERED); // many at once, answered in any order
        return questions.stream()
                .map(question -> requests.submit(question, Deadline.after(Duration.ofSeconds(5))))
                .toList();
    }
    // @end

    @Test
    void many_are_asked_at_once() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                Requests right = Requests.over(MessageChannel.over(pair.right(), Wire.framed()), Exchange.NUMBERED)) {
            right.handler(4, Requests.Request::body);
            for (CompletableFuture<ByteBuffer> answer :
                    askForAll(left, List.of(ByteBuffer.allocate(1), ByteBuffer.allocate(2)))) {
                assertThat(answer.get().hasRemaining()).isTrue();
            }
        }
    }

    // @start region="failed"
    static ByteBuffer askTwice(Requests first, Requests second, ByteBuffer question) throws IOException {
        try {
            return first.call(question.duplicate(), Deadline.after(Duration.ofSeconds(1)));
        } catch (RequestFailedException failed) {
            if (failed.mayHaveRun()) {
                throw failed; // to ask again might do it twice
            }
            return second.call(question, Deadline.after(Duration.ofSeconds(1)));
        }
    }
    // @end

    @Test
    void what_has_not_run_is_asked_elsewhere() throws Exception {
        SocketPair<StreamSocket> gone = SocketPair.stream();
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (Requests first = Requests.over(MessageChannel.over(gone.left(), Wire.framed()));
                Requests second = Requests.over(MessageChannel.over(pair.left(), Wire.framed()));
                Requests worker = Requests.over(MessageChannel.over(pair.right(), Wire.framed()))) {
            worker.handler(1, Requests.Request::body);
            gone.right().close();
            assertThat(askTwice(first, second, UTF_8.encode("x")).remaining()).isOne();
        }
    }
}
