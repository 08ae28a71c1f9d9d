package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README and the page on how to use Dyad promise: the program runs, and what they name is there.
class ReadmeTest {

    private static final Pattern PROGRAM =
            Pattern.compile("^```java\n(import .*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern MODULE_INFO =
            Pattern.compile("^```java\nmodule (.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ARTIFACT =
            Pattern.compile("^\\| `(dyad-[a-z-]+)` \\| `(dev\\.[a-z.]+)` \\|", Pattern.MULTILINE);
    private static final Pattern OUR_MODULE = Pattern.compile("dev\\.dyad(\\.\\w+)+");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)]+)\\)");

    private String readme = "";

    @BeforeEach
    void read() throws Exception {
        readme = Files.readString(PhpRuns.ROOT.resolve("README.md"));
    }

    @Test
    void its_program_prints_what_it_says(@TempDir Path folder) throws Exception {
        Interpreters.require("python3");
        List<MatchResult> programs = PROGRAM.matcher(readme).results().toList();
        assertThat(programs).hasSize(1);
        Path file = Files.writeString(
                folder.resolve("Ask.java"), programs.getFirst().group(1));

        PhpRuns.Output output = PhpRuns.java(file);

        assertThat(output.out()).describedAs(output.toString()).isEqualTo("HELLO, Exited[code=0]\n");
        assertThat(output.exit()).isZero();
    }

    /// As much as a screen of text shows, twice, and a drawing.
    @Test
    void it_is_two_screens_long() {
        assertThat(readme.lines()).hasSizeLessThanOrEqualTo(105);
        assertThat(readme.split("\\s+")).hasSizeLessThanOrEqualTo(800);
    }

    @Test
    void what_the_module_info_requires_brings_the_modules_that_it_names() throws Exception {
        String page = Files.readString(PhpRuns.ROOT.resolve("docs/install.md"));
        List<MatchResult> shown = MODULE_INFO.matcher(page).results().toList();
        assertThat(shown).hasSize(1);
        List<String> names = OUR_MODULE
                .matcher(shown.getFirst().group(1))
                .results()
                .map(MatchResult::group)
                .toList();

        String worker = Files.readString(PhpRuns.ROOT.resolve("worker/src/main/java/module-info.java"));
        assertThat(worker).contains("module " + names.getFirst() + " {");
        assertThat(names).hasSize(4);
        assertThat(names.subList(1, names.size()))
                .allSatisfy(name -> assertThat(worker).contains("requires transitive " + name + ";"));
    }

    @Test
    void each_published_module_is_in_the_table_of_artifacts() throws Exception {
        String page = Files.readString(PhpRuns.ROOT.resolve("docs/install.md"));
        List<String> rows = ARTIFACT.matcher(page)
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "dyad-socket dev.dyad.socket",
                        "dyad-process dev.dyad.process",
                        "dyad-message dev.dyad.message",
                        "dyad-message-json dev.dyad.message.json",
                        "dyad-worker dev.dyad.worker",
                        "dyad-php dev.dyad.php")
                .allSatisfy(row -> {
                    String[] names = row.split(" ");
                    Path module = PhpRuns.ROOT.resolve(names[0].substring("dyad-".length()));
                    assertThat(module.resolve("pom.xml"))
                            .content()
                            .contains("<artifactId>" + names[0] + "</artifactId>");
                    assertThat(module.resolve("src/main/java/module-info.java"))
                            .content()
                            .contains("module " + names[1] + " {");
                });
    }

    @Test
    void every_sentence_of_the_page_names_a_test_that_exists() throws Exception {
        List<String> sentences = Files.readAllLines(PhpRuns.ROOT.resolve("docs/manual-page.md")).stream()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();

        assertThat(sentences).hasSizeGreaterThan(10).allSatisfy(NamedTests::require);
    }

    @Test
    void every_fault_of_the_peers_names_a_test_that_exists() throws Exception {
        List<String> faults = Files.readAllLines(PhpRuns.ROOT.resolve("docs/peers.md")).stream()
                .filter(line -> line.startsWith("|"))
                .filter(line -> !line.contains("Our tests") && !line.startsWith("| ---"))
                .toList();

        assertThat(faults).hasSizeGreaterThan(25).allSatisfy(NamedTests::require);
    }

    @Test
    void every_file_that_it_links_to_exists() {
        assertThat(LINK.matcher(readme).results().map(link -> PhpRuns.ROOT.resolve(link.group(1))))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).exists());
    }
}
