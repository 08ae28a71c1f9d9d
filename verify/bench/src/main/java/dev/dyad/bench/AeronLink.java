package dev.dyad.bench;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/// Aeron's rings in shared memory, with a driver in the parent. Both sides poll all the time.
final class AeronLink implements PeerLink {

    /// With terms that fit into the 64 MiB of shared memory that a container has.
    private static final String CHANNEL = "aeron:ipc?term-length=4m|mtu=32k";

    private static final int THERE = 1; // streams
    private static final int BACK = 2;
    private static final int FRAGMENTS = 16;
    private static final long DRIVERS_PAUSE = 100_000; // nanoseconds: it does not stand between the two
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private final Driver driver;
    private final Aeron aeron;
    private final Publication there;
    private final Subscription back;
    private final JvmChild child;
    private long answers;

    private AeronLink(Driver driver, String what) throws IOException {
        this.driver = driver;
        aeron = connect(driver.folder());
        there = aeron.addExclusivePublication(CHANNEL, THERE);
        back = aeron.addSubscription(CHANNEL, BACK);
        child = new JvmChild(LinkedPeer.AERON.startChild(what, driver.folder()));
    }

    static AeronLink open(String what) throws IOException {
        Driver driver = ExitCleanup.keep(Driver::launch);
        try {
            var link = new AeronLink(driver, what);
            link.awaitChild(what.equals(ECHO));
            return link;
        } catch (IOException | RuntimeException e) {
            driver.close(); // whose threads would keep this process
            throw e;
        }
    }

    /// A driver, and its folder in shared memory, which is gone when it is closed.
    private record Driver(MediaDriver driver) implements Closeable {

        static Driver launch() {
            return new Driver(MediaDriver.launchEmbedded(new MediaDriver.Context()
                    .threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(new SleepingIdleStrategy(DRIVERS_PAUSE))
                    .dirDeleteOnStart(true)
                    .dirDeleteOnShutdown(true)));
        }

        String folder() {
            return driver.aeronDirectoryName();
        }

        @Override
        public void close() {
            driver.close();
            ExitCleanup.forget(this);
        }
    }

    private void awaitChild(boolean answers) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!there.isConnected() || (answers && !back.isConnected())) {
            if (!child.process().isAlive() || System.nanoTime() > end) {
                close();
                throw new IOException("the child did not connect to Aeron's driver");
            }
            Thread.onSpinWait();
        }
    }

    /// Is the child.
    static void serve(String directory, boolean echoes) {
        try (Aeron aeron = connect(directory);
                Subscription there = aeron.addSubscription(CHANNEL, THERE);
                Publication back = aeron.addExclusivePublication(CHANNEL, BACK)) {
            while (!there.isConnected() && !aeron.isClosed()) {
                Thread.onSpinWait();
            }
            FragmentHandler handler = (buffer, offset, length, _) -> {
                while (echoes && back.offer(buffer, offset, length) < 0 && there.isConnected()) {
                    Thread.onSpinWait();
                }
            };
            Image parent = there.imageAtIndex(0);
            while (!parent.isClosed()) {
                if (parent.poll(handler, FRAGMENTS) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Override
    public Histogram ask(double seconds) throws IOException {
        var message = new UnsafeBuffer(new byte[RoundTrip.MESSAGE]);
        var nanos = new Histogram(3);
        FragmentHandler count = (_, _, _, _) -> answers++;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long answered = System.nanoTime();
        do {
            long asked = answered;
            offer(message);
            long wanted = answers + 1;
            while (answers < wanted) {
                if (back.poll(count, 1) == 0) {
                    requireChild();
                }
            }
            answered = System.nanoTime();
            nanos.recordValue(answered - asked);
        } while (answered < end);
        return nanos;
    }

    @Override
    public double give(double seconds) throws IOException {
        var chunk = new UnsafeBuffer(new byte[CHUNK]);
        long start = System.nanoTime();
        long chunks = 0;
        double passed;
        do {
            offer(chunk);
            chunks++;
            passed = (System.nanoTime() - start) / 1e9;
        } while (passed < seconds);
        return chunks * (double) CHUNK / passed / 1e9;
    }

    @Override
    public void close() throws IOException {
        try (driver;
                aeron;
                child) {
            there.close(); // which ends the child, as long as there is a driver to tell it
        }
    }

    private static Aeron connect(String directory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory));
    }

    private void offer(UnsafeBuffer bytes) throws IOException {
        while (there.offer(bytes, 0, bytes.capacity()) < 0) {
            requireChild();
        }
    }

    private void requireChild() throws IOException {
        if (!there.isConnected()) {
            throw new IOException("the child has gone");
        }
        Thread.onSpinWait();
    }
}
