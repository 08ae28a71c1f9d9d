package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A JVM that is killed takes the children of every language with it.
@Timeout(120)
class KilledParentTest {

    @TempDir
    static Path folder;

    /// Has two children of each language, one that waits for a word and one that waits for being heard, and one that
    /// does not know of its end; says their pids, and waits to be killed.
    static final class Parent {

        private static final byte[] MUCH = new byte[8 << 20];

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            for (String name : List.of(arguments).subList(1, arguments.length)) {
                ChildLanguage language = ChildLanguage.valueOf(name);
                Command command = language.command(language.source(), folder).stderr(Stdio.ignore());
                waitsForAWord(command);
                waitsForBeingHeard(command);
            }
            System.out.println(Command.of("sleep", "600")
                    .parentDeathSignal(Signal.KILL)
                    .spawn()
                    .pid());
            System.out.println("ready");
            new CountDownLatch(1).await();
        }

        private static void waitsForAWord(Command command) throws Exception {
            Child child = command.spawn();
            child.socket().write(ByteBuffer.wrap(new byte[1]));
            assertThat(child.socket().read(ByteBuffer.allocate(1))).isOne();
            System.out.println(child.pid());
        }

        private static void waitsForBeingHeard(Command command) throws Exception {
            Child child = command.spawn();
            try {
                child.socket().write(ByteBuffer.wrap(new byte[1]));
                assertThat(child.socket().read(ByteBuffer.allocate(1))).isOne();
                child.socket().write(ByteBuffer.wrap(MUCH), Deadline.after(Duration.ofMillis(200)));
                throw new AssertionError("both directions hold more than " + MUCH.length);
            } catch (SocketTimeoutException full) {
                System.out.println(child.pid());
            }
        }
    }

    @Test
    void its_children_end_with_it() throws Exception {
        List<String> languages = List.of(ChildLanguage.values()).stream()
                .map(ChildLanguage::name)
                .toList();
        for (String language : languages) {
            ChildLanguage.valueOf(language)
                    .command(ChildLanguage.valueOf(language).source(), folder); // compiles it
        }
        try (Started parent = new Started(new ProcessBuilder(JavaProbe.of(Parent.class, arguments(languages))
                        .options("-Ddyad.root=" + PhpRuns.ROOT)
                        .command())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start())) {
            var said = new BufferedReader(new InputStreamReader(parent.out(), UTF_8));
            List<ProcessHandle> children = said.lines()
                    .takeWhile(line -> !line.equals("ready"))
                    .map(line -> ProcessHandle.of(Long.parseLong(line)).orElseThrow())
                    .toList();
            assertThat(children).hasSize(2 * languages.size() + 1);

            parent.process().destroyForcibly().waitFor();

            for (ProcessHandle child : children) {
                Await.until(() -> hasEnded(child), Duration.ofSeconds(20));
            }
        }
    }

    private static String[] arguments(List<String> languages) {
        var arguments = new ArrayList<String>();
        arguments.add(folder.toString());
        arguments.addAll(languages);
        return arguments.toArray(String[]::new);
    }

    /// One that nobody has reaped yet has no command line.
    private static boolean hasEnded(ProcessHandle process) {
        return !process.isAlive() || process.info().command().isEmpty();
    }
}
