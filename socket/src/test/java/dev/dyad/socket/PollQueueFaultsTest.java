package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Faults;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.PollQueue;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The second choice of how virtual threads wait, in spite of signals.
class PollQueueFaultsTest {

    private static final Platform OS = Platforms.current();
    private static final long KEY = 4711;

    /// The wake is the second call, and the thread that waits must see what it is about.
    @Test
    void a_wake_that_a_signal_interrupts_is_made_again() throws Exception {
        try (var arena = Arena.ofShared();
                var pair = SocketPair.stream();
                BorrowedFd fd = pair.left().borrow()) {
            var state = new CallState(arena);
            var queue = new PollQueue(OS, arena, OS.openWakeDescriptor(state));
            try {
                var waiting = new FutureTask<>(() -> queue.await(-1));
                Thread thread = Thread.ofPlatform().start(waiting);
                pair.right().write(ByteBuffer.allocate(1));
                awaitPoll(thread);

                Faults.refuse(1, OS.errno("EINTR"));
                assertThat(queue.armReadable(state, fd.fd(), KEY)).isZero();
                assertThat(Faults.end()).containsExactly("fcntl", "write", "write");

                assertThat(waiting.get(10, TimeUnit.SECONDS)).isOne();
                assertThat(queue.key(0)).isEqualTo(KEY);
            } finally {
                int _ = queue.close(state);
            }
        }
    }

    /// Waits until a thread has begun a round, from when on it has to be woken.
    private static void awaitPoll(Thread thread) {
        Await.until(
                () -> Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("ppoll")),
                Duration.ofSeconds(10));
    }
}
