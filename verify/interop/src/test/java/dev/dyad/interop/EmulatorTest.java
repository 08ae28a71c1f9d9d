package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.FailsWhenEmulated.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The faults of the emulator under which tests for aarch64 run: a program in C has them, too, and not without it.
class EmulatorTest {

    private static final Path FOLDER = PhpRuns.ROOT.resolve("verify/arm64");

    private static final String EMULATOR = "qemu-aarch64-static";

    private static final String COMPILER = "aarch64-linux-gnu-gcc";

    private static final Pattern ANNOTATED =
            Pattern.compile("@FailsWhenEmulated\\((?:\\w+\\.)*(\\w+)\\)\\s+(?:public )?void (\\w+)\\(");

    /// What the program prints of each fault: where it is, and where it is not.
    private static final Map<Fault, List<String>> LINES = Map.of(
            Fault.EXEC_ERRORS,
            List.of(
                    "posix_spawn of a command that does not exist: 0, as if it ran",
                    "posix_spawn of a command that does not exist: No such file or directory"),
            Fault.SIGNAL_32,
            List.of("SigIgn:\t0000000080000000", "SigIgn:\t0000000000000000"),
            Fault.EMPTY_MESSAGE,
            List.of(
                    "sendmsg of no parts on no socket: 0, as if it was sent",
                    "sendmsg of no parts on no socket: Bad file descriptor"),
            Fault.CUT_CONTROL,
            List.of(
                    "three descriptors in the room of one: not cut off",
                    "three descriptors in the room of one: cut off"));

    @Test
    void a_program_in_c_has_the_same_faults_and_none_without_the_emulator(@TempDir Path folder) throws Exception {
        for (String program : List.of(EMULATOR, COMPILER, "gcc")) {
            assumeTrue(Interpreters.has(program), "there is no " + program + " here");
        }
        String ours = compiled(folder, "gcc");
        String emulated = compiled(folder, COMPILER);

        List<String> without = run(ours, ours).lines().toList();
        List<String> with = run(ours, EMULATOR, emulated).lines().toList();

        assertThat(LINES).containsOnlyKeys(Fault.values());
        LINES.values().forEach(lines -> {
            assertThat(with).contains(lines.getFirst());
            assertThat(without).contains(lines.getLast());
        });
    }

    @Test
    void each_test_that_is_left_out_is_named_with_its_fault() throws IOException {
        String page = Files.readString(FOLDER.resolve("README.md"));
        var rows = new ArrayList<String>();
        for (String module : List.of("posix", "socket", "process", "php", "verify/contract")) {
            try (Stream<Path> files = Files.walk(PhpRuns.ROOT.resolve(module).resolve("src"))) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    ANNOTATED
                            .matcher(Files.readString(file))
                            .results()
                            .map(match -> "| `%s.%s` | %s |".formatted(name, match.group(2), match.group(1)))
                            .forEach(rows::add);
                }
            }
        }

        assertThat(page.lines().filter(line -> line.startsWith("| `"))).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(rows).isNotEmpty();
    }

    private static String compiled(Path folder, String compiler) throws Exception {
        String program = folder.resolve(compiler + ".out").toString();
        run(compiler, "-static", "-o", program, FOLDER.resolve("emulator.c").toString());
        return program;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
