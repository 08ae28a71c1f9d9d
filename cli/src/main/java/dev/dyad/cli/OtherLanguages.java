package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.Platform;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The second example's parent, with a child in each language that is on this machine.
final class OtherLanguages {

    private static final String PARENT_MESSAGE = "我是父級進程";
    private static final String CHILD_MESSAGE = "我是子進程";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Page page;
    private final Path sources;
    private final List<String> missing = new ArrayList<>();

    OtherLanguages(Page page, Path sources) {
        this.page = page;
        this.sources = sources;
    }

    void show() throws Exception {
        page.sentence(
                "The same parent, with a child in another language: its end is descriptor 3, stdin and stdout are free");
        @Nullable String why = Platform.current().whyNotNative();
        if (why != null) {
            page.seen("not here: %s".formatted(why));
            return;
        }
        interpreted("Python", "python3", "child.py");
        interpreted("PHP", "php", "child.php");
        interpreted("Node", "node", "child.mjs");
        compiled();
        interpreted("sh", "sh", "child.sh");
        page.seen("not on this machine: %s".formatted(missing.isEmpty() ? "none of them" : String.join(", ", missing)));
    }

    private void interpreted(String language, String interpreter, String file) throws Exception {
        talk(language, Command.of(interpreter, sources.resolve(file).toString()));
    }

    /// A compiled child, in a folder of its own for as long as it runs.
    private void compiled() throws Exception {
        Path folder = Files.createTempDirectory("dyad-demo");
        Path program = folder.resolve("child");
        try {
            if (compiles(program)) {
                talk("C", Command.of(program.toString()));
            }
        } finally {
            Files.deleteIfExists(program);
            Files.delete(folder);
        }
    }

    private boolean compiles(Path program) throws Exception {
        Command cc = Command.of(
                "cc", "-o", program.toString(), sources.resolve("child.c").toString());
        try (Child compiler = UserEnvironment.restore(cc).withoutSocket().spawn()) {
            if (compiler.waitFor(Deadline.after(PATIENCE)).shellCode() != 0) {
                throw new Problem(1, "the child in C does not compile");
            }
            return true;
        } catch (SystemCallException e) {
            note("C", e);
            return false;
        }
    }

    private void talk(String language, Command command) throws Exception {
        try (Child child =
                UserEnvironment.restore(command).stdin(Stdio.ignore()).spawn()) {
            child.socket().write(UTF_8.encode(PARENT_MESSAGE));
            String answer = read(child.socket(), UTF_8.encode(CHILD_MESSAGE).remaining());
            int code = child.waitFor(Deadline.after(PATIENCE)).shellCode();
            if (!answer.equals(CHILD_MESSAGE) || code != 0) {
                throw new Problem(1, "the child in " + language + " said \"" + answer + "\" and ended with " + code);
            }
            page.seen("%s: 父進程收到子進程信息: %s".formatted(language, answer));
        } catch (SystemCallException e) {
            note(language, e);
        }
    }

    private void note(String language, SystemCallException e) throws SystemCallException {
        if (!e.errno().equals(Errno.ENOENT)) {
            throw e;
        }
        missing.add(language);
    }

    private static String read(StreamSocket end, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        Deadline deadline = Deadline.after(PATIENCE);
        while (buffer.hasRemaining() && end.read(buffer, deadline) >= 0) {
            // until it is full, or the child has no more
        }
        return UTF_8.decode(buffer.flip()).toString();
    }
}
