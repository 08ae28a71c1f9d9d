package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Platform;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several threads that spawn at once with fewer descriptors than all of that takes.
@Timeout(120)
class CrowdedSpawnTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "on {0} threads")
    @ValueSource(strings = {"platform", "virtual"})
    void a_spawn_returns_a_child_that_is_owned_or_throws_and_has_run_nothing(String kind) throws Exception {
        var result = JavaProbe.of(Crowd.class, kind, folder.toString())
                .descriptors(80)
                .run();

        assertThat(result.toString()).isEqualTo("exit 0\nright\n");
    }

    /// Spawns until each of several threads was refused a few times, and looks at which programs have run.
    static final class Crowd {

        private static final int THREADS = 4;
        private static final int REFUSALS = 4;
        private static final Deadline LONG = Deadline.after(Duration.ofSeconds(50));

        private final Path folder;
        private final ThreadFactory threads;
        private final AtomicInteger tries = new AtomicInteger();

        private Crowd(Path folder, ThreadFactory threads) {
            this.folder = folder;
            this.threads = threads;
        }

        public static void main(String[] arguments) throws Exception {
            FullTable.load(Crowd.class, Command.class, StreamSocket.class, Platform.class, FullTable.class);
            var threads = arguments[0].equals("virtual")
                    ? Thread.ofVirtual().factory()
                    : Thread.ofPlatform().factory();
            var crowd = new Crowd(Path.of(arguments[1]), threads);
            assertThat(Talk.answer(sh("echo here >&3")).strip()).isEqualTo("here");
            EventLoop kept = Launch.REAPER.use(); // or it would end when it has had nothing to do for a while
            Map<Integer, String> before = Descriptors.held();
            crowd.run();

            assertThat(Descriptors.held()).isEqualTo(before);
            assertThat(Talk.answer(sh("echo here >&3")).strip()).isEqualTo("here");
            kept.release();
            System.out.println("right");
        }

        /// @param file what it makes as soon as it runs
        private record Started(Path file, Child child) {

            /// Ends it: it ends by itself when it has read the end, and by then it has made its file.
            void end() throws Exception {
                child.socket().shutdownOutput();
                assertThat(child.waitFor(LONG)).isEqualTo(new Exit.Exited(0));
                child.close();
            }
        }

        private void run() throws Exception {
            var running = new ArrayList<FutureTask<List<Started>>>();
            for (int i = 0; i < THREADS; i++) {
                var task = new FutureTask<>(this::spawnUntilRefused);
                running.add(task);
                threads.newThread(task).start();
            }
            var started = new ArrayList<Started>();
            for (var task : running) {
                started.addAll(task.get());
            }
            Set<Path> returned = started.stream().map(Started::file).collect(Collectors.toSet());

            assertThat(ProcessHandle.current().children()).isEmpty(); // zombies are counted too
            assertThat(haveRun()).isNotEmpty().isEqualTo(returned);
        }

        /// Ends one child each time, for whose room all threads race.
        private List<Started> spawnUntilRefused() throws Exception {
            var started = new ArrayList<Started>();
            var alive = new ArrayDeque<Started>();
            for (int refusals = 0; refusals < REFUSALS; ) {
                Path file = folder.resolve(Integer.toString(tries.incrementAndGet()));
                try {
                    Child child = sh(": > \"$0\"; read line <&3; exit 0")
                            .argument(file)
                            .spawn();
                    alive.add(new Started(file, child));
                    started.add(alive.getLast());
                } catch (IOException full) {
                    assertThat(full).hasMessageContaining("Too many open files");
                    refusals++;
                    Started first = alive.poll();
                    if (first != null) {
                        first.end();
                    }
                }
            }
            for (Started one : alive) {
                one.end();
            }
            return started;
        }

        private Set<Path> haveRun() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.collect(Collectors.toSet());
            }
        }
    }
}
