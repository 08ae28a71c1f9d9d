package dev.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DoctorTest {

    @Test
    void the_machine_is_named() {
        assertThat(printed(Machine.report(Platforms.current())))
                .startsWith("Machine")
                .contains("kernel", "C library", "glibc", "JDK", "native access", "granted", "descriptors", "allowed");
    }

    @Test
    void every_call_that_is_not_everywhere_was_looked_for() {
        assertThat(printed(Calls.report(Platforms.current())))
                .contains("posix_spawn_file_actions_addclosefrom_np", "pidfd_open", "epoll_create1", "eventfd");
    }

    @Test
    void a_refused_call_is_told_with_its_error() {
        assertThat(Calls.answered(-Platforms.current().errno("EPERM")))
                .isEqualTo("refused: Operation not permitted (EPERM)");
    }

    @Test
    void every_strategy_is_told_and_why_not_another() {
        assertThat(printed(Strategies.report(Platforms.current())))
                .contains("waiting, platform threads", "waiting, virtual threads", "spawning", "adopting")
                .contains("socketpair", "recvfrom", "ppoll", "epoll_create1", "posix_spawnp", "DYAD_INODE")
                .contains("not one more thread", "not fork", "not System.inheritedChannel()");
    }

    @Test
    void each_line_says_what_it_is_about() {
        String report = printed(
                new Report("Title").add("spawning", "this way").also("and that").add("x", "y"));

        assertThat(report).isEqualTo("Title\n  spawning  this way\n  spawning  and that\n  x         y\n\n");
    }

    @Test
    void without_native_access_the_reason_stands_wherever_something_is_missing() {
        Platform none = Platforms.choose(true, false, "Linux");
        String reason = "-Ddyad.platform=none";

        assertThat(printed(Machine.report(none))).contains("none: " + reason);
        assertThat(printed(Calls.report(none))).contains(reason);
        assertThat(printed(Strategies.report(none)))
                .contains("spawning                   not available: " + reason)
                .contains("adopting                   not available: " + reason);
    }

    @Test
    void the_limit_of_descriptors_is_read_from_the_kernels_table() {
        assertThat(Machine.limit(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max open files            1024                 524288               files     ")))
                .isEqualTo("1024 allowed, at most 524288 on request");
        assertThat(Machine.limit(List.of())).isEqualTo("limit not known");
    }

    private static String printed(Report report) {
        var bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
