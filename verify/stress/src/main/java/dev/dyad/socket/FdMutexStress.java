package dev.dyad.socket;

import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.FdWaitStrategy;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// A descriptor is closed once, and never while a call uses it; one call at a time has the turn of a direction.
public final class FdMutexStress {

    private static final int FD = 7;

    private FdMutexStress() {}

    /// A descriptor with its two directions, which knows how often it was closed, and whether a call was
    /// using it then.
    static class Watched {
        private final AtomicInteger inUse = new AtomicInteger();
        private final AtomicInteger closings = new AtomicInteger();
        private volatile int closedInUse;
        final FdMutex fd = new FdMutex(FD, this::closed);
        final Direction reading = new Direction(fd, FdMutex.Turn.READING, FdWaitStrategy::of);
        final Direction writing = new Direction(fd, FdMutex.Turn.WRITING, FdWaitStrategy::of);

        private void closed(int raw) {
            closings.incrementAndGet();
            if (inUse.get() > 0) {
                closedInUse = 1;
            }
        }

        private int use() {
            inUse.incrementAndGet();
            inUse.decrementAndGet();
            return 1;
        }

        /// Makes a call that has nothing to wait for.
        ///
        /// @return whether it was not refused
        final int call() {
            try {
                int _ = fd.acquire();
            } catch (ClosedChannelException e) {
                return 0;
            }
            int used = use();
            fd.release();
            return used;
        }

        /// Makes a call in its turn.
        ///
        /// @return whether it was not refused
        final int call(Direction direction) {
            return call(direction, Deadline.never());
        }

        /// Makes a call in its turn, for which it waits until then.
        ///
        /// @return whether it was not refused
        final int call(Direction direction, Deadline deadline) {
            if (direction.enter(TimeLimit.of(deadline), Interrupts.CLOSE) < 0) {
                return 0;
            }
            int used = use();
            direction.leave();
            return used;
        }

        final void close() {
            boolean _ = fd.close();
        }

        final int closings() {
            return closings.get();
        }

        final int closedInUse() {
            return closedInUse;
        }

        final void tell(II_Result result) {
            result.r1 = closings.get();
            result.r2 = closedInUse;
        }
    }

    /// A call against a close: used or refused, closed once, and not while it was used.
    @JCStressTest
    @Outcome(
            id = {"1, 1, 1, 0", "0, 1, 1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "closed once, and not in use")
    @State
    public static class Close extends Watched {
        /// A call.
        @Actor
        public void user(IIII_Result result) {
            result.r1 = call();
        }

        /// A close.
        @Actor
        public void closer(IIII_Result result) {
            result.r2 = fd.close() ? 1 : 0;
        }

        /// What came of it.
        @Arbiter
        public void look(IIII_Result result) {
            result.r3 = closings();
            result.r4 = closedInUse();
        }
    }

    /// Two calls against a close.
    @JCStressTest
    @Outcome(id = "., ., 1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class CloseOfTwo extends Watched {
        /// A call.
        @Actor
        public void user(IIII_Result result) {
            result.r1 = call();
        }

        /// Another call.
        @Actor
        public void otherUser(IIII_Result result) {
            result.r2 = call();
        }

        /// A close.
        @Actor
        public void closer() {
            boolean _ = fd.close();
        }

        /// What came of it.
        @Arbiter
        public void look(IIII_Result result) {
            result.r3 = closings();
            result.r4 = closedInUse();
        }
    }

    /// Two closes: one of them is told that it was the one.
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "0, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "closed once")
    @State
    public static class TwoCloses extends Watched {
        /// A close.
        @Actor
        public void closer(III_Result result) {
            result.r1 = fd.close() ? 1 : 0;
        }

        /// Another close.
        @Actor
        public void otherCloser(III_Result result) {
            result.r2 = fd.close() ? 1 : 0;
        }

        /// What came of it.
        @Arbiter
        public void look(III_Result result) {
            result.r3 = closings();
        }
    }

    /// A close against the giving away of the number: one of the two has it.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "given away, and not closed")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "closed, and not given away")
    @State
    public static class Giving extends Watched {
        /// Gives the number away.
        @Actor
        public void giver(II_Result result) {
            try {
                int _ = fd.give();
                fd.given();
                result.r1 = 1;
            } catch (ClosedChannelException e) {
                result.r1 = 0;
            }
        }

        /// A close.
        @Actor
        public void closer() {
            boolean _ = fd.close();
        }

        /// What came of it.
        @Arbiter
        public void look(II_Result result) {
            result.r2 = closings();
        }
    }

    /// A close against the giving away of a number that nobody takes: the close has effect.
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed once")
    @State
    public static class TakingBack extends Watched {
        /// Gives the number away, and takes it back.
        @Actor
        public void giver() {
            try {
                int _ = fd.give();
                fd.takeBack();
            } catch (ClosedChannelException e) {
                // closed before
            }
        }

        /// A close.
        @Actor
        public void closer(II_Result result) {
            result.r1 = fd.close() ? 1 : 0;
        }

        /// What came of it.
        @Arbiter
        public void look(II_Result result) {
            result.r2 = closings();
        }
    }

    /// A call in its turn against a close.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class CloseOfTurn extends Watched {
        /// Calls.
        @Actor
        public void user() {
            int _ = call(reading) + call(reading);
        }

        /// A close.
        @Actor
        public void closer() {
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            tell(result);
        }
    }

    /// Calls of two threads in one direction, which wait for each other.
    @JCStressTest
    @Outcome(id = "2, 2, 0, 0", expect = Expect.ACCEPTABLE, desc = "each had its turn, alone")
    @State
    public static class Turns extends Watched {
        private int inside; // of the thread that has the turn
        private int together;

        private int callAlone() {
            if (reading.enter(TimeLimit.of(Deadline.never()), Interrupts.CLOSE) < 0) {
                return 0;
            }
            together += ++inside - 1;
            inside--;
            reading.leave();
            return 1;
        }

        /// Calls.
        @Actor
        public void user(IIII_Result result) {
            result.r1 = callAlone() + callAlone();
        }

        /// More calls.
        @Actor
        public void other(IIII_Result result) {
            result.r2 = callAlone() + callAlone();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(IIII_Result result) {
            result.r3 = together;
            result.r4 = closings();
        }
    }

    /// Calls of two threads in one direction, one of which waits for no more than a moment; then a third
    /// finds its turn.
    @JCStressTest
    @Outcome(id = "1, ., 1", expect = Expect.ACCEPTABLE, desc = "no turn was lost")
    @State
    public static class TurnWithDeadline extends Watched {
        /// A call.
        @Actor
        public void user(III_Result result) {
            result.r1 = call(reading);
        }

        /// A call that gives up.
        @Actor
        public void hasty(III_Result result) {
            result.r2 = call(reading, Deadline.after(Duration.ofNanos(1000)));
        }

        /// Another call.
        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = call(reading);
        }
    }

    /// Calls of two threads in one direction, which wait for each other, and a close by one of them.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class CloseWithQueue extends Watched {
        /// Calls.
        @Actor
        public void user() {
            int _ = call(reading) + call(reading);
        }

        /// More calls, and a close.
        @Actor
        public void closer() {
            int _ = call(reading) + call(reading);
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            tell(result);
        }
    }

