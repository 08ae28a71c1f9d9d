package dev.dyad.socket.thread;

import static dev.dyad.harness.Threads.virtually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BlockingCallsTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void calls_that_block_hold_up_no_other() throws Exception {
        var calls = new BlockingCalls("many", 8);
        var blocked = new ArrayList<FutureTask<String>>();
        for (int i = 0; i < 7; i++) {
            blocked.add(virtually(() -> calls.call(this::name)));
        }
        Await.until(() -> Threads.named("many") == 7, LONG);

        assertThat(virtually(() -> calls.call(() -> 1)).get(10, TimeUnit.SECONDS))
                .isEqualTo(1);

        done.countDown();
        for (var call : blocked) {
            assertThat(call.get()).isEqualTo("many");
        }
    }

    @Test
    void no_more_threads_are_started_than_there_may_be() throws Exception {
        var calls = new BlockingCalls("few", 2);
        var all = new ArrayList<FutureTask<String>>();
        for (int i = 0; i < 20; i++) {
            all.add(virtually(() -> calls.call(this::name)));
        }
        Await.until(() -> Threads.named("few") == 2, LONG);
        done.countDown();
        for (var call : all) {
            assertThat(call.get()).isEqualTo("few");
        }
        assertThat(Threads.named("few")).isLessThanOrEqualTo(2);
    }

    @Test
    void what_a_call_throws_is_thrown_to_its_caller_and_the_next_one_works() throws Exception {
        var calls = new BlockingCalls("failing", 1);
        for (Throwable failure :
                List.of(new IOException("1"), new IllegalStateException("2"), new OutOfMemoryError())) {
            assertThatThrownBy(() ->
                            virtually(() -> calls.call(() -> fail(failure))).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(failure);
        }
        assertThat(virtually(() -> calls.call(() -> 1)).get()).isEqualTo(1);
    }

    @Test
    void a_platform_thread_makes_its_calls_by_itself() throws Exception {
        Thread caller = Thread.currentThread();

        assertThat(new BlockingCalls("other", 1).call(Thread::currentThread)).isSameAs(caller);
    }

    @Test
    void a_thread_ends_when_there_is_no_more_to_do() throws Exception {
        var calls = new BlockingCalls("idle", 1);

        assertThat(virtually(() -> calls.call(() -> 1)).get()).isEqualTo(1);

        Await.until(() -> Threads.named("idle") == 0, LONG);
    }

    @Test
    void a_thread_that_stays_ends_when_it_is_told_to() throws Exception {
        var calls = new BlockingCalls("staying", 1);
        var leaving = new AtomicReference<Runnable>();
        Thread stays = calls.callAndStay(leave -> {
            leaving.set(leave);
            return Thread.currentThread();
        });
        assertThat(stays.join(LibraryThreads.IDLE.multipliedBy(3))).isFalse();
        assertThat(virtually(() -> calls.call(Thread::currentThread)).get()).isSameAs(stays);

        Objects.requireNonNull(leaving.get()).run();

        assertThat(stays.join(LONG)).isTrue();
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // it is to be seen that it is not handed down
    void a_thread_of_ours_takes_nothing_over_from_the_one_that_needs_it() throws Exception {
        var inherited = new InheritableThreadLocal<String>();
        var seen = new FutureTask<>(() -> List.of(
                String.valueOf(inherited.get()),
                String.valueOf(Thread.currentThread().getContextClassLoader()),
                Thread.currentThread().getPriority(),
                Thread.currentThread().isDaemon()));
        var creator = new Thread(() -> {
            inherited.set("an application's");
            Thread.currentThread().setContextClassLoader(new ClassLoader() {});
            Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
            LibraryThreads.start("of ours", seen);
        });
        creator.start();

        assertThat(seen.get()).isEqualTo(List.of("null", "null", Thread.NORM_PRIORITY, true));
        creator.join();
    }

    private String name() throws InterruptedException {
        done.await();
        return Thread.currentThread().getName();
    }

    private static int fail(Throwable failure) throws IOException {
        switch (failure) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
