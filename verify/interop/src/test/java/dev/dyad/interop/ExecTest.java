package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import dev.dyad.harness.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Sampled
@Timeout(60)
class ExecTest {

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        assertThat(dyad("--version").run().code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 4093, 65537, 1 << 20})
    void what_goes_in_comes_back(int size) throws Exception {
        var data = new byte[size];
        new Random(size).nextBytes(data);

        Launcher.Run run = dyad("exec", "--", "sh", "-c", "cat <&3 >&3").run(data);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(data);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("oneSeed")
    void any_bytes_come_back(long seed) throws Exception {
        var random = new Random(seed);
        var data = new byte[random.nextInt(1 << 22)];
        random.nextBytes(data);

        assertThat(dyad("exec", "--", "sh", "-c", "cat <&3 >&3").run(data).out())
                .isEqualTo(data);
    }

    static LongStream oneSeed() {
        return Seeds.fresh().limit(1);
    }

    @Test
    void at_the_end_of_input_the_command_goes_on_writing() throws Exception {
        Launcher.Run run = dyad("exec", "--", "sh", "-c", "cat <&3 >/dev/null; echo after the end >&3")
                .run("x".getBytes(UTF_8));

        assertThat(run.text()).isEqualTo("after the end\n");
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0",
        "exit 7, 7",
        "exit 255, 255",
        "kill -TERM $$, 143",
        "kill -KILL $$, 137",
        "kill -USR1 $$, 138"
    })
    void the_exit_code_is_the_commands(String script, int code) throws Exception {
        Launcher.Run run = dyad("exec", "--", "sh", "-c", script).run();

        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3", "5", "9"})
    void the_end_is_on_the_descriptor_that_was_asked_for(int fd) throws Exception {
        String script = "echo $DYAD_FD; tr a-z A-Z <&%d >&%d".formatted(fd, fd);

        Launcher.Run run =
                dyad("exec", "--fd", "" + fd, "--", "sh", "-c", script).run("abc\n".getBytes(UTF_8));

        assertThat(run.text()).contains(fd + "\n", "ABC\n");
    }

    @Test
    void descriptor_0_is_a_socket_as_standard_input() throws Exception {
        String script = "readlink /proc/self/fd/0 >&2; tr a-z A-Z >&0";

        Launcher.Run run = dyad("exec", "--fd", "0", "--", "sh", "-c", script).run("abc".getBytes(UTF_8));

        assertThat(run.text()).isEqualTo("ABC");
        assertThat(run.err()).startsWith("socket:");
    }

    @Test
    void standard_input_is_empty_and_standard_output_is_free() throws Exception {
        String script = "echo by stdout; cat; readlink /proc/self/fd/0";

        Launcher.Run run = dyad("exec", "--", "sh", "-c", script).run("for the socket".getBytes(UTF_8));

        assertThat(run.text()).isEqualTo("by stdout\n/dev/null\n");
    }

    @Test
    void what_a_command_wrote_before_it_ended_arrives() throws Exception {
        Launcher.Run run =
                dyad("exec", "--", "sh", "-c", "head -c 100000 /dev/zero >&3").run();

        assertThat(run.out()).hasSize(100_000);
    }

    @Test
    void a_command_that_ends_without_reading_is_no_error() throws Exception {
        Launcher.Run run =
                dyad("exec", "--", "sh", "-c", "echo bye >&3; exit 4").run(new byte[10_000_000]);

        assertThat(run.text()).isEqualTo("bye\n");
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_command_that_closes_its_end_at_once_is_no_error() throws Exception {
        Launcher.Run run = dyad("exec", "--", "sh", "-c", "exec 3>&-; exit 5").run(new byte[10_000_000]);

        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void input_that_does_not_end_holds_nobody() throws Exception {
        try (Started process =
                dyad("exec", "--", "sh", "-c", "echo bye >&3; exit 4").start()) {
            assertThat(process.out().readAllBytes()).isEqualTo("bye\n".getBytes(UTF_8));
            assertThat(process.waitFor()).isEqualTo(4);
        }
    }

    @Test
    void a_process_that_the_command_left_behind_holds_nobody() throws Exception {
        String script = "sleep 50 >/dev/null 2>&1 & echo $! >&3";

        Launcher.Run run = dyad("exec", "--", "sh", "-c", script).run();

        long left = Long.parseLong(run.text().strip());
        assertThat(ProcessHandle.of(left))
                .isPresent()
                .get()
                .satisfies(process -> assertThat(process.destroy()).isTrue());
        assertThat(run.code()).isZero();
    }

    @Test
    void the_command_learns_that_nobody_reads_our_output() throws Exception {
        try (Started process = dyad("exec", "--", "sh", "-c", "trap '' PIPE; while echo y; do :; done >&3; exit 6")
                .start()) {
            process.in().close();
            assertThat(process.out().read()).isEqualTo('y');
            process.out().close();

            assertThat(process.waitFor()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/full, 74, standard output: No space left on device (ENOSPC)",
    })
    void output_that_fails_is_one_sentence(String file, int code, String sentence) throws Exception {
        String[] command = {"sh", "-c", "\"$0\" exec -- sh -c 'echo x >&3' > " + file, dyadPath()};

        Launcher.Run run = Launcher.of(Path.of("/usr/bin/env"), command).run();

        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).contains(sentence).hasLineCount(1);
    }

    @Test
    void closed_standard_streams_are_never_somebody_elses_files() throws Exception {
        String[] command = {"sh", "-c", "\"$0\" exec -- sh -c 'cat <&3; echo end >&3' <&-", dyadPath()};

        Launcher.Run run = Launcher.of(Path.of("/usr/bin/env"), command).run();

        assertThat(run.text()).isEqualTo("end\n");
    }

    @Test
    void a_command_that_is_not_there_is_127() throws Exception {
        assertFails(dyad("exec", "--", "no-such-command").run(), 127, "no-such-command");
        assertFails(dyad("exec", "--", "/no/such").run(), 127, "/no/such");
    }

    @Test
    void what_can_not_be_run_is_126(@TempDir Path folder) throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "echo no");
        Path noProgram = Files.writeString(folder.resolve("noise"), "\u0000\u0002\u0003\n");
        Files.setPosixFilePermissions(noProgram, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertFails(dyad("exec", "--", plain.toString()).run(), 126, "plain");
        assertFails(dyad("exec", "--", folder.toString()).run(), 126, folder.toString());
        assertFails(dyad("exec", "--", noProgram.toString()).run(), 126, "noise");
    }

    private static void assertFails(Launcher.Run run, int code, String about) {
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("dyad exec: ").contains(about).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "de_DE.UTF-8", "ja_JP.eucJP"})
    void arguments_and_output_are_utf_8_in_every_locale(String locale) throws Exception {
        Map<String, String> environment = locale.isEmpty()
                ? Map.of("PATH", System.getenv("PATH"))
                : Map.of("PATH", System.getenv("PATH"), "LANG", locale, "LC_ALL", locale);

        Launcher.Run run = dyad(
                        "exec", "--", "sh", "-c", "printf '%s %s' \"$0\" \"$1\" >&3; printf %s \"$1\"", "我是", "子進程")
                .only(withJava(environment))
                .run();

        assertThat(run.text()).contains("我是 子進程").hasSize("我是 子進程子進程".length());
    }

    @Test
    void an_argument_that_is_not_utf_8_is_refused() throws Exception {
        String[] command = {"sh", "-c", "\"$0\" exec -- echo \"$(printf 'a\\377')\"", dyadPath()};

        assertFails(Launcher.of(Path.of("/usr/bin/env"), command).run(), 2, "UTF-8");
    }

    @Test
    void the_command_has_our_environment_and_no_more() throws Exception {
        Map<String, String> ours = withJava(Map.of(
                "PATH", System.getenv("PATH"),
                "LC_ALL", "C",
                "JAVA_TOOL_OPTIONS", "-Dnoise=true",
                "_JAVA_OPTIONS", "-Xlog:gc",
                "CLASSPATH", "/nowhere",
                "GREETING", "你好 two\nlines"));

        Launcher.Run run = dyad("exec", "--", "env", "-0").only(ours).run();

        assertThat(run.err()).isEmpty();
        assertThat(run.text().split("\0"))
                .filteredOn(line -> !line.startsWith("DYAD_") && !line.startsWith("PWD=") && !line.startsWith("_="))
                .containsExactlyInAnyOrderElementsOf(ours.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    @Test
    void nothing_but_the_command_writes_to_standard_output() throws Exception {
        Launcher.Run run = dyad("exec", "--", "true")
                .with("JAVA_TOOL_OPTIONS", "-Xlog:all=info:stdout")
                .with("JDK_JAVA_OPTIONS", "-verbose")
                .with("_JAVA_OPTIONS", "-XX:+PrintFlagsFinal")
                .run();

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void many_arguments_arrive() throws Exception {
        String[] arguments = new String[20_003];
        arguments[0] = "exec";
        arguments[1] = "--";
        arguments[2] = "echo";
        for (int i = 3; i < arguments.length; i++) {
            arguments[i] = "" + i;
        }

        assertThat(dyad(arguments).run().text().split(" ")).hasSize(20_000).endsWith("20002\n");
    }

    private static String dyadPath() {
        return Launcher.ROOT.resolve("dyad").toString();
    }

    /// The tests' own JDK, which the machine may have nowhere else.
    private static Map<String, String> withJava(Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        return all;
    }
}
