package dev.dyad.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Supplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// No wake-up is lost: whatever ends a wait ends it, on the brink of it too.
public final class WaitStress {

    private static final Duration PATIENCE = Duration.ofSeconds(10); // what is lost becomes a result, not a hang

    private WaitStress() {}

    /// A pair, and how a call on one of its ends comes out.
    static class Pair {
        final SocketPair<StreamSocket> pair;

        Pair() {
            try {
                pair = SocketPair.stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        final String read() {
            return outcome(() -> pair.left().read(ByteBuffer.allocate(1), Deadline.after(PATIENCE)));
        }

        /// Writes more than there is room for.
        final String write() {
            return outcome(() -> pair.left().write(ByteBuffer.allocate(1 << 20), Deadline.after(PATIENCE)));
        }

        final String readOnVirtualThread() {
            return onVirtualThread(this::read);
        }

        final String writeOnVirtualThread() {
            return onVirtualThread(this::write);
        }

        final void close() {
            try {
                pair.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void end(Call call) {
            try {
                call.make();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static String onVirtualThread(Supplier<String> call) {
            var outcome = new String[1];
            try {
                Thread.ofVirtual().start(() -> outcome[0] = call.get()).join();
            } catch (InterruptedException e) {
                return "interrupted";
            }
            return outcome[0];
        }

        @FunctionalInterface
        interface Call {
            void make() throws IOException;
        }

        @FunctionalInterface
        interface Waiting {
            int make() throws IOException;
        }

        static String outcome(Waiting call) {
            try {
                return Integer.toString(call.make());
            } catch (SocketTimeoutException e) {
                return "lost";
            } catch (AsynchronousCloseException e) {
                return "closed meanwhile";
            } catch (ClosedChannelException e) {
                return "closed";
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    /// What is written wakes the reader.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class ReadAndWrite extends Pair {
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
    public static class ReadAndWriteOnVirtualThread extends Pair {
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
    public static class ReadAndPeerClose extends Pair {
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
    public static class ReadAndPeerCloseOnVirtualThread extends Pair {
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
    public static class ReadAndClose extends Pair {
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
    public static class ReadAndCloseOnVirtualThread extends Pair {
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
    public static class ReadAndShutdown extends Pair {
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
    public static class ReadAndShutdownOnVirtualThread extends Pair {
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
    public static class WriteAndClose extends Pair {
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
    public static class WriteAndCloseOnVirtualThread extends Pair {
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
    public static class WriteAndShutdown extends Pair {
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
    public static class WriteAndShutdownOnVirtualThread extends Pair {
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