    /// A call whose turn it is while another thread has it, against the close: it is woken and refused.
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "woken by the close, and closed once")
    @State
    public static class CloseWakesTheQueue extends Watched {
        /// Has the turn as from the start, and for good.
        public CloseWakesTheQueue() {
            int _ = reading.tryEnter();
        }

        /// A call, whose turn does not come.
        @Actor
        public void user(II_Result result) {
            result.r1 = call(reading);
        }

        /// A close.
        @Actor
        public void closer() {
            close();
        }

        /// What came of it once the first one has left.
        @Arbiter
        public void arbiter(II_Result result) {
            reading.leave();
            result.r2 = closings();
        }
    }

    /// Calls in both directions, and a close by one of their threads.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class CloseOfBoth extends Watched {
        /// Calls.
        @Actor
        public void reader() {
            int _ = call(reading) + call(reading);
        }

        /// Calls the other way, and a close.
        @Actor
        public void closer() {
            int _ = call(writing) + call(writing);
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            tell(result);
        }
    }

    /// A call against somebody who waits until nobody is in it any more, after the close.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class CloseAndAwaitEmpty extends Watched {
        /// Calls.
        @Actor
        public void user() {
            int _ = call(reading) + call(reading);
        }

        /// A close, which then waits.
        @Actor
        public void closer() {
            close();
            boolean _ = BoundedWait.await(() -> reading.isEmpty() && writing.isEmpty(), Long.MAX_VALUE);
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            tell(result);
        }
    }

    /// A call that waits for nothing, not even for its turn, against a close: that takes no turn from it.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "read what was there")
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "refused")
    @State
    public static class CloseAndTry extends StressedPair {
        /// Makes both ends keep their descriptors, and leaves something to read.
        public CloseAndTry() {
            end(() -> pair.right().write(ByteBuffer.allocate(2)));
            end(() -> pair.left().read(ByteBuffer.allocate(1)));
        }

        /// Reads.
        @Actor
        public void reader(L_Result result) {
            try {
                result.r1 = Integer.toString(pair.left().tryRead(ByteBuffer.allocate(1)));
            } catch (ClosedChannelException e) {
                result.r1 = "closed";
            } catch (IOException e) {
                result.r1 = e.toString();
            }
        }

        /// A close.
        @Actor
        public void closer() {
            end(() -> pair.left().close());
        }

        /// Closes the rest.
        @Arbiter
        public void arbiter(L_Result result) {
            close();
        }
    }
}
