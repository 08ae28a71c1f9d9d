package dev.dyad.socket;

import dev.dyad.socket.fd.FdDirection;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// A descriptor that its directions keep from call to call is closed once, and never while one uses it.
public final class KeptFdStress {

    private static final int FD = 7;

    private KeptFdStress() {}

    /// Two directions, and their descriptor, which knows how often it was closed and whether it was in use then.
    static class Watched {
        private final AtomicInteger inUse = new AtomicInteger();
        private final AtomicInteger closings = new AtomicInteger();
        private volatile int closedInUse;
        private final FdMutex fd = new FdMutex(FD, this::closed);
        final FdDirection reading = new FdDirection(fd, false);
        final FdDirection writing = new FdDirection(fd, true);

        private void closed(int raw) {
            closings.incrementAndGet();
            if (inUse.get() > 0) {
                closedInUse = 1;
            }
        }

        /// Makes two calls, the second of which finds the descriptor kept.
        final void use(FdDirection direction) {
            call(direction);
            call(direction);
        }

        private void call(FdDirection direction) {
            try {
                direction.enter(TimeLimit.of(Deadline.never()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try {
                int _ = direction.keep();
                inUse.incrementAndGet();
                inUse.decrementAndGet();
            } catch (ClosedChannelException refused) {
                return;
            } finally {
                direction.leave();
            }
        }

        final void close() {
            boolean _ = fd.close();
            reading.release();
            writing.release();
        }

        final void look(II_Result result) {
            result.r1 = closings.get();
            result.r2 = closedInUse;
        }
    }

    /// Calls of one thread against a close.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed once, and not in use")
    @State
    public static class Close extends Watched {
        /// Calls.
        @Actor
        public void user() {
            use(reading);
        }

        /// A close.
        @Actor
        public void closer() {
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            look(result);
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
            use(reading);
        }

        /// More calls, and a close.
        @Actor
        public void closer() {
            use(reading);
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            look(result);
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
            use(reading);
        }

        /// Calls the other way, and a close.
        @Actor
        public void closer() {
            use(writing);
            close();
        }

        /// What came of it.
        @Arbiter
        public void arbiter(II_Result result) {
            look(result);
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
            use(reading);
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
            look(result);
        }
    }

    /// A call that waits for nothing, not even for its turn, against a close: that takes no turn from it.
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "read what was there")
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "refused")
    @State
    public static class CloseAndTry extends WaitStress.Pair {
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
