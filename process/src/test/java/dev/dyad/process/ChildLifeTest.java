package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Rusage;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SystemCallException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waiting for a child and closing it, from several threads.
@Tag("both")
@Timeout(60)
class ChildLifeTest {

    private static final int CLOSERS = 4;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void several_threads_may_close_at_once(boolean virtual) throws Exception {
        try (var executor = virtual
                ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int round = 0; round < 25; round++) {
                Child child = sh("exec cat <&3 >/dev/null").spawn();
                var start = new CountDownLatch(1);
                var closers = new ArrayList<Future<?>>();
                for (int i = 0; i < CLOSERS; i++) {
                    closers.add(executor.submit(() -> {
                        start.await();
                        child.close();
                        assertThat(child.isAlive()).isFalse();
                        return true;
                    }));
                }
                start.countDown();
                for (Future<?> closer : closers) {
                    assertThat(closer.get()).isEqualTo(true);
                }
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            }
        }
    }

    @Test
    void the_reaper_is_in_no_native_call_while_there_is_no_child() throws Exception {
        try (Child child = Command.of("true").spawn()) {
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }

        Await.until(() -> !isReaperRunning(), Duration.ofSeconds(10)); // it waits, or has ended
    }

    private static boolean isReaperRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dyad-reaper"))
                .anyMatch(thread -> thread.getState() == Thread.State.RUNNABLE);
    }

    @Test
    void close_after_the_socket_was_closed_still_ends_the_child() throws Exception {
        Child child = sh("exec cat <&3 >/dev/null").spawn();
        child.socket().close();

        child.close();
        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void the_socket_may_be_closed_while_the_child_is() throws Exception {
        for (int round = 0; round < 200; round++) {
            Child child = sh("exec cat <&3 >/dev/null").spawn();
            var ready = new AtomicInteger();
            var closing = new FutureTask<>(() -> {
                meet(ready);
                child.socket().close();
                return true;
            });
            Thread closer = Thread.ofPlatform().start(closing);

            meet(ready);
            child.close();

            assertThat(closing.get()).isTrue();
            closer.join();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_interrupted_thread_closes_without_patience(boolean virtual) throws Exception {
        Child child = sh("exec sleep 600").spawn();
        var closing = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            child.close();
            return Thread.interrupted();
        });

        (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(closing);

        assertThat(closing.get()).isTrue();
        // SIGTERM would have ended it as well
        assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
        assertThat(child.socket().isOpen()).isFalse();
    }

    @Test
    void an_interrupt_ends_the_patience_of_a_close() throws Exception {
        Child child = sh("trap '' TERM; echo ready >&3; exec sleep 600").spawn();
        assertThat(child.socket().read(ByteBuffer.allocate(16))).isEqualTo(6);
        var closing = new FutureTask<>(() -> {
            child.close();
            return Thread.interrupted();
        });
        Thread closer = Thread.ofPlatform().start(closing);
        Await.until(() -> closer.getState() == Thread.State.TIMED_WAITING, Duration.ofSeconds(10));

        closer.interrupt();

        assertThat(closing.get()).isTrue();
        assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_interrupt_ends_a_wait_and_nothing_else(boolean virtual) throws Exception {
        try (Child child = sh("read line <&3").spawn()) {
            var waiting = new FutureTask<>(child::waitFor);
            var limited = new FutureTask<>(() -> child.waitFor(Deadline.after(Duration.ofMinutes(1))));
            for (FutureTask<Exit> wait : List.of(waiting, limited)) {
                Thread thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(wait);
                Await.until(() -> isParked(thread), Duration.ofSeconds(10));

                thread.interrupt();

                assertThatThrownBy(wait::get).hasCauseInstanceOf(InterruptedException.class);
            }
            assertThat(child.isAlive()).isTrue();
            assertThat(child.socket().isOpen()).isTrue();
        }
    }

    @Test
    void what_depends_on_an_exit_does_not_keep_others_from_being_reaped() throws Exception {
        var thread = new AtomicReference<>("");
        var entered = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (Child first = sh("read line <&3").spawn();
                Child second = sh("read line <&3").spawn()) {
            var dependent = first.onExit().thenAccept(_ -> {
                thread.set(Thread.currentThread().getName());
                entered.countDown();
                Await.latch(go);
            });
            first.socket().shutdownOutput();
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

            second.socket().shutdownOutput();

            assertThat(second.waitFor(Deadline.after(Duration.ofSeconds(10)))).isEqualTo(new Exit.Exited(1));
            assertThat(thread.get()).isEqualTo("dyad-exits");
            go.countDown();
            dependent.join();
        } finally {
            go.countDown();
        }
    }

    @Test
    void dependents_that_block_keep_no_other_exit_from_being_told_however_many_they_are() throws Exception {
        var blocked = new CountDownLatch(300);
        var release = new CountDownLatch(1);
        try (Child first = sh("read line <&3").spawn(); // or a dependent could be run by this thread
                Child second = sh("exit 8").spawn()) {
            for (long i = blocked.getCount(); i > 0; i--) {
                var _ = first.onExit().thenRun(() -> {
                    blocked.countDown();
                    Await.latch(release);
                });
            }
            first.socket().shutdownOutput();
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(second.onExit().get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(8));
        } finally {
            release.countDown();
        }
    }

    @Test
    void completing_or_cancelling_the_future_keeps_nobody_from_the_exit() throws Exception {
        try (Child child = sh("read line <&3; exit 5").spawn()) {
            assertThat(child.onExit().cancel(true)).isTrue();
            assertThat(child.onExit().complete(new Exit.Exited(99))).isTrue();
            assertThat(child.isAlive()).isTrue();

            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(5));
        }
    }

    @Test
    void a_wait_that_ends_when_the_child_does_loses_no_exit() throws Exception {
        for (int round = 0; round < 200; round++) {
            try (Child child = Command.of("true").spawn()) {
                int micros = round * 10; // some of them about as long as the child lives

                try {
                    assertThat(child.waitFor(Deadline.after(Duration.of(micros, ChronoUnit.MICROS))))
                            .isEqualTo(new Exit.Exited(0));
                } catch (TimeoutException notYet) {
                    assertThat(child.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(0));
                }
            }
        }
    }

    @Test
    void what_depends_on_an_exit_that_nobody_knows_does_not_run_on_the_reaper() throws Exception {
        var holds = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        try (Child other = sh("read line <&3").spawn();
                Child child = sh("read line <&3").spawn()) {
            var thread = child.onExit()
                    .handle((exit, failure) -> Thread.currentThread().getName());
            other.whenEnded(
                    () -> { // on the reaper's thread
                        holds.countDown();
                        Await.latch(goesOn);
                    });
            other.socket().shutdownOutput();
            holds.await();
            try {
                child.socket().shutdownOutput();
                takeExit(child.pid());
            } finally {
                goesOn.countDown();
            }

            assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("dyad-exits");
            assertThatThrownBy(child::waitFor).isInstanceOf(SystemCallException.class);
        }
    }

    private static void takeExit(long pid) {
        try (var call = CallState.open()) {
            var status = call.allocate(ValueLayout.JAVA_INT);
            var usage = call.allocate(Rusage.LAYOUT);
            int number = Math.toIntExact(pid);
            assertThat(CallState.retry(() -> Platforms.current().takeExit(call, number, status, 0, usage)))
                    .isEqualTo(number);
        }
    }

    @Test
    void any_number_of_threads_may_wait() throws Exception {
        try (Child child = sh("read line <&3; exit 5").spawn()) {
            var waits = new ArrayList<FutureTask<Exit>>();
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                for (int i = 0; i < 3; i++) {
                    var wait = new FutureTask<>(child::waitFor);
                    waits.add(wait);
                    Thread thread = kind.start(wait);
                    Await.until(() -> isParked(thread), Duration.ofSeconds(10));
                }
            }

            child.socket().shutdownOutput();

            for (FutureTask<Exit> wait : waits) {
                assertThat(wait.get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(5));
            }
        }
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    /// Lets two threads go on at the same moment, closer together than one that parks can.
    private static void meet(AtomicInteger ready) {
        ready.incrementAndGet();
        while (ready.get() < 2) {
            Thread.onSpinWait();
        }
    }
}
