package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Children whose exit cannot be had when they have ended: a tracer has it first, or the kernel throws it away.
@Timeout(60)
class HeldExitTest {

    /// Traces a process, as a debugger does, until there is a line to read.
    private static final String TRACER = """
            import ctypes, sys
            libc = ctypes.CDLL(None)
            PTRACE_SEIZE = 0x4206
            print(libc.ptrace(PTRACE_SEIZE, int(sys.argv[1]), None, None), flush=True)
            sys.stdin.readline()
            """;

    /// Has the kernel refuse a call from now on, by its number on this machine.
    private static final String FILTER = """
            import ctypes, os, platform, struct, sys
            numbers = {"x86_64": {"wait4": 61, "waitid": 247}, "aarch64": {"wait4": 260, "waitid": 95}}
            number = numbers.get(platform.machine(), {}).get(sys.argv[1])
            code = b"".join(struct.pack("HBBI", *step) for step in [
                (0x20, 0, 0, 0),  # the number of the call
                (0x15, 0, 1, number or 0),
                (0x06, 0, 0, 0x50001),  # EPERM
                (0x06, 0, 0, 0x7fff0000)])  # allow
            class Program(ctypes.Structure):
                _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
            libc = ctypes.CDLL(None)
            PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            if number is None or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(4, code)), 0, 0):
                sys.exit(99)
            os.execvp(sys.argv[2], sys.argv[2:])
            """;

    private static final int NO_FILTER = 99;

    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void the_exit_of_a_child_that_is_traced_is_told_when_the_tracer_lets_it_go() throws Exception {
        try (Child child = sh("read line <&3; exit 7").spawn();
                Child other = sh("read line <&3; exit 8").spawn()) {
            Process tracer = trace(child);
            try {
                child.socket().shutdownOutput();
                Await.until(() -> isZombie(child), Duration.ofSeconds(20));

                assertThatThrownBy(() -> child.waitFor(Deadline.after(SHORT))).isInstanceOf(TimeoutException.class);
                assertThat(child.isAlive()).isTrue();
                other.socket().shutdownOutput();
                assertThat(other.waitFor()).isEqualTo(new Exit.Exited(8)); // the reaper goes on
                var told = child.onExit();
                letGo(tracer);

                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(7));
                assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(7));
                assertThat(Path.of("/proc/" + child.pid())).doesNotExist();
            } finally {
                tracer.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void a_close_does_not_wait_for_a_tracer_for_ever() throws Exception {
        Child child = sh("read line <&3; exit 7")
                .patience(Duration.ZERO, Duration.ZERO)
                .spawn();
        Process tracer = trace(child);
        try {
            child.close();

            assertThat(isZombie(child)).isTrue();
            letGo(tracer);
            assertThat(child.waitFor()).isInstanceOf(Exit.class);
            assertThat(Path.of("/proc/" + child.pid())).doesNotExist();
        } finally {
            tracer.destroyForcibly().waitFor();
        }
    }

    /// As where a filter of system calls is stricter than the programs that it was made for.
    @Test
    void an_exit_that_the_system_does_not_let_us_take_is_not_said_to_be_taken_by_another() throws Exception {
        assertThat(refused("wait4").outText()).isEqualTo("""
                wait4: how the child ended cannot be known, as the system refuses it: \
                Operation not permitted (EPERM)
                wait4: how the child ended cannot be known, as the system refuses it: \
                Operation not permitted (EPERM)
                """);
        assertThat(refused("waitid").outText()).isEqualTo("Exited[code=7]\nSignaled[signal=15, coreDumped=false]\n");
    }

    private static JavaProbe.Result refused(String call) throws Exception {
        var result =
                JavaProbe.of(Ends.class).under("python3", "-c", FILTER, call).run();
        assumeTrue(result.exit() != NO_FILTER, "no filters of system calls here");
        return result;
    }

    /// Says how children end.
    static final class Ends {
        public static void main(String[] arguments) throws Exception {
            say(Command.of("sh", "-c", "exit 7"));
            say(Command.of("sleep", "600").processGroup().patience(Duration.ZERO, Duration.ofSeconds(20)));
        }

        private static void say(Command command) throws Exception {
            Child child = command.spawn();
            try {
                if (command.leadsGroup()) {
                    child.close();
                }
                System.out.println(child.waitFor());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static Process trace(Child child) throws Exception {
        Process tracer = new ProcessBuilder("python3", "-c", TRACER, Long.toString(child.pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = tracer.inputReader();
        assertThat(said.readLine()).isEqualTo("0");
        return tracer;
    }

    private static void letGo(Process tracer) throws Exception {
        tracer.outputWriter().close();
        tracer.waitFor();
        tracer.inputReader().close();
        tracer.getErrorStream().close();
    }

    private static boolean isZombie(Child child) {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    /// Says how children end, and what became of the handler.
    static final class Spawns {
        public static void main(String[] arguments) throws Exception {
            for (String what : List.of("as started", "ignored", "handled, and forgotten")) {
                set(what);
                try (Child child = sh("exit 7").spawn()) {
                    System.out.println(what + ": " + child.waitFor());
                }
            }
            System.out.print(action().equals(Signals.handlerThatDoesNothing()) ? "handler kept" : "handler lost");
        }

        private static void set(String what) {
            try (var arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(SigAction.LAYOUT);
                switch (what) {
                    case "ignored" -> SigAction.setHandler(action, MemorySegment.ofAddress(SigAction.SIG_IGN()));
                    case "handled, and forgotten" -> {
                        SigAction.setHandler(action, Signals.handlerThatDoesNothing());
                        SigAction.setFlags(action, Platforms.current().SA_NOCLDWAIT());
                    }
                    default -> {
                        return;
                    }
                }
                int _ = Signals.sigaction(new CallState(arena), Signal.CHLD.number(), action, MemorySegment.NULL);
            }
        }

        private static MemorySegment action() {
            try (var arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(SigAction.LAYOUT);
                int _ = Signals.sigaction(new CallState(arena), Signal.CHLD.number(), MemorySegment.NULL, action);
                return SigAction.handler(action);
            }
        }
    }

    @Test
    void exits_are_known_where_sigchld_was_ignored() throws Exception {
        JavaProbe probe = JavaProbe.of(Spawns.class).under("sh", "-c", "trap '' CHLD; exec \"$@\"", "sh");

        assertThat(probe.run().toString()).isEqualTo("""
                exit 0
                as started: Exited[code=7]
                ignored: Exited[code=7]
                handled, and forgotten: Exited[code=7]
                handler kept""");
    }
}
