package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.harness.TestLength;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jline.utils.ScreenTerminal;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./dyad top`: what a JVM that runs has of Dyad's.
@Sampled
@NullUnmarked
@Timeout(90)
class TopTest {

    private static final int ROWS = 20;
    private static final String NUMBERS = "\\s+\\d+\\s+\\d+\\s+\\d+\\s*";
    private static final long NOBODY = 65534;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Started watched; // by the tests that change nothing

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        Interpreters.require("python3");
        assertThat(dyad("--version").run().code()).isZero();
        watched = WatchedProgram.start();
        assertThat(watched.out().read()).isPositive(); // it has everything
    }

    @AfterAll
    static void it_ends() throws Exception {
        watched.close();
    }

    private static BufferedReader lines(Started program) {
        return new BufferedReader(new InputStreamReader(program.out(), UTF_8));
    }

    private static String jcmd(Started program, String command) throws Exception {
        return PhpRuns.shell("jcmd " + program.pid() + " " + command).out();
    }

    private static Launcher top(Started program, String... options) {
        var arguments = new ArrayList<>(List.of("top"));
        arguments.addAll(List.of(options));
        arguments.add(Long.toString(program.pid()));
        return dyad(arguments.toArray(String[]::new));
    }

    /// Reads until so many requests are answered, each of which is in the frame of its second.
    private static List<JsonNode> awaitAnswers(BufferedReader lines, int number) throws IOException {
        List<JsonNode> frames = new ArrayList<>();
        for (int answered = 0; answered < number; ) {
            JsonNode frame = JsonMapper.shared().readTree(lines.readLine());
            frames.add(frame);
            answered += frame.at("/pools/0/answered").asInt();
        }
        return frames;
    }

    /// Reads until a line has what is said.
    private static JsonNode await(BufferedReader lines, String pointer, String value) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode json = JsonMapper.shared().readTree(line);
            if (json.at(pointer).asString("").equals(value)) {
                return json;
            }
        }
        throw new AssertionError("no line has " + value + " at " + pointer);
    }

    @Test
    void each_second_a_line_of_json_has_what_there_is() throws Exception {
        try (Started program = WatchedProgram.start();
                BufferedReader said = lines(program)) {
            long victim = Long.parseLong(said.readLine());
            try (Started top = top(program).start();
                    BufferedReader lines = lines(top)) {
                JsonNode first = await(lines, "/pools/0/ready", "2");

                assertThat(first.at("/pid").asLong()).isEqualTo(program.pid());
                assertThat(first.at("/ends").toString()).matches("""
                        \\{"open":11,"opened":\\d+,"closed":\\d+,"sockets":8,"listeners":1,"pipeEnds":2,"selectors":1,"descriptors":0}""");
                assertThat(first.at("/channels").toString()).isEqualTo("""
                        {"open":4,"opened":4,"closed":0}""");
                assertThat(first.at("/children").toString()).isEqualTo("""
                        {"running":4,"started":4,"ended":0}""");
                assertThat(first.at("/pools/0/command").asString()).isEqualTo("python3");
                assertThat(first.at("/pools/0/workers").asInt()).isEqualTo(2);

                program.in().write('\n');
                program.in().flush();
                List<JsonNode> busy = awaitAnswers(lines, 10);
                JsonNode last = busy.getLast();
                JsonNode later = last.at("/children/ended").asInt() == 1 ? last : await(lines, "/children/ended", "1");

                assertThat(last.at("/pools/0/ran/p99").asLong()).isPositive();
                assertThat(later.at("/children").toString()).isEqualTo("""
                        {"running":3,"started":4,"ended":1}""");
                assertThat(later.at("/ends/sockets").asInt()).isEqualTo(7);
                assertThat(busy + later.toString()).contains("child " + victim + " (sh): Exited[code=");
                assertThat(jcmd(program, "JFR.check")).contains("dyad-top-");
                top.process().destroy();
                assertThat(top.waitFor()).isEqualTo(128 + 15);
            }
            assertThat(jcmd(program, "JFR.check")).contains("No available recordings");
        }
    }

    @Test
    void one_that_is_ended_as_it_starts_its_recording_leaves_none() throws Exception {
        try (Started top = top(watched).start()) {
            ProcessHandle jcmd = awaitJcmd(top);

            top.process().toHandle().destroy(); // which leaves our ends open

            assertThat(top.waitFor()).isEqualTo(128 + 15);
            jcmd.onExit().join(); // which has started it by now, if nobody has waited for it
            assertThat(top.err().readAllBytes()).isEmpty();
        }
        assertThat(jcmd(watched, "JFR.check")).contains("No available recordings");
    }

    private static ProcessHandle awaitJcmd(Started top) {
        var found = new AtomicReference<ProcessHandle>();
        Await.until(
                () -> {
                    top.process()
                            .descendants()
                            .filter(child -> child.info().command().orElse("").endsWith("/jcmd"))
                            .forEach(found::set);
                    return found.get() != null;
                },
                LIMIT);
        return found.get();
    }

    @Test
    void a_recording_whose_top_was_killed_is_stopped_by_the_next_one() throws Exception {
        String name;
        try (Started killed = top(watched).start();
                BufferedReader lines = lines(killed)) {
            assertThat(lines.readLine()).isNotNull();
            name = "dyad-top-" + killed.pid();
        }
        assertThat(jcmd(watched, "JFR.check")).contains(name);

        try (Started top = top(watched).start();
                BufferedReader lines = lines(top)) {
            assertThat(lines.readLine()).isNotNull();
            assertThat(jcmd(watched, "JFR.check")).doesNotContain(name).contains("dyad-top-" + top.pid());
            top.process().toHandle().destroy(); // which leaves our ends open
            assertThat(new String(top.err().readAllBytes(), UTF_8))
                    .isEqualTo("dyad top: stopped the recording " + name + ", whose dyad top has ended\n");
            assertThat(top.waitFor()).isEqualTo(128 + 15);
        }
        assertThat(jcmd(watched, "JFR.check")).contains("No available recordings");
    }

    @Test
    void it_ends_with_the_jvm_that_it_watches() throws Exception {
        assertEndsWith(program -> program.in().close());
    }

    @Test
    void it_ends_with_a_jvm_that_stops_its_recordings_before_it_is_gone() throws Exception {
        assertEndsWith(program -> program.process().destroy());
    }

    /// What ends the JVM that is watched.
    private interface EndOfJvm {
        void of(Started program) throws IOException;
    }

    private static void assertEndsWith(EndOfJvm end) throws Exception {
        try (Started program = WatchedProgram.start();
                BufferedReader said = lines(program)) {
            assertThat(said.readLine()).isNotNull();
            try (Started top = top(program).start();
                    BufferedReader lines = lines(top)) {
                assertThat(lines.readLine()).isNotNull();

                end.of(program);

                assertThat(lines.lines()).allMatch(line -> line.startsWith("{"));
                assertThat(new String(top.err().readAllBytes(), UTF_8))
                        .isEqualTo("dyad top: process " + program.pid() + " has ended\n");
                assertThat(top.waitFor()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 40})
    void a_terminal_of_any_width_shows_the_same_and_is_left_as_it_was(int columns) throws Exception {
        Interpreters.require("script");
        Path program = Launcher.ROOT.resolve("dyad");
        String line = "stty cols %d rows %d; '%s' top %d; echo \"code $?\"; stty -a"
                .formatted(columns, ROWS, program, watched.pid());
        var builder = new ProcessBuilder("script", "-qec", line, "/dev/null");
        builder.environment().put("TERM", "xterm");
        try (Started top = new Started(builder.redirectErrorStream(true).start())) {
            List<String> shown = awaitPool(top, new ScreenTerminal(columns, ROWS));

            assertThat(shown).anyMatch(row -> row.matches("ends" + NUMBERS));
            assertThat(shown).anyMatch(row -> row.matches("channels +4 +4 +0 *"));
            assertThat(shown).anyMatch(row -> row.matches("children +4 +4 +0 *"));
            assertThat(shown).anyMatch(row -> row.startsWith("8 sockets, 1 listener, 2 pipe ends"));
            top.in().write('q');
            top.in().flush();

            String rest = new String(top.out().readAllBytes(), UTF_8);
            assertThat(rest).contains("\033[?1049l", "code 0", " icanon", " echo ");
        }
        assertThat(jcmd(watched, "JFR.check")).contains("No available recordings");
    }

    static List<String> signals() {
        List<String> all = List.of("TERM", "HUP", "INT");
        return TestLength.current() == TestLength.LONG
                ? all
                : List.of(all.get(ThreadLocalRandom.current().nextInt(all.size())));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void a_signal_leaves_the_terminal_and_the_recordings_as_they_were(String signal) throws Exception {
        Interpreters.require("script");
        String line = "'%s' top %d; stty -a".formatted(Launcher.ROOT.resolve("dyad"), watched.pid());
        var builder = new ProcessBuilder("script", "-qec", line, "/dev/null");
        builder.environment().put("TERM", "xterm");
        try (Started top = new Started(builder.redirectErrorStream(true).start())) {
            List<String> _ = awaitPool(top, new ScreenTerminal(80, ROWS));

            assertThat(PhpRuns.shell("kill -" + signal + " " + jvmOf(top)).exit())
                    .isZero();

            String rest = new String(top.out().readAllBytes(), UTF_8);
            assertThat(rest)
                    .contains("\033[?1049l", "\033[?25h", " icanon", " echo ")
                    .doesNotContain("Exception", "dyad top: ");
        }
        assertThat(jcmd(watched, "JFR.check")).contains("No available recordings");
    }

    private static long jvmOf(Started top) {
        return top.process()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    @Test
    void one_that_is_stopped_is_told_of_and_does_not_hold_up_the_end() throws Exception {
        try (Started program = WatchedProgram.start();
                BufferedReader said = lines(program)) {
            assertThat(said.readLine()).isNotNull();
            try (Started top = top(program).start();
                    BufferedReader lines = lines(top);
                    BufferedReader errors = new BufferedReader(new InputStreamReader(top.err(), UTF_8))) {
                assertThat(lines.readLine()).isNotNull();

                assertThat(PhpRuns.shell("kill -STOP " + program.pid()).exit()).isZero();

                assertThat(errors.readLine())
                        .isEqualTo(
                                "dyad top: process " + program.pid() + " has told nothing for 5 s: it may be stopped");
                top.process().toHandle().destroy(); // which leaves our ends open
                assertThat(errors.readLine())
                        .endsWith(" does not answer jcmd within 5 s: the recording dyad-top-" + top.pid()
                                + ", if it was started, stays there until the next dyad top of that process stops it");
                assertThat(top.waitFor()).isEqualTo(128 + 15);
            } finally {
                assertThat(PhpRuns.shell("kill -CONT " + program.pid()).exit()).isZero();
            }
        }
    }

    @Test
    void one_that_was_stopped_before_is_said_to_be_and_nothing_is_left_in_its_folder(@TempDir Path folder)
            throws Exception {
        try (Started program = WatchedProgram.startIn(folder);
                BufferedReader said = lines(program)) {
            assertThat(said.readLine()).isNotNull();
            assertThat(PhpRuns.shell("kill -STOP " + program.pid()).exit()).isZero();
            Launcher.Run top;
            try {
                top = top(program).run();
            } finally {
                assertThat(PhpRuns.shell("kill -CONT " + program.pid()).exit()).isZero();
            }

            assertThat(top.code()).isEqualTo(69);
            assertThat(top.err())
                    .isEqualTo("dyad top: process %1$d is stopped: kill -CONT %1$d lets it go on%n"
                            .formatted(program.pid()));
            assertThat(folder).isEmptyDirectory();
        }
    }

    /// Shows what comes as a terminal would, until the row of the pool stands there.
    private static List<String> awaitPool(Started top, ScreenTerminal screen) throws IOException {
        var characters = new InputStreamReader(top.out(), UTF_8);
        for (int read = characters.read(); read >= 0; read = characters.read()) {
            boolean _ = screen.write(Character.toString((char) read));
            List<String> rows = rows(screen);
            if (rows.stream().anyMatch(row -> row.matches(" +1 python3 +2/2 +0 +0\\b.*"))) {
                return rows;
            }
        }
        throw new AssertionError("it ended before:\n" + String.join("\n", rows(screen)));
    }

    private static List<String> rows(ScreenTerminal screen) {
        int width = screen.getColumns();
        var cells = new long[width * ROWS];
        screen.dump(cells, new int[2]);
        return IntStream.range(0, ROWS)
                .mapToObj(row -> Arrays.stream(cells, row * width, (row + 1) * width)
                        .map(cell -> Math.max(' ', ScreenTerminal.cellCodePoint(cell)))
                        .collect(
                                StringBuilder::new,
                                (text, cell) -> text.appendCodePoint((int) cell),
                                StringBuilder::append)
                        .toString())
                .toList();
    }

    @Test
    void a_recording_that_runs_is_read_and_left_alone() throws Exception {
        Launcher.Run none = top(watched, "--no-start").run();
        assertThat(none.code()).isEqualTo(69);
        assertThat(none.err())
                .startsWith("dyad top: process " + watched.pid() + " has no recording")
                .hasLineCount(1);
        assertThat(none.text()).isEmpty();

        String says = none.err().substring(none.err().indexOf("jcmd "));
        assertThat(PhpRuns.shell(says).out()).contains("Started recording");
        try (Started top = top(watched, "--no-start").start();
                BufferedReader lines = lines(top)) {
            assertThat(await(lines, "/pools/0/ready", "2")
                            .at("/children/running")
                            .asInt())
                    .isEqualTo(4);

            String _ = jcmd(watched, "JFR.stop name=dyad");
            assertThat(lines.lines()).allMatch(line -> line.startsWith("{"));
            assertThat(new String(top.err().readAllBytes(), UTF_8))
                    .isEqualTo("dyad top: process " + watched.pid() + " records no more\n");
            assertThat(top.waitFor()).isEqualTo(69);
        }
    }

    @Test
    void a_full_disk_is_a_sentence_and_a_code_and_a_reader_that_goes_is_none() throws Exception {
        PhpRuns.Output full = PhpRuns.shell("./dyad top " + watched.pid() + " >/dev/full");
        PhpRuns.Output gone = PhpRuns.shell("./dyad top " + watched.pid() + " | head -1");

        assertThat(full.exit()).isEqualTo(74);
        assertThat(full.err()).isEqualTo("dyad top: the standard output can't be written to\n");
        assertThat(gone.out()).startsWith("{\"time\":").hasLineCount(1);
        assertThat(gone.err()).isEmpty();
        assertThat(jcmd(watched, "JFR.check")).contains("No available recordings");
    }

    /// A JVM of somebody else's, or one that has not opened anything yet.
    static final class Idle {
        public static void main(String[] arguments) throws IOException {
            int _ = System.in.read();
        }
    }

    @Test
    void one_that_tells_nothing_has_a_line_each_second_and_a_sentence_why() throws Exception {
        var builder = new ProcessBuilder(JavaProbe.of(Idle.class).command());
        try (Started program = new Started(builder.start());
                Started top = top(program).start();
                BufferedReader lines = lines(top);
                BufferedReader errors = new BufferedReader(new InputStreamReader(top.err(), UTF_8))) {
            for (int i = 0; i < 4; i++) {
                assertThat(lines.readLine()).contains("\"ends\":{\"open\":0,", "\"pools\":[]");
            }

            assertThat(errors.readLine())
                    .isEqualTo("dyad top: process " + program.pid()
                            + " has nothing of Dyad's, or no module jdk.jfr: see docs/guide/jfr.md");
            top.process().toHandle().destroy();
        }
    }

    @Test
    void what_is_no_jvm_is_said_to_be_none() throws Exception {
        Process sleeps = new ProcessBuilder("sleep", "600").start();
        String pid = Long.toString(sleeps.pid());
        try {
            Launcher.Run run = dyad("top", pid).run();

            assertThat(run.err()).isEqualTo("dyad top: process " + pid + " is no JVM: it has no libjvm.so\n");
            assertThat(run.code()).isEqualTo(66);
            assertThat(sleeps.isAlive()).isTrue(); // nobody has sent it a signal
        } finally {
            sleeps.destroyForcibly().waitFor();
        }
        Launcher.Run gone = dyad("top", pid).run();

        assertThat(gone.err()).isEqualTo("dyad top: there is no process " + pid + "\n");
        assertThat(gone.code()).isEqualTo(66);
        assertThat(dyad("top", "0").run().code()).isEqualTo(2);
    }

    @Test
    void another_users_process_is_not_looked_at() throws Exception {
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        assumeThat(isRoot).describedAs("only root can be another user").isTrue();
        Process others = new ProcessBuilder("sleep", "600").start();
        String nobody = "setpriv --reuid %d --clear-groups ".formatted(NOBODY);
        try {
            assumeThat(PhpRuns.shell(nobody + "test -x ./dyad -a -r target/launcher/stamp || echo hidden")
                            .out())
                    .describedAs("others may read this folder")
                    .isEmpty();
            PhpRuns.Output run = PhpRuns.shell(nobody + "./dyad top " + others.pid());

            assertThat(run.err())
                    .isEqualTo("dyad top: process " + others.pid()
                            + " belongs to the user root; only its owner and root may look at it\n");
            assertThat(run.exit()).isEqualTo(77);
        } finally {
            others.destroyForcibly().waitFor();
        }
    }
}
