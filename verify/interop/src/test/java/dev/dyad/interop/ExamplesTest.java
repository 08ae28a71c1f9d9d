package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExamplesTest {

    private static final Path EXAMPLES = PhpRuns.ROOT.resolve("examples");
    private static final String STRING = "string(10) \"ABCdef123\n\"\n";
    private static final List<String> BOTH_SIDES = List.of("子進程收到父進程信息: 我是父級進程", "父進程收到子進程信息: 我是子進程");

    @Test
    void the_first_example_prints_what_php_prints() throws Exception {
        assertPrints(PhpRuns.java(EXAMPLES.resolve("SocketCreatePairExample.java")), STRING);
    }

    @Test
    void the_first_example_needs_no_native_access() throws Exception {
        var output = PhpRuns.java(EXAMPLES.resolve("SocketCreatePairExample.java"), "-Ddyad.platform=none");

        assertPrints(output, STRING);
    }

    @Test
    void the_two_ends_of_the_first_example_can_be_swapped(@TempDir Path folder) throws Exception {
        String source = Files.readString(EXAMPLES.resolve("SocketCreatePairExample.java"));
        Path swapped = folder.resolve("SocketCreatePairExample.java");
        Files.writeString(
                swapped,
                source.replace("sockets[0]", "sockets[2]")
                        .replace("sockets[1]", "sockets[0]")
                        .replace("sockets[2]", "sockets[1]"));

        assertPrints(PhpRuns.java(swapped), STRING);
    }

    @ParameterizedTest
    @CsvSource({"SocketCreatePairIpcExample", "SocketPairIpcExample"})
    void the_second_example_talks_with_its_child(String example) throws Exception {
        var output = PhpRuns.java(EXAMPLES.resolve(example + ".java"));

        assertThat(output.out().lines()).describedAs(output.toString()).containsExactlyInAnyOrderElementsOf(BOTH_SIDES);
        assertThat(output.err()).isEmpty();
        assertThat(output.exit()).isZero();
    }

    @Test
    void the_first_example_in_javas_own_words_says_the_same() throws Exception {
        assertPrints(PhpRuns.java(EXAMPLES.resolve("SocketPairExample.java")), "10 bytes: ABCdef123\n");
    }

    @ParameterizedTest
    @CsvSource({
        "python3, child.py, 3", "python3, child.py, 0", "php, child.php, 3", "php, child.php, 0",
        "node, child.mjs, 3", "node, child.mjs, 0", "sh, child.sh, 3", "sh, child.sh, 0",
        "node, child.mjs, 17", "python3, child.py, 17", "php, child.php, 17",
    })
    void a_child_in_another_language_answers(String interpreter, String file, int fd) throws Exception {
        Interpreters.require(interpreter);

        assertAnswers(Command.of(
                        interpreter, EXAMPLES.resolve("children").resolve(file).toString())
                .fd(fd));
    }

    @Test
    void a_child_in_c_answers(@TempDir Path folder) throws Exception {
        Interpreters.require("cc");
        Path program = folder.resolve("child");
        Process compiler = new ProcessBuilder(
                        "cc",
                        "-Wall",
                        "-Werror",
                        "-o",
                        program.toString(),
                        EXAMPLES.resolve("children/child.c").toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();

        assertAnswers(Command.of(program.toString()));
    }

    @ParameterizedTest
    @CsvSource({"python3, child.py", "php, child.php", "node, child.mjs", "sh, child.sh"})
    void a_child_that_hears_half_a_message_fails(String interpreter, String file) throws Exception {
        Interpreters.require(interpreter);
        Command command = Command.of(
                        interpreter, EXAMPLES.resolve("children").resolve(file).toString())
                .stderr(Stdio.ignore());

        try (Child child = command.spawn()) {
            child.socket().write(UTF_8.encode("我是"));
            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(1));
        }
    }

    /// The message goes in single bytes, for a stream promises no more.
    private static void assertAnswers(Command command) throws Exception {
        try (Child child = command.environment("LC_ALL", "C").spawn()) {
            ByteBuffer message = UTF_8.encode("我是父級進程");
            while (message.hasRemaining()) {
                child.socket().write(ByteBuffer.wrap(new byte[] {message.get()}));
            }

            var answer = ByteBuffer.allocate(100);
            while (child.socket().read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }

            assertThat(UTF_8.decode(answer.flip()).toString()).isEqualTo("我是子進程");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static void assertPrints(PhpRuns.Output output, String expected) {
        assertThat(output).isEqualTo(new PhpRuns.Output(0, expected, ""));
    }
}
