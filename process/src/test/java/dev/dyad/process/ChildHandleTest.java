package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What others may have of a child, without taking anything of it.
@Tag("both")
@Timeout(60)
class ChildHandleTest {

    @Test
    void a_pidfd_is_the_callers_own_and_outlives_the_child() throws Exception {
        try (Child child = Command.of("sleep", "600").spawn();
                Descriptor pidfd = child.pidfd()) {
            assertThat(pidOf(pidfd)).isEqualTo(child.pid());

            child.signal(Signal.KILL);
            child.waitFor();

            assertThat(pidOf(pidfd)).isEqualTo(-1);
            assertThatThrownBy(child::pidfd)
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        }
    }

    @Test
    void a_handle_of_the_jdk_waits_for_the_child_and_takes_nothing() throws Exception {
        try (Child child = Command.of("sleep", "600").spawn()) {
            ProcessHandle handle = child.handle().orElseThrow();
            assertThat(handle.pid()).isEqualTo(child.pid());
            var theirs = handle.onExit();

            child.signal(Signal.TERM);

            assertThat(theirs.join()).isEqualTo(handle);
            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
            assertThat(child.handle()).isEmpty();
        }
    }

    /// What the kernel says of a pidfd, `-1` when the process has been reaped.
    private static long pidOf(Descriptor pidfd) throws IOException {
        try (var borrowed = pidfd.borrow()) {
            return Files.readAllLines(Path.of("/proc/self/fdinfo/" + borrowed.fd())).stream()
                    .filter(line -> line.startsWith("Pid:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring("Pid:".length()).strip()))
                    .findAny()
                    .orElseThrow();
        }
    }
}
