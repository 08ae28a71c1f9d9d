package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
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
                        SigAction.setFlags(action, Platform.current().SA_NOCLDWAIT());
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
