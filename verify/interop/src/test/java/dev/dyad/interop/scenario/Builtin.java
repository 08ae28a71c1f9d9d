package dev.dyad.interop.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.interop.scenario.Evaluation.Argument;
import dev.dyad.socket.SocketPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Functions of PHP itself, as far as scenarios call them; a stream is a channel.
final class Builtin {

    private static final Set<String> NAMES = Set.of(
            "strlen", "str_repeat", "fopen", "fread", "fwrite", "fclose", "stream_get_contents", "stream_socket_pair");

    private static final int PIECE = 8192;

    private final List<Argument> arguments;

    private Builtin(List<Argument> arguments) {
        this.arguments = arguments;
    }

    static boolean has(String name) {
        return NAMES.contains(name);
    }

    static Object call(String name, List<Argument> arguments) throws IOException {
        var builtin = new Builtin(arguments);
        return switch (name) {
            case "strlen" -> (long) builtin.bytes(0).length;
            case "str_repeat" -> builtin.repeated();
            case "fopen" -> FileChannel.open(Path.of(new String(builtin.bytes(0), UTF_8)));
            case "fread" -> builtin.read(builtin.number(1));
            case "fwrite" -> (long) builtin.stream().write(ByteBuffer.wrap(builtin.bytes(1)));
            case "fclose" -> builtin.closed();
            case "stream_get_contents" -> builtin.contents();
            default -> pair();
        };
    }

    private byte[] repeated() {
        byte[] piece = bytes(0);
        var repeated = new byte[piece.length * number(1)];
        for (int at = 0; at < repeated.length; at += piece.length) {
            System.arraycopy(piece, 0, repeated, at, piece.length);
        }
        return repeated;
    }

    private byte[] read(int most) throws IOException {
        var bytes = new byte[most];
        return Arrays.copyOf(bytes, Math.max(0, stream().read(ByteBuffer.wrap(bytes))));
    }

    private byte[] contents() throws IOException {
        var contents = new ByteArrayOutputStream();
        for (byte[] piece = read(PIECE); piece.length > 0; piece = read(PIECE)) {
            contents.writeBytes(piece);
        }
        return contents.toByteArray();
    }

    private boolean closed() throws IOException {
        ((Channel) arguments.getFirst().value()).close();
        return true;
    }

    private static Map<Object, Object> pair() throws IOException {
        var pair = SocketPair.stream();
        var array = new LinkedHashMap<>();
        array.put(0L, pair.left());
        array.put(1L, pair.right());
        return array;
    }

    private ByteChannel stream() {
        return (ByteChannel) arguments.getFirst().value();
    }

    private byte[] bytes(int index) {
        return (byte[]) arguments.get(index).value();
    }

    private int number(int index) {
        return ((Long) arguments.get(index).value()).intValue();
    }
}
