package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.aot.AotCache;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The properties that say how Dyad works.
@Timeout(60)
class SettingsTest {

    private static final List<String> PROPERTIES =
            List.of("dyad.platform", "dyad.poller", "dyad.spin", "dyad.lost", "dyad.spawn", "dyad.aot");

    @Test
    void a_value_that_one_cannot_have_is_told_once_and_ends_nothing() throws Exception {
        String[] wrong = PROPERTIES.stream().map(name -> "-D" + name + "=Bogus").toArray(String[]::new);

        var result = JavaProbe.of(WaitsTwice.class).options(wrong).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("hello hello Exited[code=0]\n");
        assertThat(PROPERTIES)
                .allSatisfy(name ->
                        assertThat(result.errText()).containsOnlyOnce("-D" + name + "=Bogus is ignored: it can be \""));
        assertThat(result.errText())
                .contains("-Ddyad.poller=Bogus is ignored: it can be \"epoll\", \"poll\", or not set");
    }

    @ParameterizedTest
    @ValueSource(classes = {FailsToLog.class, LogsByDyad.class})
    void a_logger_that_fails_or_uses_dyad_ends_nothing_either(Class<?> finder, @TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.lang.System$LoggerFinder"), finder.getName());

        var result = JavaProbe.of(WaitsTwice.class)
                .options("-Ddyad.spin=Bogus", "-Ddyad.poller=Bogus", "-Xbootclasspath/a:" + folder)
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("hello hello Exited[code=0]\n");
        assertThat(result.errText()).contains("-Ddyad.spin=Bogus is ignored", "-Ddyad.poller=Bogus is ignored");
    }

    @Test
    void values_that_one_can_have_are_told_by_nothing() throws Exception {
        var result = JavaProbe.of(WaitsTwice.class)
                .options(
                        "-Ddyad.poller=poll",
                        "-Ddyad.spin=off",
                        "-Ddyad.lost=stack",
                        "-Ddyad.spawn=each",
                        "-Ddyad.aot=off")
                .run();

        assertThat(result.toString()).isEqualTo("exit 0\nhello hello Exited[code=0]\n");
    }

    /// A logger that says what it is told on stderr, and throws.
    public static class FailsToLog extends System.LoggerFinder implements System.Logger {

        @Override
        public System.Logger getLogger(String name, Module module) {
            return this;
        }

        @Override
        public String getName() {
            return "";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level == Level.WARNING;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            System.err.println(text);
            throw new IllegalStateException("no logger today");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, Object... values) {
            log(level, bundle, format, (Throwable) null);
        }
    }

    /// A logger that has another thread send what it is told through a pair, and waits for that.
    public static final class LogsByDyad extends FailsToLog {

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            try {
                CompletableFuture.runAsync(() -> send(text)).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void send(String text) {
            try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
                Thread.ofPlatform().start(() -> write(pair.left(), text));
                var read = ByteBuffer.allocate(text.length());
                while (read.hasRemaining() && pair.right().read(read) >= 0) {}
                System.err.println(UTF_8.decode(read.flip()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(StreamSocket end, String text) {
            try {
                end.write(UTF_8.encode(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Spawns a child, and waits for what it says twice: what fails as a class is initialized fails otherwise later.
    static final class WaitsTwice {
        public static void main(String[] arguments) throws Exception {
            assertThat(AotCache.isWanted(false)).isFalse();
            try (Child child = Command.of("sh", "-c", "for i in 1 2; do sleep 0.1; printf 'hello ' >&3; done")
                    .spawn()) {
                var said = ByteBuffer.allocate(12);
                for (int end = 6; end <= 12; end += 6) {
                    said.limit(end);
                    while (said.hasRemaining() && child.socket().read(said) >= 0) {}
                }
                System.out.println(UTF_8.decode(said.flip()) + child.waitFor().toString());
            }
        }
    }
}
