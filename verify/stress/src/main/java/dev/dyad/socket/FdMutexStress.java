package dev.dyad.socket;

import dev.dyad.socket.fd.FdMutex;
import java.nio.channels.ClosedChannelException;
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

/// A descriptor is closed once, and never while a call uses it.
public final class FdMutexStress {

    private static final int FD = 7;

    private FdMutexStress() {}

    /// A descriptor that knows how often it was closed, and whether somebody was using it then.
    static class Watched {
        private volatile boolean inUse;
        private volatile boolean alsoInUse;
        final AtomicInteger closings = new AtomicInteger();
        volatile int closedInUse;
        final FdMutex fd = new FdMutex(FD, this::close);

        private void close(int raw) {
            closings.incrementAndGet();
            if (inUse || alsoInUse) {
                closedInUse = 1;
            }
        }

        int use() {
            try {
                int _ = fd.acquire();
            } catch (ClosedChannelException e) {
                return 0;
            }
            inUse = true;
            inUse = false;
            fd.release();
            return 1;
        }

        int useAsWell() {
            try {
                int _ = fd.acquire();
            } catch (ClosedChannelException e) {
                return 0;
            }
            alsoInUse = true;
            alsoInUse = false;
            fd.release();
            return 1;
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
            result.r1 = use();
        }

        /// A close.
        @Actor
        public void closer(IIII_Result result) {
            result.r2 = fd.close() ? 1 : 0;
        }

        /// What came of it.
        @Arbiter
        public void look(IIII_Result result) {
            result.r3 = closings.get();
            result.r4 = closedInUse;
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
            result.r1 = use();
        }

        /// Another call.
        @Actor
        public void otherUser(IIII_Result result) {
            result.r2 = useAsWell();
        }

        /// A close.
        @Actor
        public void closer() {
            boolean _ = fd.close();
        }

        /// What came of it.
        @Arbiter
        public void look(IIII_Result result) {
            result.r3 = closings.get();
            result.r4 = closedInUse;
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
            result.r3 = closings.get();
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
            result.r2 = closings.get();
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
            result.r2 = closings.get();
        }
    }
}
