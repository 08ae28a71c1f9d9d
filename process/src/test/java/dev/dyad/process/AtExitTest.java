package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of children that nobody closed when the JVM ends.
@Timeout(120)
class AtExitTest {

    private static final Duration LONG = Duration.ofHours(1);

    /// Ends with children of each kind, whose words go to its own standard output.
    static final class Leaves {
        public static void main(String[] arguments) throws Exception {
            spawnReady(sh("echo ready >&3; cat <&3; echo found the end"));
            spawnReady(sh("trap 'echo got SIGTERM; exit' TERM; echo ready >&3; while :; do sleep 0.1; done")
                    .patience(Duration.ZERO, LONG));
            spawnReady(sh("trap '' TERM; echo ready >&3; exec sleep 600").patience(Duration.ZERO, Duration.ZERO));
            spawn(Command.of("sleep", "600").patience(Duration.ZERO, LONG).withoutSocket());
            spawn(Command.of("sleep", "600").outliveJvm());
            if (arguments.length > 0) {
                System.exit(Integer.parseInt(arguments[0]));
            }
        }

        private static void spawnReady(Command command) throws Exception {
            assertThat(ClosingTest.line(spawn(command).socket())).isEqualTo("ready");
        }

        private static Child spawn(Command command) throws Exception {
            Child child = command.spawn();
            System.out.println(child.pid());
            return child;
        }
    }

    /// Spawns for the first time when it ends already.
    static final class SpawnsLate {
        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try (Child child = sh("exit 4").spawn()) {
                    System.out.print(child.waitFor());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
    }

    @Test
    void they_are_closed_when_main_returns() throws Exception {
        assertLeaves(JavaProbe.of(Leaves.class).run(), 0);
    }

    @Test
    void they_are_closed_at_a_call_of_exit() throws Exception {
        assertLeaves(JavaProbe.of(Leaves.class, "3").run(), 3);
    }

    @Test
    void a_spawn_while_the_jvm_ends_does_as_any_other() throws Exception {
        assertThat(JavaProbe.of(SpawnsLate.class).run().toString()).isEqualTo("exit 0\nExited[code=4]");
    }

    private static void assertLeaves(JavaProbe.Result result, int exit) {
        assertThat(result.exit()).isEqualTo(exit);
        assertThat(result.errText()).isEmpty();
        assertThat(result.outText().lines()).contains("found the end", "got SIGTERM");
        long[] pids = result.outText()
                .lines()
                .filter(line -> line.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .toArray();
        assertThat(pids).hasSize(5);
        for (int i = 0; i < 4; i++) {
            assertThat(ProcessHandle.of(pids[i])).isEmpty();
        }
        assertThat(ProcessHandle.of(pids[4])).hasValueSatisfying(ProcessHandle::destroyForcibly);
    }
}
