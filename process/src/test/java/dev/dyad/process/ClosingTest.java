package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.PendingSignals;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long a close waits, and what it ends.
@Tag("both")
@Timeout(60)
class ClosingTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void without_patience_SIGTERM_comes_at_once() throws Exception {
        Child child = sh("trap 'exit 5' TERM; echo ready >&3; while :; do sleep 0.1; done")
                .patience(Duration.ZERO, LONG)
                .spawn();
        assertThat(Talk.line(child.socket())).isEqualTo("ready");

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(5));
    }

    @Test
    void without_any_patience_SIGKILL_comes_at_once() throws Exception {
        Child child = sh("trap '' TERM; echo ready >&3; exec sleep 600")
                .patience(Duration.ZERO, Duration.ZERO)
                .spawn();
        assertThat(Talk.line(child.socket())).isEqualTo("ready");

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
    }

    @Test
    @NotInShortRuns("ChildTest.close_lets_a_child_that_reads_end_by_itself")
    void a_child_that_takes_its_time_is_waited_for() throws Exception {
        Child child = sh("read line <&3; sleep 3; exit 6").patience(LONG, LONG).spawn();

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(6)); // after more than the usual 2 s
    }

    @Test
    void less_than_no_patience_is_refused() {
        assertThatThrownBy(() -> Command.of("true").patience(Duration.ofNanos(-1), LONG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of("true").patience(LONG, Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_left_of_its_group_ends_with_a_child_that_is_closed() throws Exception {
        Child child =
                sh("sleep 600 & echo $! >&3; read line <&3").processGroup().spawn();
        ProcessHandle left = handle(child);

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(1)); // it ended by itself
        Await.until(() -> Talk.hasEnded(left), Duration.ofSeconds(20));
    }

    @Test
    void what_is_left_of_its_group_ends_with_a_child_that_ends_by_itself() throws Exception {
        try (Child child = sh("sleep 600 & echo $! >&3; read line <&3; exit 3")
                .processGroup()
                .endGroupWithChild()
                .spawn()) {
            ProcessHandle left = handle(child);

            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(3));
            Await.until(() -> Talk.hasEnded(left), Duration.ofSeconds(20));
        }
    }

    /// Starts what blocks SIGTERM, and tells of it.
    private static final String LEAVES = PendingSignals.BLOCKS_SIGTERM + """
            import os, subprocess
            left = subprocess.Popen(['sleep', '600'])
            os.write(3, f'{left.pid}\\n'.encode())
            """;

    @Test
    void what_a_child_that_ends_by_itself_leaves_in_its_group_goes_on_unless_said() throws Exception {
        try (Child child = Command.of("python3", "-c", LEAVES + "os._exit(3)")
                .processGroup()
                .spawn()) {
            ProcessHandle left = handle(child);
            try {
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(3));
                assertThat(PendingSignals.haveSigterm(left)).isFalse();
            } finally {
                left.destroyForcibly();
            }
        }
    }

    @Test
    void what_a_child_without_a_group_of_its_own_started_goes_on() throws Exception {
        Child child = Command.of("python3", "-c", LEAVES + "os.read(3, 1)")
                .endGroupWithChild()
                .spawn();
        ProcessHandle left = handle(child);
        try {
            child.close();

            assertThat(PendingSignals.haveSigterm(left)).isFalse();
        } finally {
            left.destroyForcibly();
        }
    }

    private static ProcessHandle handle(Child child) throws IOException {
        return ProcessHandle.of(Long.parseLong(Talk.line(child.socket()))).orElseThrow();
    }
}
