package dev.dyad.process.spawn;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Superuser;
import dev.dyad.process.Command;
import dev.dyad.process.Limit;
import dev.dyad.process.Signal;
import dev.dyad.process.Talk;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a child does for itself before it runs its program.
@Timeout(60)
class PreExecTest {

    @Test
    void the_mask_is_what_was_said() throws Exception {
        assertThat(said(sh("umask").umask(0027))).isEqualTo("0027");
        assertThatThrownBy(() -> sh("umask").umask(01000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void signals_are_ignored_that_this_process_handles() throws Exception {
        Command command = Command.of("sed", "-n", "s/^SigIgn:[^1-9]*//p", "/proc/self/status");

        assertThat(said(command.ignoreSignals(Signal.PIPE, Signal.QUIT))).isEqualTo("1004");
        assertThatThrownBy(() -> command.ignoreSignals(Signal.KILL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_nice_value_is_added_to_ours() throws Exception {
        int own = Integer.parseInt(said(Command.of("nice")));

        assertThat(said(Command.of("nice").nice(3))).isEqualTo(Integer.toString(Math.min(19, own + 3)));
    }

    @Test
    void a_user_that_is_none_is_refused_before_anything_has_run() {
        assertThatThrownBy(() -> sh("exit 0").user("no-such-user").spawn())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-user");
        assertThatThrownBy(() -> sh("exit 0").user("--reuid")).isInstanceOf(IllegalArgumentException.class);
    }

    /// Programs cut a number to 32 bits, of which all ones mean that nothing changes, and take a sign and blanks.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4294967295",
                "4294967296",
                "99999999999",
                "18446744073709551616",
                "+0",
                " 0",
                "\t0",
                "\u00a00",
                "-0",
                "-1",
                ""
            })
    void a_number_that_no_user_and_no_group_can_have_is_refused_with_the_range(String number) {
        for (ThrowingCallable said : List.<ThrowingCallable>of(
                () -> Command.of("id").user(number), () -> Command.of("id").group(number))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(said)
                    .withMessageContaining("0 to 4294967294")
                    .withMessageEndingWith("\"" + number + "\"");
        }
    }

    @Test
    void the_largest_number_is_a_user_and_a_group() throws Exception {
        Superuser.require();
        String largest = "4294967294";

        assertThat(said(sh("id -u; id -g").user("0" + largest).group("00" + largest))
                        .lines())
                .containsExactly(largest, largest);
    }

    @Test
    void a_user_whom_we_may_not_become_is_refused() throws Exception {
        Superuser.requireAnotherUser();

        assertThatThrownBy(() -> sh("exit 0").user("root").spawn())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("setpriv");
    }

    @Test
    void a_child_has_the_other_groups_of_its_user_where_the_system_knows_that() throws Exception {
        Superuser.require();
        for (String user : List.of("nobody", "65534")) {
            assertThat(said(Command.of("id", "-G").user(user).group("1"))).isEqualTo("1 65534");
        }
        String unknown = Long.toString(50_000 + ProcessHandle.current().pid() % 10_000);
        assertThat(said(Command.of("id", "-G").user(unknown).group("1"))).isEqualTo("1");
    }

    @Test
    void user_group_umask_niceness_and_death_signal_hold_for_one_child() throws Exception {
        Superuser.require();
        String script = "id -u; id -g; umask; ps -o ni= -p $$ | tr -d ' '; echo $1";
        int niceness = Math.min(19, Integer.parseInt(said(Command.of("nice"))) + 2);

        String said = said(Command.of("sh", "-c", script, "sh", "a b")
                .user("65534")
                .group("1")
                .umask(0077)
                .nice(2)
                .parentDeathSignal(Signal.KILL));

        assertThat(said.lines()).containsExactly("65534", "1", "0077", Integer.toString(niceness), "a b");
    }

    /// Also without the privilege to limit another user's process, and where only the last program may be hit.
    @Test
    void a_child_of_another_user_is_limited_before_its_program_runs() throws Exception {
        Superuser.require();
        String script = "ulimit -Sn; ulimit -Hn; ulimit -c; (true); echo one more";
        Command command = sh(script)
                .user(Long.toString(50_000 + ProcessHandle.current().pid() % 10_000)) // which nobody is
                .group("1")
                .limit(Limit.NOFILE, 40, 50)
                .limit(Limit.CORE, 0)
                .limit(Limit.NPROC, 0);

        for (int i = 0; i < 5; i++) {
            assertThat(said(command).lines()).containsExactly("40", "50", "0");
        }
    }

    @Test
    void a_limit_that_may_not_be_raised_is_refused_for_another_user_too() throws Exception {
        Superuser.require();
        long more = 1L << 40; // than fs.nr_open allows

        Command command = Command.of("sleep", "600").user("65534").group("1").limit(Limit.NOFILE, more);

        Talk.assertFails(command, "prlimit", "EPERM", "NOFILE");
    }

    private static String said(Command command) throws Exception {
        return command.output().text().strip();
    }
}
