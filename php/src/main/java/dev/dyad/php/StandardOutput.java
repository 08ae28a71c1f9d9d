package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Prints as PHP does: bytes, whatever encoding `System.out` was opened with.
final class StandardOutput {

    private StandardOutput() {}

    static void print(String text) {
        print(text.getBytes(UTF_8));
    }

    static void dump(byte @Nullable [] value) {
        if (value == null) {
            print("bool(false)\n");
            return;
        }
        var dumped = new ByteArrayOutputStream(value.length + 32);
        dumped.writeBytes(("string(" + value.length + ") \"").getBytes(UTF_8));
        dumped.writeBytes(value);
        dumped.writeBytes("\"\n".getBytes(UTF_8));
        print(dumped.toByteArray());
    }

    private static void print(byte[] bytes) {
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
