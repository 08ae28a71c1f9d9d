package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.interop.Php;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That both sides say what happens, so that a difference would be seen.
class SidesTest {

    private static final Duration SHORT = Duration.ofSeconds(3); // in which PHP has to start, too

    private static final String TALK = """
        == A talk
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair)
        socket_write($pair[0], "hi\\n\\x00")
        socket_read($pair[1], 100)
        socket_close($pair[1])
        socket_write($pair[0], "x")
        socket_read($pair[1], 1)
        """;

    private static final String SAID = """
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair)
            = true
            $pair = [0 => Socket#1, 1 => Socket#2]
        socket_write($pair[0], "hi\\n\\x00")
            = 4
        socket_read($pair[1], 100)
            = "hi\\x0a\\x00"
        socket_close($pair[1])
            = null
        socket_write($pair[0], "x")
            warning: socket_write(): unable to write to socket [32]: Broken pipe
            = false
            errors 32, Socket#1 32
        socket_read($pair[1], 1)
            Error: socket_read(): Argument #1 ($socket) has already been closed
        """;

    private static final String HANGING = """
        == A read for ever
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair)
        socket_read($pair[1], 100)
        """;

    @TempDir
    Path folder;

    @Test
    void php_says_what_happens_also_after_a_scenario_that_hangs() throws Exception {
        try (var php = new PhpSide(Php.newest(), folder.resolve("p"), SHORT)) {
            assertThat(php.run(scenario(HANGING))).isEqualTo(Side.HANGS);
            assertThat(php.run(scenario(TALK))).isEqualTo(SAID);
        }
    }

    @Test
    void java_says_what_happens_also_after_a_scenario_that_hangs() throws Exception {
        try (var java = new JavaSide(folder.resolve("j"), SHORT)) {
            assertThat(java.run(scenario(HANGING))).isEqualTo(Side.HANGS);
            assertThat(java.run(scenario(TALK))).isEqualTo(SAID);
        }
    }

    @Test
    void what_a_scenario_leaves_in_its_folder_is_gone() throws Exception {
        try (var java = new JavaSide(folder.resolve("j"), SHORT)) {
            Files.createFile(java.folder().resolve("left"));

            java.run(scenario(TALK));

            assertThat(java.folder()).isEmptyDirectory();
        }
    }

    @Test
    void a_call_that_java_does_not_have_is_told() throws Exception {
        try (var java = new JavaSide(folder.resolve("j"), SHORT)) {
            assertThat(java.run(scenario("== None\nsocket_read(\"x\", 4294967296)\n")))
                    .contains("does not compile: socket_read(byte[], long)");
        }
    }

    @Test
    void a_deviation_is_read_with_what_each_prints() {
        Scenario scenario = scenario("# said before\n== One\na()\n\nb()\n-- php\nx\n-- java\ny\n\n");

        assertThat(scenario.steps()).containsExactly("a()", "b()");
        assertThat(List.of(scenario.php(), scenario.java())).containsExactly("x\n", "y\n");
        assertThat(scenario.isDeviation()).isTrue();
        assertThat(Scenario.readAll(scenario.text())).hasSize(1);
    }

    @Test
    void a_scenario_may_be_of_newer_versions_alone() {
        Scenario scenario = scenario("== One\n@since 8.5\na()\n");

        assertThat(scenario.steps()).containsExactly("a()");
        assertThat(scenario.isOf(new Php("php", "8.5"))).isTrue();
        assertThat(scenario.isOf(new Php("php", "8.10"))).isTrue();
        assertThat(scenario.isOf(new Php("php", "8.4"))).isFalse();
    }

    private static Scenario scenario(String text) {
        return Scenario.readAll(text).getFirst();
    }
}
