package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecSignalsTest {

    private static final List<String> PASSED_ON = List.of("HUP", "INT", "TERM", "USR1", "USR2", "WINCH", "CONT");

    /// Writes its pid, then the name of each signal that it gets, and at the end of its input all of them.
    private static final String COUNTING = """
            import os, signal, socket, sys
            end = socket.socket(fileno=3)
            got = []
            def note(number, frame):
                got.append(signal.Signals(number).name[3:])
                end.sendall((got[-1] + '\\n').encode())
            for name in 'HUP INT TERM USR1 USR2 WINCH CONT'.split():
                signal.signal(getattr(signal, 'SIG' + name), note)
            end.sendall(f'{os.getpid()}\\n'.encode())
            while end.recv(100):
                pass
            end.sendall(('all: ' + ' '.join(got) + '\\n').encode())
            """;

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        Interpreters.require("python3");
        assertThat(dyad("--version").run().code()).isZero();
    }

    @Test
    void each_signal_is_passed_on_once() throws Exception {
        try (Started process = counting().start();
                BufferedReader lines = lines(process)) {
            lines.readLine();
            for (String signal : PASSED_ON) {
                kill(signal, process.pid());
                assertThat(lines.readLine()).isEqualTo(signal);
            }
            process.in().close();

            assertThat(lines.readLine()).isEqualTo("all: " + String.join(" ", PASSED_ON));
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void a_signal_to_the_whole_group_arrives_once() throws Exception {
        try (Started process = counting().inItsOwnSession().start();
                BufferedReader lines = lines(process)) {
            lines.readLine();
            kill("INT", -process.pid());
            assertThat(lines.readLine()).isEqualTo("INT");
            kill("WINCH", -process.pid());
            assertThat(lines.readLine()).isEqualTo("WINCH");
            process.in().close();

            assertThat(lines.readLine()).isEqualTo("all: INT WINCH");
        }
    }

    @Test
    void a_stop_from_the_terminal_stops_both_and_CONT_wakes_both() throws Exception {
        try (Started process = counting().start();
                BufferedReader lines = lines(process)) {
            long child = Long.parseLong(lines.readLine());
            kill("TSTP", process.pid());
            Await.until(() -> state(process.pid()) == 'T' && state(child) == 'T', Duration.ofSeconds(20));

            kill("CONT", process.pid());
            assertThat(lines.readLine()).isEqualTo("CONT");
            process.in().close();
            assertThat(lines.readLine()).isEqualTo("all: CONT");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void a_signal_that_ends_the_command_is_128_and_its_number() throws Exception {
        try (Started process = dyad("exec", "--", "sh", "-c", "echo ready >&3; exec sleep 50")
                        .start();
                BufferedReader lines = lines(process)) {
            lines.readLine();
            kill("TERM", process.pid());

            assertThat(process.waitFor()).isEqualTo(143);
        }
    }

    @Test
    void an_ignored_hangup_stays_ignored() throws Exception {
        String script = "trap '' HUP; exec \"$0\" exec -- sh -c 'grep SigIgn /proc/self/status >&3'";

        Launcher.Run run = Launcher.of(
                        Path.of("/bin/sh"),
                        "-c",
                        script,
                        Launcher.ROOT.resolve("dyad").toString())
                .run();

        String mask = run.text().strip().replaceAll(".*\\s", "");
        assertThat(Long.parseUnsignedLong(mask, 16) & 1).isOne();
    }

    private static Launcher counting() {
        return dyad("exec", "--", "python3", "-c", COUNTING).withDefaultSignals();
    }

    private static BufferedReader lines(Started process) {
        return new BufferedReader(new InputStreamReader(process.out(), UTF_8));
    }

    private static void kill(String signal, long target) throws Exception {
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " -- " + target)
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return '?';
        }
    }
}
