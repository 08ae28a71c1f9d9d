package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Faults;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is thrown on a thread of ours, at whichever of its calls: it is told to the one whose call it was, or was
/// not needed; nothing is lost, and the next child works.
@Timeout(120)
class ThreadFaultsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int MOST_CALLS = 60;

    private static final Set<String> SPAWNING = Set.of("dyad-spawner", "dyad-parent");

    /// What has a thread make calls.
    interface Work {
        void run() throws Exception;
    }

    static Stream<Arguments> threads() {
        return Stream.of(
                work("dyad-reaper", "an exit", ThreadFaultsTest::exit),
                work("dyad-reaper", "what is kept and delivered", ThreadFaultsTest::lines),
                work("dyad-reaper", "output", ThreadFaultsTest::output),
                work("dyad-reaper", "the end of a group", ThreadFaultsTest::group),
                work("dyad-lines", "a slow callback", ThreadFaultsTest::slowLines),
                work("dyad-spawner", "a virtual spawn", () -> virtually(ThreadFaultsTest::exit)),
                work("dyad-parent", "a spawn with a signal", ThreadFaultsTest::leashed));
    }

    private static Arguments work(String thread, String name, Work work) {
        return Arguments.of(thread, name, work);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("threads")
    void what_is_thrown_is_told_to_the_one_it_hit_and_the_next_child_works(String thread, String name, Work work)
            throws Exception {
        EventLoop reaper = Launch.REAPER.use(); // or it would end, and begin, between two looks
        try {
            work.run();
            var complaints = new ArrayList<String>();
            for (int index = 0; index < MOST_CALLS && strikes(thread, index, work, complaints); index++) {
                // the next call
            }
            assertThat(complaints).isEmpty();
        } finally {
            reaper.release();
        }
    }

    /// @return whether there was such a call
    private static boolean strikes(String thread, int index, Work work, List<String> complaints) throws Exception {
        boolean met = false;
        for (Error error : errors(thread)) {
            Map<Integer, String> before = Descriptors.held();
            boolean isMade = error instanceof StackOverflowError;
            Faults.strike(thread, index, isMade, error);
            List<String> calls;
            Throwable thrown = null;
            try {
                work.run();
            } catch (Throwable e) {
                thrown = e;
            } finally {
                calls = Faults.end();
            }
            if (calls.size() > index) {
                met = true;
                String what = "%s (%d)%s".formatted(calls.get(index), index, isMade ? ", which was made," : "");
                if (thrown != null && !isCausedBy(thrown, error)) {
                    complaints.add(what + " becomes " + thrown + " of " + thrown.getCause());
                }
                complain(what, before, complaints);
            }
            exit();
        }
        return met && complaints.isEmpty();
    }

    /// A spawn asks for no memory between what opens a descriptor and what owns it: there, nothing is thrown.
    private static List<Error> errors(String thread) {
        var refused = new OutOfMemoryError("on purpose");
        return SPAWNING.contains(thread)
                ? List.of(refused)
                : List.of(refused, new StackOverflowError("on purpose, after the call"));
    }

    private static boolean isCausedBy(Throwable thrown, Error error) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (error.equals(cause)) {
                return true;
            }
        }
        return false;
    }

    private static void complain(String what, Map<Integer, String> before, List<String> complaints) {
        try {
            Await.until(() -> Descriptors.held().equals(before), Duration.ofSeconds(5));
            Await.until(() -> ProcessHandle.current().children().findAny().isEmpty(), Duration.ofSeconds(5));
        } catch (AssertionError e) {
            Map<Integer, String> left = Descriptors.held();
            left.entrySet().removeAll(before.entrySet());
            complaints.add(
                    what + " leaves " + ProcessHandle.current().children().toList() + " and " + left);
        }
    }

    private static void exit() throws Exception {
        try (Child child = sh("exit 3").spawn()) {
            assertEnds(child, 3);
        }
    }

    private static void assertEnds(Child child, int code) throws Exception {
        assertThat(child.onExit().get(30, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(code));
    }

    private static void lines() throws Exception {
        var heard = new ConcurrentLinkedQueue<String>();
        Child child = sh("echo one; echo two >&2; read line <&3; printf more; exit 3")
                .stdout(Stdio.lines(heard::add))
                .stderr(Stdio.lastLines(9))
                .spawn();
        try (child) {
            child.socket().shutdownOutput();
            assertEnds(child, 3);
            assertThat(heard).containsExactly("one", "more");
        }
    }

    private static void output() throws Exception {
        assertThat(sh("echo said; echo err >&2").output(Deadline.after(LONG)).text())
                .isEqualTo("said\n");
    }

    private static void group() throws Exception {
        Child child = sh("sleep 600 & read line <&3; exit 3").processGroup().spawn();
        try (child) {
            child.askToEnd();
            assertEnds(child, 3);
        }
    }

    private static void slowLines() throws Exception {
        var heard = new ConcurrentLinkedQueue<String>();
        var full = new CountDownLatch(1);
        try (Child child = sh("exec seq 1 60000")
                .stdout(Stdio.lines(line -> {
                    await(full);
                    heard.add(line);
                }))
                .spawn()) {
            Await.until(() -> isBlocked(child), LONG);
            full.countDown();
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            assertThat(heard).hasSize(60_000);
        }
    }

    /// Returns whether it waits for somebody to read, or has ended, or nobody can tell.
    private static boolean isBlocked(Child child) {
        try {
            String where = Files.readString(Path.of("/proc/" + child.pid() + "/wchan"));
            return where.contains("pipe_write") || !child.isAlive();
        } catch (IOException e) {
            return true;
        }
    }

    private static void leashed() throws Exception {
        try (Child child =
                sh("exit 3").limit(Limit.CORE, 0).parentDeathSignal(Signal.TERM).spawn()) {
            assertEnds(child, 3);
        }
    }

    private static void virtually(Work work) throws Exception {
        var task = new FutureTask<@Nullable Void>(() -> {
            work.run();
            return null;
        });
        Thread.ofVirtual().start(task);
        task.get(60, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void a_child_ends_although_the_thread_that_waits_for_it_cannot_wait_any_more() throws Exception {
        var broken = new CountDownLatch(1);
        try (Child child = sh("read line <&3; exit 3").spawn()) {
            EventLoop reaper = Launch.REAPER.use();
            reaper.askLater(new Breaking(broken));
            broken.await();
            Await.until(() -> Faults.count() > 1, LONG); // it has found the child alive
            reaper.keep(); // as a child that is being started then does
            reaper.release();
            reaper.release();

            child.socket().shutdownOutput();
            assertEnds(child, 3);
        } finally {
            List<String> _ = Faults.end();
        }
        exit();
    }

    /// Breaks what the reaper waits by.
    private record Breaking(CountDownLatch done) implements EventLoop.Watcher {

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public void ready() {
            Faults.refuse(0, Errno.EBADF.code());
            done.countDown();
        }

        @Override
        public void failed(Throwable why) {
            throw new AssertionError(why);
        }
    }

    /// Nothing has told the reaper of that end, which it finds when it can't wait.
    @Test
    void an_exit_that_is_taken_by_a_thread_which_cannot_wait_is_told_to_those_who_come_later() throws Exception {
        var held = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        EventLoop reaper = Launch.REAPER.use();
        try (Child child = sh("read line <&3; exit 3").spawn()) {
            ProcessHandle handle = child.handle().orElseThrow();
            reaper.askLater(new BreakingLate(held, ended));
            held.await();
            child.socket().shutdownOutput();
            Await.until(() -> Talk.hasEnded(handle), LONG);
            ended.countDown();

            assertEnds(child, 3);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(3));
        } finally {
            reaper.release();
            List<String> _ = Faults.end();
        }
        exit();
    }

    /// Breaks what the reaper waits by, once a child has ended and before it can be told.
    private record BreakingLate(CountDownLatch held, CountDownLatch ended) implements EventLoop.Watcher {

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public void ready() {
            held.countDown();
            await(ended);
            Faults.refuse(0, Errno.EBADF.code());
        }

        @Override
        public void failed(Throwable why) {
            throw new AssertionError(why);
        }
    }

    /// Ends with children that have to be killed, while the hook fails once.
    static final class LeavesTwo {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                Command command = sh("trap '' TERM; echo ready >&3; exec sleep 600");
                Child child = command.patience(Duration.ZERO, Duration.ZERO).spawn();
                System.out.println(child.pid());
                assertThat(Talk.line(child.socket())).isEqualTo("ready");
            }
            Faults.strike(
                    "dyad-at-exit",
                    Integer.parseInt(arguments[0]),
                    Boolean.parseBoolean(arguments[1]),
                    new OutOfMemoryError("on purpose"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void a_hook_that_fails_once_leaves_nobody(int index) throws Exception {
        JavaProbe.Result result = JavaProbe.of(LeavesTwo.class, "" + index, "" + (index % 2 == 0))
                .options("-Ddyad.faults=on")
                .run();

        assertThat(result.outText().lines().map(Long::parseLong))
                .hasSize(2)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }
}
