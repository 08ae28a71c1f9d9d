package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is in the tree for a public host and for strangers: it can be read, and what it names is there. That it does
/// on that host what it should, nothing here can show.
@Timeout(60)
class PublicHostTest {

    private static final Path ROOT = PhpRuns.ROOT;
    private static final Path GITHUB = ROOT.resolve(".github");
    private static final Path WORKFLOW = GITHUB.resolve("workflows/ci.yml");

    private static final Pattern JOB = Pattern.compile("jobs\\.([^.]+)\\..*");
    private static final Pattern STEP = Pattern.compile("jobs\\.[^.]+\\.steps\\.\\d+\\.(?:uses|run)");
    private static final Pattern MATRIX = Pattern.compile("\\bmatrix\\.(\\w+)");
    private static final Pattern PROGRAM = Pattern.compile("(?<![\\w/])(?:\\./\\w+|\\.ci/\\w+|verify/[\\w./-]*\\w)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)]+)\\)");

    @Test
    void every_file_for_the_host_can_be_read_and_says_that_it_has_not_been_run() throws Exception {
        List<Path> files = filesUnder(GITHUB);

        assertThat(files).hasSize(2);
        for (Path file : files) {
            assertThat(Yaml.values(file)).as(file.toString()).isNotEmpty();
            assertThat(file).content().contains("Not run yet");
        }
        assertThat(ROOT.resolve("CONTRIBUTING.md"))
                .content()
                .contains("`.github/workflows/ci.yml`", "`.github/dependabot.yml`", "Neither has been run yet")
                .containsSubsequence("`./mvnw`", "not been tried yet");
    }

    @Test
    void every_job_has_a_runner_and_steps_that_do_one_thing_each() throws Exception {
        Map<String, String> values = Yaml.values(WORKFLOW);

        for (String job : jobs(values)) {
            assertThat(values).containsKeys("jobs." + job + ".runs-on", "jobs." + job + ".timeout-minutes");
            int steps = 0;
            while (values.keySet().stream().anyMatch(startingWith("jobs." + job + ".steps." + steps + "."))) {
                String step = "jobs." + job + ".steps." + steps;
                assertThat(values.containsKey(step + ".uses")).as(step).isNotEqualTo(values.containsKey(step + ".run"));
                steps++;
            }
            assertThat(steps).as(job).isPositive();
        }
        assertThat(values).containsKeys("on.push.branches.0", "permissions.contents");
    }

    @Test
    void what_a_step_runs_is_in_the_tree_and_what_it_uses_has_a_version() throws Exception {
        Map<String, String> values = Yaml.values(WORKFLOW);
        Set<String> programs = new TreeSet<>();

        values.forEach((path, value) -> {
            if (STEP.matcher(path).matches() && path.endsWith(".uses")) {
                assertThat(value).matches("[\\w-]+/[\\w-]+@v\\d+");
            } else if (STEP.matcher(path).matches()) {
                PROGRAM.matcher(value).results().forEach(program -> programs.add(program.group()));
            }
        });

        assertThat(programs)
                .contains(".ci/run")
                .allSatisfy(program -> assertThat(ROOT.resolve(program)).isExecutable());
    }

    @Test
    void each_commit_is_tried_on_both_processors_and_with_the_jdk_that_is_asked_for() throws Exception {
        Map<String, String> values = Yaml.values(WORKFLOW);
        String matrix = "jobs.test.strategy.matrix.";

        assertThat(values.get(matrix + "runner.0")).startsWith("ubuntu-").doesNotEndWith("-arm");
        assertThat(values.get(matrix + "runner.1")).startsWith("ubuntu-").endsWith("-arm");
        assertThat(values).containsEntry(matrix + "jdk.0", release()).containsEntry(matrix + "jdk.1", "EA");
        assertThat(MATRIX.matcher(String.join("\n", values.values())).results().map(used -> used.group(1)))
                .isNotEmpty()
                .allSatisfy(used -> assertThat(values).containsKey(matrix + used + ".0"));
    }

    /// Sockets and locks of one user belong there. A runner has none, and a step sees what those before it say.
    @Test
    void the_folder_of_a_users_sockets_is_set_once_before_the_tests_run() throws Exception {
        Map<String, String> values = Yaml.values(WORKFLOW);
        List<String> said = values.entrySet().stream()
                .filter(value -> STEP.matcher(value.getKey()).matches())
                .map(Map.Entry::getValue)
                .toList();

        assertThat(Pattern.compile("XDG_RUNTIME_DIR")
                        .matcher(Files.readString(WORKFLOW))
                        .results())
                .hasSize(1);
        assertThat(said)
                .filteredOn(step -> step.contains("XDG_RUNTIME_DIR="))
                .singleElement(STRING)
                .contains("mkdir -m 700", "GITHUB_ENV");
        assertThat(said)
                .containsSubsequence(
                        said.stream()
                                .filter(step -> step.contains("XDG_RUNTIME_DIR="))
                                .findAny()
                                .orElseThrow(),
                        ".ci/run");
    }

