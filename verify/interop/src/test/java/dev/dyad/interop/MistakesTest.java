package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A mistake in a program of one file, with the built jars in its class path, is told as javac tells one.
///
/// Without the annotations of JSpecify next to them, javac fails by itself where it would print such a type.
@Timeout(60)
class MistakesTest {

    @TempDir
    private Path folder;

    @BeforeAll
    @Timeout(300)
    static void the_jars_are_built() throws Exception {
        assertThat(Launcher.dyad("--version").run().code()).isZero();
    }

    /// What is in the body of `main`, and what javac says of it.
    record Mistake(String body, String message) {}

    static List<Mistake> mistakes() {
        return List.of(
                new Mistake(
                        "Map<Integer, Socket> read = new TreeMap<>(); Sockets.socket_select(read, null, null, 30);",
                        "Map<Integer,Socket> cannot be converted to"),
                new Mistake("SocketPair.stream().left().getOption(7);", "int cannot be converted to SocketOption"),
                new Mistake(
                        "String who = StreamSocket.open(1).peerCredentials();",
                        "Credentials cannot be converted to String"),
                new Mistake("Command.of(\"true\").environment(1, 2);", "int cannot be converted to String"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    @FirstInShortRuns
    void a_mistake_is_told_by_its_line(Mistake mistake) throws Exception {
        Path file = folder.resolve("Wrong.java");
        Files.writeString(file, """
                import dev.dyad.php.*;
                import dev.dyad.process.*;
                import dev.dyad.socket.*;
                import java.util.*;
                public class Wrong { public static void main(String[] arguments) throws Exception {
                    %s
                } }
                """.formatted(mistake.body()));
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--class-path",
                        Launcher.ROOT.resolve("target/launcher") + "/*",
                        file.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(java.getInputStream().readAllBytes(), UTF_8);

        assertThat(java.waitFor()).isOne();
        assertThat(said).contains("Wrong.java:6: error:", mistake.message()).doesNotContain("tree.sym");
    }
}
