package dev.dyad.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.util.EnumSet;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// Whatever ends a select ends it, on the brink of its wait too.
public final class SelectStress {

    private SelectStress() {}

    /// An end in a selector, and how a select comes out.
    static class Selecting extends StressedPair {
        final SocketSelector selector;

        Selecting() {
            try {
                selector = SocketSelector.open();
                var _ = selector.register(pair.left(), EnumSet.of(Readiness.READ), null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        final String select() {
            long start = System.nanoTime();
            try {
                int ready = selector.select(_ -> {}, Deadline.after(PATIENCE));
                return System.nanoTime() - start > PATIENCE.toNanos() ? "lost" : Integer.toString(ready);
            } catch (ClosedSelectorException e) {
                return "closed";
            } catch (IOException e) {
                return e.toString();
            }
        }

        final String selectOnVirtualThread() {
            return onVirtualThread(this::select);
        }

        final void closeAll() {
            end(selector::close);
            close();
        }
    }

    /// What is written ends the select.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndWrite extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = select();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().write(ByteBuffer.allocate(1)));
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// What is written ends the select.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndWriteOnVirtualThread extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = selectOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().write(ByteBuffer.allocate(1)));
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// A wake-up ends the select.
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndWakeup extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = select();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            selector.wakeup();
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// A wake-up ends the select.
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndWakeupOnVirtualThread extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = selectOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            selector.wakeup();
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// The peer's close ends the select.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndPeerClose extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = select();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().close());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// The peer's close ends the select.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndPeerCloseOnVirtualThread extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = selectOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            end(() -> pair.right().close());
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// A close of the selector ends the select.
    @JCStressTest
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndClose extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = select();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            selector.close();
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }

    /// A close of the selector ends the select.
    @JCStressTest
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class SelectAndCloseOnVirtualThread extends Selecting {
        /// Waits.
        @Actor
        public void waiter(L_Result result) {
            result.r1 = selectOnVirtualThread();
        }

        /// Ends the wait.
        @Actor
        public void waker() {
            selector.close();
        }

        /// Leaves nothing open.
        @Arbiter
        public void tidy(L_Result result) {
            closeAll();
        }
    }
}
