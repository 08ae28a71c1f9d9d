package dev.dyad.process;

import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Children in the group of another child.
@Timeout(60)
class ProcessGroupTest {

    private static final int GROUP = 2; // behind the name in proc_pid_stat(5), which ends with a parenthesis

    @Test
    void a_signal_to_the_group_reaches_a_child_that_has_joined_it() throws Exception {
        try (Child leader = sh("read line <&3").processGroup().spawn();
                Child member = sh("read line <&3").processGroup(leader).spawn()) {
            assertThat(groupOf(member)).isEqualTo(leader.pid()).isEqualTo(groupOf(leader));
            assertThatThrownBy(() -> member.signalGroup(Signal.TERM)).isInstanceOf(IllegalStateException.class);

            assertThat(leader.signalGroup(Signal.TERM)).isTrue();

            assertThat(leader.waitFor()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
            assertThat(member.waitFor()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
        }
    }

    @Test
    void the_last_word_counts() throws Exception {
        try (Child leader = sh("read line <&3").processGroup().spawn();
                Child own =
                        sh("read line <&3").processGroup(leader).processGroup().spawn()) {
            assertThat(groupOf(own)).isEqualTo(own.pid());
        }
    }

    @Test
    void the_group_of_a_child_that_has_ended_is_joined_by_nobody() throws Exception {
        try (Child leader = sh("exit 0").processGroup().spawn()) {
            Exit _ = leader.waitFor();

            assertFails(sh("exit 0").processGroup(leader), "setpgid", "ESRCH", "process " + leader.pid());
        }
    }

    @Test
    void a_child_without_a_group_of_its_own_is_joined_by_nobody() throws Exception {
        try (Child child = sh("read line <&3").spawn()) {
            assertThatThrownBy(() -> sh("exit 0").processGroup(child))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("child " + child.pid() + " does not lead a process group");
        }
    }

    private static long groupOf(Child child) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[GROUP]);
    }
}
