package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The heads that Python's `multiprocessing.connection` writes and reads are those of the framed wire.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class PythonFramesTest {

    private static final Wire.Prefixed WIRE = (Wire.Prefixed) Wire.framed();

    /// On both sides of 16,384, from where on Python writes a head and its body by two calls.
    private static final int[] SIZES = {0, 1, 16_384, 16_385, 100_000};

    private static final String SENDS = """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            for size in 0, 1, 16384, 16385, 100000:
                parent.send_bytes(bytes(i & 255 for i in range(size)))
            """;

    private static final String ANSWERS = """
            import zlib
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    heard = parent.recv_bytes()
                    parent.send_bytes(b'%d %08x' % (len(heard), zlib.crc32(heard)))
            except EOFError:
                pass
            """;

    @Test
    void what_python_writes_is_read() throws Exception {
        try (Child python = Command.of("python3", "-c", SENDS).spawn()) {
            var in = new DataInputStream(python.socket().inputStream());
            for (int size : SIZES) {
                assertThat(message(in)).isEqualTo(body(size));
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void python_reads_what_is_written() throws Exception {
        try (Child python = Command.of("python3", "-c", ANSWERS).spawn()) {
            var in = new DataInputStream(python.socket().inputStream());
            for (int size : SIZES) {
                python.socket().write(ByteBuffer.wrap(Wires.head(WIRE, size)));
                python.socket().write(ByteBuffer.wrap(body(size)));

                assertThat(message(in)).asString(UTF_8).isEqualTo(told(body(size)));
            }
            python.socket().write(ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff0000000000000001" + "00")));

            assertThat(message(in)).asString(UTF_8).isEqualTo(told(body(1))); // the long form of a short one
        }
    }

    private static byte[] message(DataInputStream in) throws IOException {
        var head = new byte[4];
        in.readFully(head);
        assertThat(Wires.headSize(WIRE, head, head.length)).isEqualTo(head.length);
        var body = new byte[Math.toIntExact(Wires.bodyLength(WIRE, head, head.length))];
        in.readFully(body);
        return body;
    }

    private static String told(byte[] body) {
        var sum = new CRC32();
        sum.update(body);
        return "%d %08x".formatted(body.length, sum.getValue());
    }

    private static byte[] body(int size) {
        var body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) i;
        }
        return body;
    }
}
