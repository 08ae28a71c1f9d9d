package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DoctorTest {

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        assertThat(dyad("--version").run().code()).isZero();
    }

    @Test
    void a_machine_where_native_calls_work_is_well() throws Exception {
        Launcher.Run run = dyad("doctor").run();

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.text())
                .contains("Machine\n", "Calls that not every machine has\n", "How it is done here\n")
                .contains("kernel", "Linux", "C library", "glibc", "descriptors", "granted to dev.dyad.posix")
                .contains("addclosefrom_np", "pidfd_open", "epoll_create1", "eventfd")
                .contains("spins before it", "a channel that the JDK opened is given the end's socket");
    }

    @Test
    void without_native_calls_it_says_why_and_exits_1() throws Exception {
        Launcher.Run run = dyad("-Ddyad.platform=none", "doctor").run();

        assertThat(run.code()).isOne();
        assertThat(run.err()).isEmpty();
        assertThat(run.text())
                .contains("not available: -Ddyad.platform=none", "two channels of the JDK")
                .doesNotContain("dup3");
    }

    @Test
    void what_cannot_be_written_is_no_success() throws Exception {
        String program = PhpRuns.ROOT.resolve("dyad").toString();

        Process full = new ProcessBuilder("sh", "-c", "exec \"$0\" doctor >/dev/full 2>&1", program).start();

        assertThat(full.waitFor()).isEqualTo(74);
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "-Ddyad.platform=none doctor", "--help", "bench --help", "demo"})
    @FirstInShortRuns
    void a_reader_that_has_gone_ends_it_in_silence(String arguments) throws Exception {
        try (Started process = dyad(arguments.split(" ")).start()) {
            process.out().close(); // as `head` does, once it has what it wants

            assertThat(process.waitFor()).isEqualTo(128 + 13);
            assertThat(process.err().readAllBytes()).isEmpty();
        }
    }

    @Test
    void each_line_can_be_read_alone() throws Exception {
        List<String> lines = dyad("doctor").run().text().lines().toList();

        assertThat(lines.stream().filter(line -> line.startsWith(" "))).allMatch(line -> line.matches("  \\S.*"));
    }

    @Test
    void exec_without_native_calls_is_one_sentence() throws Exception {
        Launcher.Run run = dyad("-Ddyad.platform=none", "exec", "--", "true").run();

        assertThat(run.code()).isEqualTo(69);
        assertThat(run.err())
                .startsWith("dyad exec: there are no socket pairs for children here")
                .hasLineCount(1);
    }
}
