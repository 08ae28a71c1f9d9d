package dev.dyad.socket;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// No wake-up is lost: whatever ends a wait ends it, on the brink of it too.
public final class WaitStress {

    private WaitStress() {}

    /// What is written wakes the reader.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndWrite extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = read();
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

    /// What is written wakes the reader.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndWriteOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readOnVirtualThread();
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

    /// The peer's close wakes the reader.
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndPeerClose extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = read();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().close());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }

    /// The peer's close wakes the reader.
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndPeerCloseOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().close());
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
    public static class ReadAndClose extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = read();
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

    /// A close wakes the reader.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class ReadAndCloseOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readOnVirtualThread();
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
    public static class ReadAndShutdown extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = read();
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

    /// Half a close wakes the reader.
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndShutdownOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = readOnVirtualThread();
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

    /// A close wakes the writer.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class WriteAndClose extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = write();
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

    /// A close wakes the writer.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class WriteAndCloseOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = writeOnVirtualThread();
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

    /// Half a close wakes the writer.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class WriteAndShutdown extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = write();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.left().shutdownOutput());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }

    /// Half a close wakes the writer.
    @JCStressTest
    @Outcome(
            id = {"closed meanwhile", "closed"},
            expect = Expect.ACCEPTABLE,
            desc = "woken")
    @State
    public static class WriteAndShutdownOnVirtualThread extends StressedPair {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = writeOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.left().shutdownOutput());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            close();
        }
    }
}