    @Test
    void newer_versions_are_asked_for_where_there_are_versions() throws Exception {
        Map<String, String> values = Yaml.values(GITHUB.resolve("dependabot.yml"));

        assertThat(values)
                .containsEntry("version", "2")
                .containsEntry("updates.0.package-ecosystem", "maven")
                .containsEntry("updates.0.directory", "/")
                .containsEntry("updates.1.package-ecosystem", "github-actions")
                .containsEntry("updates.1.directory", "/");
    }

    @Test
    void the_wrapper_is_a_script_that_compares_what_it_fetches() throws Exception {
        Properties wrapper = new Properties();
        try (Reader file = Files.newBufferedReader(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
            wrapper.load(file);
        }

        assertThat(wrapper.getProperty("distributionType")).isEqualTo("only-script");
        assertThat(wrapper.getProperty("distributionUrl")).matches("https://.*/apache-maven-[\\d.]+-bin\\.zip");
        assertThat(wrapper.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
        assertThat(ROOT.resolve("mvnw")).isExecutable();
        assertThat(PhpRuns.run("sh", "-n", ROOT.resolve("mvnw").toString()).exit())
                .isZero();
    }

    @Test
    void the_pom_says_where_the_project_is_and_the_pages_whom_to_ask() throws Exception {
        assertThat(ROOT.resolve("pom.xml"))
                .content()
                .containsSubsequence("<url>", "<developers>", "<scm", "<connection>", "<issueManagement>");
        assertThat(ROOT.resolve("SECURITY.md")).content().contains("security@dyad.dev", "within seven days");
        assertThat(ROOT.resolve("RELEASING.md")).content().contains("security@dyad.dev", "`pom.xml`");
    }

    /// A `skip` that says no is stronger than the flag by which tests are skipped, and the launcher builds with that
    /// flag.
    @Test
    void no_pom_runs_tests_that_are_to_be_skipped() throws IOException {
        for (String module : List.of(
                "posix",
                "socket",
                "process",
                "message",
                "message-json",
                "worker",
                "php",
                "cli",
                "verify/contract",
                "verify/interop")) {
            assertThat(ROOT.resolve(module, "pom.xml")).content().doesNotContain("<skip>");
        }
    }

    @Test
    void the_list_for_a_release_names_what_is_there() throws Exception {
        String list = Files.readString(ROOT.resolve("RELEASING.md"));

        assertThat(Stream.of(LINK, PROGRAM)
                        .flatMap(named -> named.matcher(list)
                                .results()
                                .map(name -> name.groupCount() > 0 ? name.group(1) : name.group())))
                .contains("./dyad", ".ci/run")
                .allSatisfy(name -> assertThat(ROOT.resolve(name)).exists());
    }

    @Test
    void every_file_is_as_the_settings_for_editors_say() throws Exception {
        assumeTrue(Files.exists(ROOT.resolve(".git")), "not a clone");
        PhpRuns.Output files = PhpRuns.run("git", "-C", ROOT.toString(), "ls-files");

        assertThat(files.exit()).as(files.toString()).isZero();
        assertThat(files.out()
                        .lines()
                        .filter(file -> !file.contains("src/test/resources/") && !file.endsWith(".min.js")))
                .hasSizeGreaterThan(500)
                .allSatisfy(PublicHostTest::requireTidy);
    }

    private static void requireTidy(String file) throws IOException {
        Path path = ROOT.resolve(file);
        if (!Files.exists(path)) {
            return; // deleted, and not committed yet
        }
        assertThat(path).content(StandardCharsets.UTF_8).endsWith("\n").doesNotContain("\r", " \n", "\t\n");
        if (!file.endsWith(".go") && !file.equals("mvnw")) {
            assertThat(path).content().doesNotContain("\n\t");
        }
    }

    private static String release() throws IOException {
        Matcher release =
                Pattern.compile("<maven.compiler.release>(\\d+)<").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(release.find()).isTrue();
        return release.group(1);
    }

    private static Set<String> jobs(Map<String, String> values) {
        Set<String> jobs = values.keySet().stream()
                .map(JOB::matcher)
                .filter(Matcher::matches)
                .map(job -> job.group(1))
                .collect(Collectors.toSet());
        assertThat(jobs).isNotEmpty();
        return jobs;
    }

    private static Predicate<String> startingWith(String start) {
        return path -> path.startsWith(start);
    }

    private static List<Path> filesUnder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
