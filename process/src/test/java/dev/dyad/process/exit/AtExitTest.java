package dev.dyad.process.exit;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Talk;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            assertThat(Talk.line(spawn(command).socket())).isEqualTo("ready");
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

    /// Spawns when it ends already, and leaves the child to itself.
    static final class LeavesLate {
        public static void main(String[] arguments) throws Exception {
            if (arguments.length > 0) { // so that there is somebody who ends children
                System.out.println(Command.of("sleep", "600")
                        .patience(Duration.ZERO, LONG)
                        .spawn()
                        .pid());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    if (arguments.length > 0) {
                        Await.until(AtExit::hasBegun, Duration.ofSeconds(20));
                    }
                    System.out.println(Command.of("sleep", "600").spawn().pid());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
    }

    /// Ends while other threads spawn.
    static final class LeavesMany {
        public static void main(String[] arguments) throws Exception {
            var spawned = new CountDownLatch(30);
            for (int i = 0; i < 3; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        while (true) {
                            Command command = Command.of("sleep", "600").patience(Duration.ZERO, LONG);
                            System.out.println(command.spawn().pid());
                            spawned.countDown();
                        }
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            spawned.await();
            System.exit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hook"})
    @FirstInShortRuns
    void a_child_of_a_shutdown_hook_does_not_outlive_the_jvm(String first) throws Exception {
        String[] arguments = first.isEmpty() ? new String[0] : new String[] {first};
        assertGone(JavaProbe.of(LeavesLate.class, arguments).run());
    }

    @Test
    void children_that_other_threads_spawn_meanwhile_do_not_outlive_the_jvm() throws Exception {
        assertGone(JavaProbe.of(LeavesMany.class).run());
    }

    /// What the kernel ends when the JVM is gone is gone a moment later.
    private static void assertGone(JavaProbe.Result result) throws Exception {
        long[] pids = pids(result);
        assertThat(pids).as(result.toString()).isNotEmpty();
        for (long pid : pids) {
            Await.until(() -> ProcessHandle.of(pid).map(Talk::hasEnded).orElse(true), Duration.ofSeconds(20));
        }
    }

    private static long[] pids(JavaProbe.Result result) {
        return result.outText()
                .lines()
                .filter(line -> line.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Test
    void they_are_closed_when_main_returns() throws Exception {
        assertLeaves(JavaProbe.of(Leaves.class).run(), 0);
    }

    @Test
    @NotInShortRuns("they_are_closed_when_main_returns")
    void they_are_closed_at_a_call_of_exit() throws Exception {
        assertLeaves(JavaProbe.of(Leaves.class, "3").run(), 3);
    }

    @Test
    void a_spawn_while_the_jvm_ends_does_as_any_other() throws Exception {
        assertThat(JavaProbe.of(SpawnsLate.class).run().toString()).isEqualTo("exit 0\nExited[code=4]");
    }

    /// Tells listeners, and ends with a child that tells when it finds the end of its stream.
    static final class Tells {
        public static void main(String[] arguments) throws Exception {
            AtExit.Listener forgotten = () -> System.out.println("is forgotten");
            AtExit.listen(forgotten);
            AtExit.listen(() -> System.out.println("is told"));
            AtExit.forget(forgotten);
            if (arguments.length == 0) {
                Leaves.spawnReady(sh("echo ready >&3; cat <&3; echo found the end"));
            }
        }
    }

    @Test
    void a_listener_is_told_before_a_child_finds_the_end() throws Exception {
        assertThat(JavaProbe.of(Tells.class).run().outText()).containsPattern("\\A\\d+\nis told\nfound the end\n\\z");
    }

    @Test
    void a_listener_is_told_though_there_is_no_child() throws Exception {
        assertThat(JavaProbe.of(Tells.class, "without").run().outText()).isEqualTo("is told\n");
    }

    /// Has two listeners, of which one is awaited, and a child started meanwhile.
    static final class Waits {
        public static void main(String[] arguments) {
            AtExit.listen(() -> System.out.println("need not wait"));
            AtExit.listen(new AtExit.Listener() {
                @Override
                public void jvmEnds() {
                    System.out.println("is told");
                }

                @Override
                public Duration within() {
                    return Duration.ofMinutes(1);
                }

                @Override
                public void awaitLeave(Deadline deadline) {
                    System.out.println("waits for " + Math.ceilDiv(deadline.remainingNanos(), 1_000_000_000) + " s");
                    try {
                        Leaves.spawnReady(sh("echo ready >&3; cat <&3; echo found the end"));
                    } catch (Exception e) {
                        System.out.println(e.getMessage());
                    }
                }
            });
        }
    }

    @Test
    void children_live_on_as_long_as_a_listener_waits() throws Exception {
        assertThat(JavaProbe.of(Waits.class).run().outText())
                .matches(
                        "need not wait\nwaits for 60 s\n\\d+\n(need not wait\nis told|is told\nneed not wait)\nfound the end\n");
    }

    private static void assertLeaves(JavaProbe.Result result, int exit) {
        assertThat(result.exit()).isEqualTo(exit);
        assertThat(result.errText()).isEmpty();
        assertThat(result.outText().lines()).contains("found the end", "got SIGTERM");
        long[] pids = pids(result);
        assertThat(pids).hasSize(5);
        for (int i = 0; i < 4; i++) {
            assertThat(ProcessHandle.of(pids[i])).isEmpty();
        }
        assertThat(ProcessHandle.of(pids[4])).hasValueSatisfying(ProcessHandle::destroyForcibly);
    }
}
