package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.Sampled;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples that are there in PHP and in Java, each run against the other.
@Sampled
class PhpExamplesTest {

    private static final Path EXAMPLES = PhpRuns.ROOT.resolve("examples/php");
    private static final String WORK = "desserts\nreward\nlevel\nthe worker ended with 0\n";

    @BeforeEach
    void require() {
        Interpreters.require("php");
    }

    @ParameterizedTest
    @CsvSource({"php", "java"})
    void a_parent_forks_a_worker(String language) throws Exception {
        assertThat(run(command(language, "Worker"))).isEqualTo(WORK);
    }

    @ParameterizedTest
    @CsvSource({"php, java", "java, php", "php, php", "java, java"})
    @FirstInShortRuns
    void a_parent_has_a_worker_in_another_language(String parent, String worker) throws Exception {
        List<String> child = command(worker, "Worker", "--child");

        assertThat(run(command(parent, "Worker", child.toArray(String[]::new)))).isEqualTo(WORK);
    }

    @ParameterizedTest
    @CsvSource({"php, java", "java, php"})
    @FirstInShortRuns
    void people_of_one_language_chat_where_those_of_the_other_meet(String meeting, String people, @TempDir Path folder)
            throws Exception {
        String path = folder.resolve("chat").toString();
        try (var place = start(command(meeting, "Chat", path))) {
            BufferedReader said = lines(place);
            assertThat(said.readLine()).isEqualTo("open");
            try (var ann = start(command(people, "Chat", path, "ann"))) {
                assertThat(said.readLine()).isEqualTo("ann came");

                assertThat(run(command(meeting, "Chat", path, "ben", "hello"))).isEqualTo("welcome\n");

                assertThat(lines(ann).readAllLines()).containsExactly("welcome", "ben: hello");
                assertThat(ann.waitFor()).isZero();
            }
            assertThat(List.of(said.readLine(), said.readLine(), said.readLine()))
                    .containsExactlyInAnyOrder("ben came", "ben left", "ann left");
        }
    }

    private static List<String> command(String language, String example, String... arguments) {
        var command = new ArrayList<String>();
        if (language.equals("php")) {
            command.addAll(List.of("/usr/bin/env", "php"));
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--class-path", PhpRuns.classPath()));
        }
        command.add(EXAMPLES.resolve(example + "." + language).toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String run(List<String> command) throws Exception {
        try (var started = start(command)) {
            String out = new String(started.out().readAllBytes(), UTF_8);
            assertThat(started.waitFor()).as(out).isZero();
            return out;
        }
    }

    private static Started start(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return new Started(builder.start());
    }

    private static BufferedReader lines(Started started) {
        return new BufferedReader(new InputStreamReader(started.out(), UTF_8));
    }
}
