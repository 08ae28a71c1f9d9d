package dev.dyad.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// No signal comes too early for a thread that is about to block in the kernel, without a deadline.
public final class BlockedStress {

    private static final ScheduledExecutorService RESCUE = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    private BlockedStress() {}

    /// A pair, and how a read of one of its ends comes out that has no deadline.
    static class Blocked extends StressedPair {
        private static final byte RESCUED = 7;
        private static final int LOST = -7;

        final String readBlocked() {
            Future<?> rescue = RESCUE.schedule(this::rescue, PATIENCE.toSeconds(), TimeUnit.SECONDS);
            try {
                return outcome(this::readOne);
            } finally {
                boolean _ = rescue.cancel(false);
            }
        }

        private int readOne() throws IOException {
            var one = ByteBuffer.allocate(1);
            int count = pair.left().read(one);
            return count == 1 && one.get(0) == RESCUED ? LOST : count;
        }

        private int rescue() throws IOException {
            return pair.right().write(ByteBuffer.wrap(new byte[] {RESCUED}));
        }
    }

    /// What is written wakes the reader.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndWrite extends Blocked {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readBlocked();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().write(ByteBuffer.allocate(1)));
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }

    /// A close wakes the reader.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class ReadAndClose extends Blocked {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readBlocked();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.left().close());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }

    /// Half a close wakes the reader.
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndShutdown extends Blocked {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readBlocked();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.left().shutdownInput());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }

    /// A refusal of all waits ends this one, whichever comes first.
    @JCStressTest
    @Outcome(id = "java.io.IOException: refused", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndEndOfWaiting extends Blocked {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readBlocked();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            pair.left().endWaiting(Deadline.after(Duration.ZERO), () -> new IOException("refused"));
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }
}
