package dev.dyad.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a JVM can't carry in its arguments.
final class RawArguments {

    private static final String REPLACED = "\uFFFD";

    private RawArguments() {}

    /// Refuses arguments that are not UTF-8: the JVM has replaced what it could not read, and the command would get
    /// something else than was meant, a file's name for example.
    ///
    /// @throws Problem if there is one
    static void requireUtf8(List<String> arguments) throws IOException, Problem {
        Path raw = Path.of("/proc/self/cmdline");
        boolean suspicious = arguments.stream().anyMatch(argument -> argument.contains(REPLACED));
        if (suspicious && Files.isReadable(raw) && !isUtf8(Files.readAllBytes(raw))) {
            throw new Problem(2, "an argument is not UTF-8, which a JVM can't pass on");
        }
    }

    static boolean isUtf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
