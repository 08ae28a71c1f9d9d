package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.Platforms;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A parent with a child in each language that is on this machine.
final class OtherLanguages {

    private static final String MESSAGE = "我是父級進程";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Not there, or in a folder of the PATH that cannot be searched.
    private static final Set<String> NOT_TO_BE_RUN = Set.of("ENOENT", "ENOTDIR", "EACCES");

    private final Page page;
    private final Path sources;
    private final List<String> missing = new ArrayList<>();

    OtherLanguages(Page page, Path sources) {
        this.page = page;
        this.sources = sources;
    }

    void show() throws Exception {
        page.sentence("A child in another language, which says back what it hears:"
                + " its end is descriptor 3, stdin and stdout are free");
        @Nullable String why = Platforms.current().whyNotNative();
        if (why != null) {
            page.seen("not here: %s".formatted(why));
            return;
        }
        heard("Python", Command.of("python3", source("echo.py")));
        heard("PHP", Command.of("php", source("echo.php")));
        heard("Node", Command.of("node", source("echo.mjs")));
        heard("Ruby", Command.of("ruby", source("echo.rb")));
        heard("Perl", Command.of("perl", source("echo.pl")).environment("PERL_BADLANG", "0")); // whatever the locale
        compiled("C", "cc", "-o", "echo", source("echo.c"));
        compiled("Go", "go", "build", "-o", "echo", source("echo.go"));
        heard("sh", Command.of("sh", source("echo.sh")));
        talk(
                "Java without Dyad, on descriptor 0",
                utf8(restored(Command.of(java(), source("Echo.java")))).fd(0));
        page.seen("not on this machine: %s".formatted(missing.isEmpty() ? "none of them" : String.join(", ", missing)));
    }

    private String source(String file) {
        return sources.resolve(file).toAbsolutePath().toString();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// A compiled child, in a folder of its own for as long as it runs.
    private void compiled(String language, String... compiler) throws Exception {
        Path folder = Files.createTempDirectory("dyad-demo");
        try {
            if (compiles(language, folder, compiler)) {
                heard(language, Command.of(folder.resolve("echo").toString()));
            }
        } finally {
            delete(folder);
        }
    }

    private boolean compiles(String language, Path folder, String... compiler) throws Exception {
        Command command = restored(Command.of(List.of(compiler)))
                .directory(folder)
                .environment("GOCACHE", folder.resolve("cache").toString()); // which needs a home otherwise
        try (Child child = command.withoutSocket().spawn()) {
            if (child.waitFor(Deadline.after(PATIENCE)).shellCode() != 0) {
                throw new Problem(1, "the child in " + language + " does not compile");
            }
            return true;
        } catch (SystemCallException e) {
            note(language, e);
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Talks to a child whose standard input is not its end.
    private void heard(String language, Command command) throws Exception {
        talk(language, restored(command).stdin(Stdio.ignore()));
    }

    private static Command restored(Command command) {
        return UserEnvironment.restore(command);
    }

    /// A JVM reads the name of its source by the locale, and that name may have any letters.
    private static Command utf8(Command command) {
        return command.environment("LC_ALL", "C.UTF-8");
    }

    private void talk(String language, Command command) throws Exception {
        try (Child child = command.spawn()) {
            child.socket().write(UTF_8.encode(MESSAGE));
            child.socket().shutdownOutput();
            String answer = readToEnd(child.socket());
            int code = child.waitFor(Deadline.after(PATIENCE)).shellCode();
            if (!answer.equals(MESSAGE) || code != 0) {
                throw new Problem(1, "the child in " + language + " said \"" + answer + "\" and ended with " + code);
            }
            page.seen("%s: %s".formatted(language, answer));
        } catch (SystemCallException e) {
            note(language, e);
        }
    }

    private void note(String language, SystemCallException e) throws SystemCallException {
        if (!NOT_TO_BE_RUN.contains(e.errno().name())) {
            throw e;
        }
        missing.add(language);
    }

    private static String readToEnd(StreamSocket end) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        Deadline deadline = Deadline.after(PATIENCE);
        while (buffer.hasRemaining() && end.read(buffer, deadline) >= 0) {
            // until the child has no more, or far too much
        }
        return UTF_8.decode(buffer.flip()).toString();
    }
}
