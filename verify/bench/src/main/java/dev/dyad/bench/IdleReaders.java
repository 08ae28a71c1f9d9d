package dev.dyad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// A virtual thread that reads at each end of many pairs, and nothing to read: prints what they cost, and how soon the
/// last one wakes when there is something.
public final class IdleReaders {

    /// The share of one core that the process took, in percent.
    static final String CPU = "cpu";
    /// Microseconds from before the write to after the read.
    static final String P50 = "p50";
    static final String P90 = "p90";
    static final String P99 = "p99";

    private static final long SETTLING_NANOS = 1_000_000_000;
    private static final long PAUSE_NANOS = 500_000;
    private static final int WARM_UP = 10; // times as many tries: a woken thread waits for the compiler's thread, too

    private final List<Thread> readers = new ArrayList<>();
    private final Thread writer = Thread.currentThread();
    private volatile long woken;

    private IdleReaders() {}

    /// Measures.
    ///
    /// @param arguments whose pairs, how many, for how many seconds nothing happens, and how often the last wakes
    public static void main(String[] arguments) throws IOException {
        int pairs = Integer.parseInt(arguments[1]);
        int tries = Integer.parseInt(arguments[3]);
        var idle = new IdleReaders();
        ByteChannel last = idle.start(arguments[0], pairs);
        System.out.println(CPU + "=" + 100 * shareOfCore(Double.parseDouble(arguments[2])));
        Histogram _ = idle.wake(last, WARM_UP * tries);
        Histogram nanos = idle.wake(last, tries);
        System.out.println(P50 + "=" + nanos.getValueAtPercentile(50) / 1e3);
        System.out.println(P90 + "=" + nanos.getValueAtPercentile(90) / 1e3);
        System.out.println(P99 + "=" + nanos.getValueAtPercentile(99) / 1e3);
    }

    /// Returns the channel to write to for the last reader.
    private ByteChannel start(String who, int pairs) throws IOException {
        Peer.Ends last = null;
        for (int i = 0; i < pairs; i++) {
            last = PeerPairs.open(who);
            read(last.left());
            read(last.right());
        }
        readers.forEach(IdleReaders::awaitWaiting);
        if (last == null) {
            throw new IllegalArgumentException("no pairs");
        }
        return last.left();
    }

    private void read(ByteChannel end) {
        readers.add(Thread.startVirtualThread(() -> {
            var one = ByteBuffer.allocate(1);
            try {
                while (end.read(one.clear()) > 0) {
                    woken = System.nanoTime();
                    LockSupport.unpark(writer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    /// Returns the share of a core that this process takes in the next seconds: what starting took out of the collector
    /// and the compiler is over by then.
    static double shareOfCore(double seconds) throws IOException {
        System.gc();
        pause(SETTLING_NANOS);
        long start = System.nanoTime();
        long before = cpuNanos();
        pause((long) (seconds * 1e9));
        return (cpuNanos() - before) / (double) (System.nanoTime() - start);
    }

    private Histogram wake(ByteChannel end, int tries) throws IOException {
        var nanos = new Histogram(3);
        for (int i = 0; i < tries; i++) {
            awaitWaiting(readers.getLast());
            pause(PAUSE_NANOS);
            woken = 0;
            long written = System.nanoTime();
            end.write(ByteBuffer.allocate(1));
            while (woken == 0) {
                LockSupport.park(this);
            }
            nanos.recordValue(woken - written);
        }
        return nanos;
    }

    static void awaitWaiting(Thread reader) {
        while (reader.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /// All threads' time on a core, exactly: that of the process comes in hundredths of a second.
    private static long cpuNanos() throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String times = Files.readString(thread.resolve("schedstat"));
                nanos += Long.parseLong(times.substring(0, times.indexOf(' ')));
            }
        }
        return nanos;
    }
}
