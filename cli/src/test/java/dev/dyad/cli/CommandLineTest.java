package dev.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"demo", "exec", "talk", "pool", "top", "doctor", "test", "bench", "report", "soak", "site"})
    void the_help_of_every_command_has_examples_and_exit_codes(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: dyad " + command)
                .contains("Exit codes:", "Examples:", "./dyad " + command);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "exec ", "talk ", "pool ", "top ", "doctor "})
    void an_output_that_cannot_be_written_has_an_exit_code_in_the_help_in_80_columns(String command) {
        assertThat(run((command + "--help").split(" "))).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches(" +74 .*output (failed|could not be written).*"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec -h", "help exec"})
    void help_is_found_wherever_people_look_for_it(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();
        assertThat(out.toString()).startsWith("Usage: dyad exec");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void the_help_of_dyad_itself_names_every_command() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "demo",
                        "exec",
                        "talk",
                        "pool",
                        "top",
                        "doctor",
                        "test",
                        "bench",
                        "report",
                        "soak",
                        "site",
                        "Exit codes",
                        "Examples:");
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, dyad:",
        "demo --nonsense, dyad demo:",
        "demo too much, dyad demo:",
        "exec, dyad exec:",
        "exec --, dyad exec:",
        "exec --fd x -- true, dyad exec:",
        "exec --nonsense -- true, dyad exec:",
        "talk, dyad talk:",
        "talk --wire morse -- true, dyad talk:",
        "pool, dyad pool:",
        "pool --exchange morse -- true, dyad pool:",
        "pool --at-once x -- true, dyad pool:",
        "top, dyad top:",
        "top java, dyad top:",
        "top 1 2, dyad top:",
        "doctor now, dyad doctor:",
        "doctor --nonsense, dyad doctor:",
        "bench --nonsense, dyad bench:",
        "bench pair --nonsense, dyad bench:",
        "bench nonsense, dyad bench:",
        "bench --rounds 0, dyad bench:",
        "bench --json, dyad bench:",
        "report --nonsense, dyad report:",
        "report --html, dyad report:",
        "report --html a.html --text, dyad report:",
        "soak --minutes 0, dyad soak:",
        "soak --minutes NaN, dyad soak:",
        "soak --minutes an hour, dyad soak:",
        "soak --seed x, dyad soak:",
        "soak too much, dyad soak:",
        "site --to, dyad site:",
        "site here, dyad site:",
        "test --nonsense, dyad test:",
        "test --php, dyad test:",
        "test --php 0, dyad test:",
        "test --seed x, dyad test:",
        "test --ci --long, dyad test:",
        "test --repeat 0, dyad test:",
        "test --load -1, dyad test:",
        "'', dyad:"
    })
    void a_wrong_command_line_is_one_sentence_with_the_usage_below_and_exit_code_2(String arguments, String name) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith(name).hasLineCount(2);
        assertThat(err.toString().lines().toList().getLast())
                .startsWith("Usage: ./" + name.replace(":", ""))
                .doesNotContain("\033");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench --json", "bench --html", "report --html", "soak --json", "site --to"})
    void an_empty_name_is_no_file(String arguments) {
        assertThat(run(Stream.concat(Stream.of(arguments.split(" ")), Stream.of(""))
                        .toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(err.toString()).contains("an empty name is no file").hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource({
        "top java, is not a whole number",
        "test --seed 1e3, is not a whole number",
        "bench --rounds 99999999999, is not a whole number, or too large",
        "soak --minutes x, is not a number",
    })
    void a_number_that_is_none_is_said_to_be_none_and_no_type_of_javas(String arguments, String sentence) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).doesNotContain("an int", "a long", "a double");
    }

    @ParameterizedTest
    @ValueSource(strings = {"morse", "FRAMED"})
    void a_wire_that_there_is_not_is_told_with_each_that_there_is_once(String name) {
        assertThat(run("talk", "--wire", name, "--", "true")).isEqualTo(2);
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .contains("there is no wire '" + name + "'")
                .containsOnlyOnce("framed")
                .containsOnlyOnce("packet4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench pair --rounds 21", "bench -- pair --rounds 21", "bench --rounds 21 pair"})
    void what_the_benchmarks_are_told_is_handed_on(String arguments) {
        BenchCommand bench = (BenchCommand) parsed(arguments.split(" "));

        assertThat(bench.arguments())
                .containsExactlyInAnyOrder("pair", "--rounds", "21")
                .containsSubsequence("--rounds", "21");
    }

    @Test
    void the_help_of_bench_names_every_suite_without_a_build() throws Exception {
        Path suites = Path.of(System.getProperty("dyad.root"), "verify/bench/src/main/java/dev/dyad/bench/Suite.java");
        List<String> names = Pattern.compile("^    [A-Z_]+\\(\"([a-z-]+)\"", Pattern.MULTILINE)
                .matcher(Files.readString(suites))
                .results()
                .map(name -> name.group(1))
                .toList();

        run("bench", "--help");

        assertThat(names).hasSizeGreaterThan(10);
        assertThat(out.toString().replaceAll("\\s+", " ")).contains("Suites: " + String.join(", ", names) + ";");
    }

    @Test
    void what_the_soak_is_told_is_handed_on() {
        SoakCommand soak = (SoakCommand) parsed("soak", "--seed", "4711", "--minutes", "0.5");

        assertThat(soak.arguments(Path.of("/tree")))
                .containsExactly("--minutes", "0.5", "--json", "/tree/verify/soak/target/soak.json", "--seed", "4711");
    }

    @Test
    void the_site_goes_where_it_is_wanted() {
        Path root = Path.of("/tree");

        assertThat(((SiteCommand) parsed("site")).arguments(root)).containsExactly("/tree", "/tree/target/site");
        assertThat(((SiteCommand) parsed("site", "--to", "there")).arguments(root))
                .containsExactly("/tree", "there");
    }

    @Test
    void a_report_is_made_of_files_that_are_there(@TempDir Path folder) throws Exception {
        Path run = Files.writeString(folder.resolve("run.json"), "{}");
        Tree tree = new Tree(folder);

        assertThat(report("--html", "page.html", run.toString()).arguments(tree))
                .containsExactly("report", "--html", "page.html", run.toString());
        assertThat(report("--docs").arguments(tree)).containsExactly("report", "--docs", folder.toString());
        assertThatThrownBy(() -> report(folder + "/none.json").arguments(tree))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(Problem.exitCode(problem)).isEqualTo(66))
                .hasMessageContaining("there is no " + folder + "/none.json");
        assertThatThrownBy(() -> report("--text").arguments(tree))
                .hasMessageContaining("verify/bench/target/bench.json");
    }

    private static ReportCommand report(String... arguments) {
        return (ReportCommand)
                parsed(Stream.concat(Stream.of("report"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void properties_stand_before_the_command() {
        try {
            assertThat(Main.afterProperties("-Ddyad.test.one=a=b", "-Ddyad.test.two", "exec", "-Dnot=ours"))
                    .containsExactly("exec", "-Dnot=ours");
            assertThat(System.getProperty("dyad.test.one")).isEqualTo("a=b");
            assertThat(System.getProperty("dyad.test.two")).isEmpty();
        } finally {
            System.clearProperty("dyad.test.one");
            System.clearProperty("dyad.test.two");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exec -- a -- b --fd 5 @c, 'a -- b --fd 5 @c', 3",
        "exec a -- b --fd 5, 'a -- b --fd 5', 3",
        "exec --fd 0 -- a --help, 'a --help', 0",
        "exec --fd=7 a -x, 'a -x', 7"
    })
    void everything_behind_the_command_is_the_commands(String arguments, String command, int fd) {
        ExecCommand exec = (ExecCommand) parsed(arguments.split(" "));

        assertThat(String.join(" ", exec.command())).isEqualTo(command);
        assertThat(exec.fd()).isEqualTo(fd);
    }

    @Test
    void test_hands_length_seed_and_scenarios_to_maven() {
        assertThat(mavenArguments("test"))
                .containsExactly("verify", "-fae", "-Dmaven.test.failure.ignore=true", "-Ptests");
        assertThat(mavenArguments("test", "--ci"))
                .containsExactly("verify", "-fae", "-Dmaven.test.failure.ignore=true", "-Pci");
        assertThat(mavenArguments("test", "--long", "--seed", "4711", "--php", "100000", "--", "-pl", "socket"))
                .containsExactly(
                        "verify",
                        "-fae",
                        "-Dmaven.test.failure.ignore=true",
                        "-Pci",
                        "-Ddyad.length=long",
                        "-Ddyad.compilers=",
                        "-Dseed=4711",
                        "-Ddyad.php=100000",
                        "-pl",
                        "socket");
    }

    private static List<String> mavenArguments(String... arguments) {
        return ((TestCommand) parsed(arguments)).mavenArguments(1);
    }

    @ParameterizedTest
    @CsvSource({"ENOENT, 127", "ENOTDIR, 127", "EACCES, 126", "ENOEXEC, 126", "EMFILE, 125", "EAGAIN, 125"})
    void a_command_that_does_not_start_exits_as_in_a_shell(String errno, int code) {
        assertThat(ExecCommand.exitCode(errno)).isEqualTo(code);
    }

    @Test
    void arguments_that_are_not_utf_8_are_seen() {
        assertThat(RawArguments.isUtf8("ls\0我".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(RawArguments.isUtf8(new byte[] {'l', 's', 0, (byte) 0xff})).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "exec -- a b, 'a b', 3",
        "exec -- a --fd 5 -- b, 'a --fd 5 -- b', 3",
        "exec --fd 0 -- a --help, 'a --help', 0",
        "exec --fd 12 -- a, a, 12"
    })
    void what_is_read_without_picocli_is_read_as_by_picocli(String arguments, String command, int fd) {
        ExecCommand plain = Objects.requireNonNull(ExecCommand.plain(arguments.split(" ")));
        ExecCommand parsed = (ExecCommand) parsed(arguments.split(" "));

        assertThat(String.join(" ", plain.command())).isEqualTo(command);
        assertThat(plain.fd()).isEqualTo(fd);
        assertThat(parsed.command()).isEqualTo(plain.command());
        assertThat(parsed.fd()).isEqualTo(plain.fd());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec",
                "exec --",
                "exec a",
                "exec --help",
                "exec --fd -- a",
                "exec --fd 3",
                "exec --fd -1 -- a",
                "exec --fd 9999999999 -- a",
                "demo -- a",
                "exec --fd x -- a"
            })
    void whatever_else_is_left_to_picocli(String arguments) {
        assertThat(ExecCommand.plain(arguments.split(" "))).isNull();
    }

    @Test
    void a_number_that_can_be_no_descriptors_is_one_sentence_and_exit_code_2() {
        assertThat(run("exec", "--fd", "-1", "--", "true")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("dyad exec: --fd is the number of a descriptor, from 0 on, not -1")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"nonsense, there is no command 'nonsense'", "doctor now then, 'now' means nothing here"})
    void a_stray_word_is_named_without_its_index(String arguments, String sentence) {
        run(arguments.split(" "));

        assertThat(err.toString()).contains(": " + sentence + " (see ./dyad").doesNotContain("index");
    }

    @Test
    void the_usage_below_a_mistake_is_that_of_the_help() {
        for (String command : List.of("exec", "bench", "soak", "site", "test")) {
            err.getBuffer().setLength(0);
            out.getBuffer().setLength(0);

            run(command, "--nonsense");
            run(command, "--help");

            String usage = err.toString().lines().toList().getLast().replace("./", "");
            assertThat(out.toString().replaceAll("\\s+", " ")).startsWith(usage);
        }
    }

    private static Object parsed(String... arguments) {
        return DyadCommand.line()
                .parseArgs(arguments)
                .subcommand()
                .commandSpec()
                .userObject();
    }

    private int run(String... arguments) {
        return DyadCommand.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
