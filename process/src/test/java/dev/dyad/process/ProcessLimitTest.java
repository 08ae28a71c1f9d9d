package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Superuser;
import dev.dyad.harness.Threads;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Spawning more children than the user may have: the superuser has no such limit, so it takes somebody else.
@Timeout(60)
class ProcessLimitTest {

    private static final int MORE_THAN_ALLOWED = 200;

    @TempDir
    Path folder;

    static final class Spawns {
        public static void main(String[] arguments) throws Exception {
            Talk.answer(sh("exit 0"));
            var children = new ArrayList<Child>();
            try {
                while (children.size() < MORE_THAN_ALLOWED) {
                    children.add(Command.of("cat").fd(0).stdout(Stdio.ignore()).spawn());
                }
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(children() - children.size() + " more than were spawned");
            for (Child child : children) {
                child.close();
            }
            System.out.println(children() + " left");
            System.out.print(Talk.answer(sh("echo works again >&3")));
        }

        private static long children() {
            return ProcessHandle.current().children().count();
        }
    }

    @Test
    void one_child_too_many_is_a_clear_error_that_leaves_nothing() throws Exception {
        assertThat(said(JavaProbe.of(Spawns.class))).endsWith("""
                        posix_spawn: cat: Resource temporarily unavailable (EAGAIN)
                        0 more than were spawned
                        0 left
                        works again
                        """);
    }

    /// Has no thread left, for others have taken them all: each thing works without one, or says at once what it lacks;
    /// and works again when there are some.
    static final class Starved {

        private interface Step {
            Object take() throws Exception;
        }

        private static final Map<String, Step> STEPS = steps();

        private static Map<String, Step> steps() {
            var steps = new LinkedHashMap<String, Step>();
            steps.put("pair", Starved::talk);
            steps.put("virtual read", () -> virtually(Starved::readVirtually));
            steps.put("spawn", Starved::spawn);
            steps.put("virtual spawn", () -> virtually(Starved::spawn));
            steps.put("output", () -> Command.of("true").output().exit());
            steps.put("lines", Starved::lines);
            steps.put("with a signal", () -> exit(Command.of("true").parentDeathSignal(Signal.TERM)));
            return steps;
        }

        public static void main(String[] arguments) throws Exception {
            virtually(() -> 0); // so that there is a carrier
            if (arguments.length > 0) {
                talk(); // so that Dyad is there already
            }
            List<String> before = sockets();
            var done = new CountDownLatch(1);
            List<Thread> all = all(done);
            report("without threads");
            done.countDown();
            for (Thread one : all) {
                one.join();
            }
            report("with threads");
            Await.until(() -> sockets().equals(before), Duration.ofSeconds(20));
            System.out.println("nothing left");
        }

        private static List<String> sockets() {
            return Descriptors.held().values().stream()
                    .filter(each -> each.matches("(socket|pipe|anon_inode).*"))
                    .toList();
        }

        /// Starts all threads that there may be.
        static List<Thread> all(CountDownLatch done) {
            var all = new ArrayList<Thread>();
            try {
                while (true) {
                    all.add(Thread.ofPlatform().daemon().start(() -> Await.latch(done)));
                }
            } catch (OutOfMemoryError noMore) {
                return all;
            }
        }

        private static void report(String when) {
            for (var step : STEPS.entrySet()) {
                System.out.println(when + ", " + step.getKey() + ": " + outcome(step.getValue()));
            }
        }

        private static String outcome(Step step) {
            try {
                step.take();
                return "works";
            } catch (Throwable thrown) {
                Throwable cause = thrown;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                return String.valueOf(cause.getMessage());
            }
        }

        private static Object talk() throws IOException {
            try (var pair = SocketPair.stream()) {
                pair.left().write(ByteBuffer.allocate(1));
                return pair.right().read(ByteBuffer.allocate(1));
            }
        }

        private static Object readVirtually() throws IOException {
            try (var pair = SocketPair.stream()) {
                return pair.right().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofMillis(50)));
            } catch (SocketTimeoutException asItMust) {
                return 0;
            }
        }

        private static Object spawn() throws Exception {
            return exit(Command.of("true"));
        }

        private static Object lines() throws Exception {
            return exit(Command.of("echo", "said").stdout(Stdio.lines(line -> {})));
        }

        private static Exit exit(Command command) throws Exception {
            try (Child child = command.spawn()) {
                return child.onExit().get(20, TimeUnit.SECONDS);
            }
        }

        private static Object virtually(Step step) throws Exception {
            return Threads.virtually(step::take).get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "again"})
    void no_thread_left_is_a_clear_error_at_once_and_not_for_ever(String when) throws Exception {
        String[] arguments = when.isEmpty() ? new String[0] : new String[] {when};
        List<String> said = said(JavaProbe.of(Starved.class, arguments)).lines().toList();

        assertThat(said)
                .filteredOn(line -> line.startsWith("without threads, "))
                .hasSameSizeAs(Starved.STEPS.keySet())
                .anyMatch(line -> line.endsWith("pair: works"))
                .allMatch(line -> line.matches(".*: (works|unable to create native thread.*|posix_spawn: .*EAGAIN.*)"))
                .anyMatch(line -> line.contains("unable to create native thread"));
        assertThat(said)
                .filteredOn(line -> line.startsWith("with threads, "))
                .hasSameSizeAs(Starved.STEPS.keySet())
                .allMatch(line -> line.endsWith(": works"));
        assertThat(said).contains("nothing left");
    }

    /// Ends while it has a child and no thread.
    static final class Leaves {
        public static void main(String[] arguments) throws Exception {
            Child child = Command.of("sleep", "600")
                    .patience(Duration.ZERO, Duration.ZERO)
                    .spawn();
            System.out.println(child.pid());
            List<Thread> _ = Starved.all(new CountDownLatch(1));
            System.exit(0);
        }
    }

    @Test
    void children_end_with_a_jvm_that_has_no_thread_left_for_that() throws Exception {
        String pid = said(JavaProbe.of(Leaves.class)).strip();

        Await.until(
                () -> ProcessHandle.of(Long.parseLong(pid)).map(Talk::hasEnded).orElse(true), Duration.ofSeconds(5));
    }

    private String said(JavaProbe probe) throws Exception {
        Superuser.require();
        var words = new ArrayList<>(OtherUser.stranger());
        words.addAll(List.of("prlimit", "--nproc=60"));
        words.addAll(OtherUser.command(probe.options("-Xlog:disable"), folder));
        try (Child child = Command.of(words).fd(1).stderr(Stdio.sameAs(1)).spawn()) {
            return Talk.readToEnd(child.socket());
        }
    }
}
