package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Children in PHP that nobody asks for longer than `default_socket_timeout`, which is no time at all here.
@Timeout(60)
class IdlePhpTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NO_TIME = "default_socket_timeout=0";

    @BeforeAll
    static void there_is_php() {
        Interpreters.require("php");
    }

    private static Command php(String script) {
        return Command.of("php", "-d", NO_TIME, ChildLanguage.inChildren(script).toString());
    }

    /// Waits until a child sleeps, as it does where it waits for what is not there yet, or has ended.
    private static void awaitIdle(Child child) {
        Path stat = Path.of("/proc/" + child.pid() + "/stat");
        Await.until(() -> child.onExit().isDone() || read(stat).contains(") S "), LIMIT);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException hasEnded) {
            return "";
        }
    }

    private static Requests ask(Child child, Wire wire, Exchange exchange) {
        return Requests.over(MessageChannel.to(child, wire), exchange);
    }

    private static void assertAnswersThoughIdleBefore(Child child, Requests requests) throws Exception {
        for (String request : List.of("one", "two", "three")) {
            ByteBuffer answer = requests.call(UTF_8.encode(request), Deadline.after(LIMIT));
            assertThat(UTF_8.decode(answer).toString()).isEqualTo(request.toUpperCase(Locale.ROOT));
            awaitIdle(child);
        }
        assertThat(child.onExit()).isNotDone();
    }

    @Test
    void a_worker_that_nobody_asks_goes_on() throws Exception {
        try (Child child = php("worker.php").spawn();
                Requests requests = ask(child, Wire.framed(), Exchange.IN_TURN)) {
            assertAnswersThoughIdleBefore(child, requests);
        }
    }

    @Test
    void a_worker_of_goridge_that_nobody_asks_goes_on() throws Exception {
        try (Child child = php("worker_goridge.php").stdout(Stdio.lastLines(1)).spawn();
                Requests requests = ask(child, Wire.goridge(), Exchange.GORIDGE)) {
            assertAnswersThoughIdleBefore(child, requests);
        }
    }

    @Test
    void a_child_to_which_nobody_says_a_word_goes_on() throws Exception {
        try (Child child = php("echo.php").spawn()) {
            for (String word : List.of("one", "two", "three")) {
                child.socket().write(UTF_8.encode(word));
                byte[] heard = child.socket().inputStream().readNBytes(word.length());
                assertThat(new String(heard, UTF_8)).isEqualTo(word);
                awaitIdle(child);
            }
            child.socket().shutdownOutput();
            assertThat(child.socket().inputStream().readAllBytes()).isEmpty();
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void the_worker_of_an_example_to_which_nobody_gives_work_goes_on() throws Exception {
        String script = PhpRuns.ROOT.resolve("examples/php/Worker.php").toString();
        try (Child child = Command.of("php", "-d", NO_TIME, script, "--child").spawn()) {
            for (String word : List.of("on", "to", "on")) {
                child.socket().write(UTF_8.encode(word + "\n"));
                byte[] heard = child.socket().inputStream().readNBytes(word.length() + 1);
                assertThat(new String(heard, UTF_8)).isEqualTo(new StringBuilder(word).reverse() + "\n");
                awaitIdle(child);
            }
            assertThat(child.onExit()).isNotDone();
        }
    }
}
