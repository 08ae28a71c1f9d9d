package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual page in Chinese: its order, and its examples, run as they stand there.
class PageTest {

    private static final Path PAGE = PhpRuns.ROOT.resolve("docs/socket_create_pair.zh.md");

    /// The name of a file, the program, and what the page says that it prints.
    private static final Pattern EXAMPLE = Pattern.compile(
            "^(\\w+)\\.java\\n\\n```java\\n(.*?)^```$.*?^輸出[^\\n]*:\\n\\n```\\n(.*?)^```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    /// What is typed into a terminal, and what the page says that is printed.
    private static final Pattern COMMANDS = Pattern.compile(
            "^[^\\n]*運行[^\\n]*:\\n\\n```\\n(.*?)^```\\n\\n輸出[^\\n]*:\\n\\n```\\n(.*?)^```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    /// A program in PHP, under its name.
    private static final Pattern ORIGINAL =
            Pattern.compile("(\\w+)\\.php[^\\n]*\\n\\n```php\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private String page = "";

    @BeforeEach
    void read() throws Exception {
        page = Files.readString(PAGE);
    }

    @Test
    void its_sections_stand_in_the_order_of_the_original() {
        assertThat(page.lines()
                        .filter(line -> line.startsWith("## "))
                        .map(line -> line.substring(3, Math.min(line.length(), 5))))
                .containsExactly("說明", "語法", "參數", "返回", "技術", "實例", "實例", "注");
    }

    @Test
    void its_examples_print_what_it_says(@TempDir Path folder) throws Exception {
        List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
        assertThat(examples).hasSize(2);
        for (MatchResult example : examples) {
            Path file = folder.resolve(example.group(1) + ".java");
            Files.writeString(file, example.group(2));

            PhpRuns.Output output = PhpRuns.java(file);

            assertThat(sorted(output.out())).describedAs(output.toString()).isEqualTo(sorted(example.group(3)));
            assertThat(output.exit()).isZero();
        }
    }

    @Test
    @NotInShortRuns("its_examples_print_what_it_says")
    void its_commands_run_as_they_stand_there() throws Exception {
        List<MatchResult> commands = COMMANDS.matcher(page).results().toList();
        assertThat(commands).hasSize(2);
        for (MatchResult command : commands) {
            PhpRuns.Output output = PhpRuns.shell(command.group(1));

            assertThat(output.exit()).describedAs(output.toString()).isZero();
            assertThat(sorted(output.out())).containsAll(sorted(command.group(2)));
        }
    }

    @Test
    void its_examples_are_those_of_the_folder() throws Exception {
        for (MatchResult example : EXAMPLE.matcher(page).results().toList()) {
            assertThat(PhpRuns.ROOT.resolve("examples").resolve(example.group(1) + ".java"))
                    .content()
                    .isEqualTo(example.group(2));
        }
    }

    @Test
    void its_originals_print_what_it_says_of_its_examples(@TempDir Path folder) throws Exception {
        Map<String, String> outputs =
                EXAMPLE.matcher(page).results().collect(Collectors.toMap(e -> e.group(1), e -> e.group(3)));
        List<MatchResult> originals = ORIGINAL.matcher(page).results().toList();
        assertThat(originals)
                .extracting(original -> original.group(1))
                .containsExactlyElementsOf(EXAMPLE.matcher(page)
                        .results()
                        .map(example -> example.group(1))
                        .toList());
        for (MatchResult original : originals) {
            Path file = Files.writeString(folder.resolve(original.group(1) + ".php"), original.group(2));

            PhpRuns.Output output = PhpRuns.php(file);

            assertThat(sorted(output.out()))
                    .describedAs(output.toString())
                    .isEqualTo(sorted(outputs.get(original.group(1))));
            assertThat(output.exit()).isZero();
            assertThat(PhpRuns.ROOT.resolve("examples/php").resolve(file.getFileName()))
                    .content()
                    .isEqualTo(original.group(2));
        }
    }

    /// Those of the guide are files that tests run, as `GuideTest` checks.
    @Test
    void no_other_page_has_a_program_in_php_that_nobody_runs() throws Exception {
        try (Stream<Path> pages = Files.walk(PAGE.getParent()).filter(Files::isRegularFile)) {
            assertThat(Stream.concat(pages, Stream.of(PhpRuns.ROOT.resolve("README.md")))
                            .filter(file -> !file.equals(PAGE))
                            .filter(file -> !file.startsWith(PAGE.resolveSibling("guide"))))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("```php"));
        }
    }

    /// Parent and child print when they please.
    private static List<String> sorted(String output) {
        return Stream.of(output.split("\n", -1)).sorted().toList();
    }
}
