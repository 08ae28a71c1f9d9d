package dev.dyad.message.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Exchange;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each wire, with a program in Python at the other end that reads and writes it by itself.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class WireExamplesTest {

    private static final String CONNECTION = """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    parent.send_bytes(parent.recv_bytes().upper())
            except EOFError:
                pass
            """;

    private static final String LINES = """
            import sys
            for line in sys.stdin:
                print(line.rstrip('\\n').upper(), flush=True)
            """;

    private static final String CONTENT_LENGTH = """
            import sys
            while head := sys.stdin.buffer.readline():
                assert sys.stdin.buffer.readline() == b'\\r\\n'
                body = sys.stdin.buffer.read(int(head.removeprefix(b'Content-Length: ')))
                sys.stdout.buffer.write(b'Content-Type: text\\r\\ncontent-length:%d\\r\\n\\r\\n' % len(body) + body.upper())
                sys.stdout.buffer.flush()
            """;

    private static final String PACKET = """
            import sys
            while head := sys.stdin.buffer.read(2):
                sys.stdout.buffer.write(head + sys.stdin.buffer.read(int.from_bytes(head, 'big')).upper())
                sys.stdout.buffer.flush()
            """;

    private static final String VARINT = """
            import sys
            while one := sys.stdin.buffer.read(1):
                head, length = one, one[0] & 127
                while head[-1] > 127:
                    head += sys.stdin.buffer.read(1)
                    length |= (head[-1] & 127) << 7 * (len(head) - 1)
                sys.stdout.buffer.write(head + sys.stdin.buffer.read(length).upper())
                sys.stdout.buffer.flush()
            """;

    @Test
    void framed() throws Exception {
        try (Child worker = Command.of("python3", "-c", CONNECTION).spawn()) {
            // @start region="framed"
            MessageChannel channel = MessageChannel.over(worker.socket(), Wire.framed());
            channel.send(UTF_8.encode("hello"));
            // @end
            assertAnswers("HELLO", channel);
        }
    }

    @Test
    void lines() throws Exception {
        try (Child worker = onPipes(LINES)) {
            // @start region="lines"
            MessageChannel channel = MessageChannel.over(worker.stdout(), worker.stdin(), Wire.lines());
            channel.send(UTF_8.encode("{\"id\":1}"));
            // @end
            assertAnswers("{\"ID\":1}", channel);
        }
    }

    @Test
    void content_length() throws Exception {
        try (Child worker = onPipes(CONTENT_LENGTH)) {
            // @start region="content-length"
            MessageChannel channel = MessageChannel.over(worker.stdout(), worker.stdin(), Wire.contentLength());
            channel.send(UTF_8.encode("{\"id\":1}"));
            // @end
            assertAnswers("{\"ID\":1}", channel);
        }
    }

    @Test
    void packet() throws Exception {
        try (Child worker = onPipes(PACKET)) {
            // @start region="packet"
            MessageChannel channel = MessageChannel.over(worker.stdout(), worker.stdin(), Wire.packet(2));
            channel.send(UTF_8.encode("hello"));
            // @end
            assertAnswers("HELLO", channel);
        }
    }

    @Test
    void varint() throws Exception {
        try (Child worker = onPipes(VARINT)) {
            // @start region="varint"
            MessageChannel channel = MessageChannel.over(worker.stdout(), worker.stdin(), Wire.varint());
            channel.send(UTF_8.encode("hello")); // from protobuf: ByteBuffer.wrap(request.toByteArray())
            // @end
            assertAnswers("HELLO", channel);
        }
    }

    // @start region="goridge"
    static String ask(Child worker, String request) throws IOException {
        MessageChannel channel = MessageChannel.to(worker, Wire.goridge());
        try (Requests requests = Requests.over(channel, Exchange.GORIDGE)) {
            return UTF_8.decode(requests.call(UTF_8.encode(request))).toString();
        }
    }
    // @end

    @Test
    void goridge() throws Exception {
        String php = Path.of(System.getProperty("dyad.root"), "children/worker_goridge.php")
                .toString();
        try (Child worker = Command.of("php", php).stdout(Stdio.lastLines(1)).spawn()) {
            assertThat(ask(worker, "hello")).isEqualTo("HELLO");
        }
    }

    private static Child onPipes(String program) throws IOException {
        return Command.of("python3", "-c", program)
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .spawn();
    }

    private static void assertAnswers(String first, MessageChannel channel) throws IOException {
        try (channel) {
            assertThat(received(channel)).isEqualTo(first);

            List<String> texts = List.of("", "x", "x".repeat(300), "last");
            for (String text : texts) {
                channel.send(UTF_8.encode(text));
            }
            for (String text : texts) {
                assertThat(received(channel)).isEqualTo(text.toUpperCase(Locale.ROOT));
            }
        }
    }

    private static String received(MessageChannel channel) throws IOException {
        try (Message message = requireNonNull(channel.receive())) {
            return UTF_8.decode(message.bytes()).toString();
        }
    }
}
