package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the tests say to children, and hear of them.
public final class Talk {

    private Talk() {}

    public static Command sh(String script) {
        return Command.of("sh", "-c", script);
    }

    /// Spawns a command and returns what it says by its end until it closes it.
    public static String answer(Command command) throws IOException {
        try (Child child = command.spawn()) {
            return readToEnd(child.socket());
        }
    }

    public static String readToEnd(StreamSocket end) throws IOException {
        return new String(bytesToEnd(end), UTF_8);
    }

    public static byte[] bytesToEnd(StreamSocket end) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(4096);
        while (end.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toByteArray();
    }

    /// Returns what a descriptor of this process stands for.
    public static String link(int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    }

    /// @param errno its name
    public static void assertFails(Command command, String call, String errno, String subject) {
        assertThatThrownBy(command::spawn).isInstanceOfSatisfying(SystemCallException.class, e -> {
            assertThat(e.call()).isEqualTo(call);
            assertThat(e.errno().name()).isEqualTo(errno);
            assertThat(e).hasMessageContaining(subject);
        });
    }

    public static String line(StreamSocket end) throws IOException {
        var one = ByteBuffer.allocate(1);
        var line = ByteBuffer.allocate(100);
        while (end.read(one.clear()) > 0 && one.get(0) != '\n') {
            line.put(one.flip());
        }
        return UTF_8.decode(line.flip()).toString();
    }

    /// One that nobody reaps here stays a zombie, which has no command line.
    public static boolean hasEnded(ProcessHandle process) {
        return !process.isAlive() || process.info().command().isEmpty();
    }
}
