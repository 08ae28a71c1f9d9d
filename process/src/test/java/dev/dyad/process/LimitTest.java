package dev.dyad.process;

import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitTest {

    @TempDir
    Path folder;

    @Test
    void limits_are_those_of_the_child() throws Exception {
        try (Child child = sh("read line <&3; ulimit -Sn >&3; ulimit -Hn >&3; ulimit -c >&3")
                .limit(Limit.NOFILE, 40, 50)
                .limit(Limit.CORE, 0)
                .spawn()) {
            child.socket().write(UTF_8.encode("\n"));

            assertThat(readToEnd(child.socket())).isEqualTo("40\n50\n0\n");
        }
        assertThat(Files.readString(Path.of("/proc/self/limits"))).doesNotContainPattern("open files +40");
    }

    /// No more than nobody else may have either: raising a limit takes a privilege.
    @Test
    void each_of_them_can_be_lowered() throws Exception {
        Command command = Command.of("cat").fd(0).stdout(Stdio.ignore());
        var lines = Map.ofEntries(
                Map.entry(Limit.AS, "Max address space"),
                Map.entry(Limit.CORE, "Max core file size"),
                Map.entry(Limit.CPU, "Max cpu time"),
                Map.entry(Limit.DATA, "Max data size"),
                Map.entry(Limit.FSIZE, "Max file size"),
                Map.entry(Limit.MEMLOCK, "Max locked memory"),
                Map.entry(Limit.NICE, "Max nice priority"),
                Map.entry(Limit.NOFILE, "Max open files"),
                Map.entry(Limit.NPROC, "Max processes"),
                Map.entry(Limit.RTPRIO, "Max realtime priority"));
        assertThat(lines).containsOnlyKeys(Limit.values());
        for (Limit limit : Limit.values()) {
            command.limit(limit, least(limit), least(limit));
        }

        try (Child child = command.spawn()) {
            String limits = Files.readString(Path.of("/proc/" + child.pid() + "/limits"));

            lines.forEach((limit, line) ->
                    assertThat(limits).containsPattern(line + " +" + least(limit) + " +" + least(limit) + " "));
        }
    }

    private static long least(Limit limit) {
        return switch (limit) {
            case AS, DATA, FSIZE -> 1L << 30;
            case CORE, CPU, MEMLOCK, NOFILE, NPROC -> 30;
            case NICE, RTPRIO -> 0;
        };
    }

    @Test
    void what_is_no_limit_is_refused_with_the_range_and_what_a_nice_limit_means() {
        assertThatThrownBy(() -> sh("exit").limit(Limit.NICE, -4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "not a limit of NICE: -4 of at most -4, where each is 0 or more, or -1 for none")
                .hasMessageEndingWith("it is 20 minus a nice value: 1 for 19, 40 for -20");
        assertThatThrownBy(() -> sh("exit").limit(Limit.NOFILE, 30, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a limit of NOFILE: 30 of at most 20")
                .message()
                .doesNotContain("nice");
    }

    @Test
    void a_child_that_writes_more_than_it_may_is_ended() throws Exception {
        Path file = folder.resolve("file");
        try (Child child = sh("read line <&3; exec cat /dev/zero")
                .stdout(Stdio.file(file))
                .limit(Limit.FSIZE, 4096)
                .limit(Limit.CORE, 0)
                .spawn()) {
            child.socket().write(UTF_8.encode("\n"));

            assertThat(child.waitFor()).isInstanceOfSatisfying(Exit.Signaled.class, exit -> {
                assertThat(exit.shellCode()).isEqualTo(128 + 25); // SIGXFSZ
            });
            assertThat(file).hasSize(4096);
        }
    }

    @Test
    void a_limit_that_the_kernel_refuses_ends_the_child_and_names_it() {
        long more = 1L << 40; // than fs.nr_open allows

        assertFails(Command.of("sleep", "600").limit(Limit.NOFILE, more), "prlimit", "EPERM", "NOFILE");
    }

    @Test
    void what_is_no_limit_is_refused() {
        assertThatThrownBy(() -> sh("exit 0").limit(Limit.CPU, -2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sh("exit 0").limit(Limit.CPU, 2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sh("exit 0").limit(Limit.CPU, Limit.UNLIMITED, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
