package dev.dyad.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What a peer may send that knows the wire, knows it badly, or does not know it.
final class RandomStreams {

    private static final List<String> PIECES = List.of(
            "Content-Length",
            "content-length",
            "CONTENT-LENGTH:",
            "Content-Length: ",
            "Content-Type: x",
            ":",
            ": ",
            " ",
            "\t",
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "\n\n",
            "0",
            "7",
            "17",
            "000",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "-1",
            "+1",
            "0x10",
            "1,1",
            "a",
            "A-b",
            "PHP Warning: ",
            "{}",
            "\0",
            "\u007f");

    private static final int MOST_PIECES = 12;
    private static final int MOST_BYTES = 24;
    private static final int ONE_IN = 5_000;
    private static final int MORE_THAN_A_HEAD = 5_000;

    private RandomStreams() {}

    /// Returns at least one byte.
    static byte[] next(Wire.Prefixed wire, Random random) {
        byte[] bytes = switch (random.nextInt(4)) {
            case 0 -> any(random);
            case 1 -> edges(random);
            case 2 -> pieces(random);
            default -> almost(wire, random);
        };
        return bytes.length > 0 ? bytes : new byte[1];
    }

    private static byte[] any(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(MOST_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] edges(Random random) {
        byte[] edges = {0, 1, 0x7f, -0x80, -1, 0x07, 0x08};
        byte[] bytes = new byte[1 + random.nextInt(MOST_BYTES)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = edges[random.nextInt(edges.length)];
        }
        return bytes;
    }

    private static byte[] pieces(Random random) {
        var bytes = new ByteArrayOutputStream();
        int pieces = 1 + random.nextInt(MOST_PIECES);
        for (int i = 0; i < pieces; i++) {
            byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(US_ASCII);
            int times = random.nextInt(ONE_IN) > 0 ? 1 : MORE_THAN_A_HEAD / piece.length;
            for (int n = 0; n < times; n++) {
                bytes.writeBytes(piece);
            }
        }
        return bytes.toByteArray();
    }

    /// A head, with some bytes after it, of which up to two are not what they should be.
    private static byte[] almost(Wire.Prefixed wire, Random random) {
        byte[] head = Wires.head(wire, Math.min(random.nextLong() >>> (1 + random.nextInt(63)), wire.longestBody()));
        byte[] bytes = Arrays.copyOf(head, head.length + random.nextInt(MOST_BYTES));
        int wrong = random.nextInt(3);
        for (int i = 0; i < wrong; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
