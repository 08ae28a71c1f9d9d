package dev.dyad.interop;

import dev.dyad.process.Signal;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Kills, stops and continues the workers of a pool, reloads, drains and closes it, until it is closed itself.
final class RandomHarm implements Closeable {

    /// When the pool is ended.
    enum End {
        /// After all requests.
        LAST,
        /// It is drained while callers ask.
        DRAINED,
        /// It is closed while callers ask.
        CLOSED
    }

    private final RandomPool pool;
    private final Workers workers;
    private final Random random;
    private final Set<Long> stopped = new HashSet<>();
    private final List<Thread> reloading = new ArrayList<>();
    private final Thread thread;
    private final int longestPause; // in nanoseconds
    private final int ending; // after so many steps
    private volatile boolean ends;

    RandomHarm(RandomPool pool, Workers workers, long seed) {
        this.pool = pool;
        this.workers = workers;
        random = new Random(seed);
        longestPause = 10_000_000 << random.nextInt(5);
        ending = random.nextInt(60);
        thread = Thread.ofVirtual().unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        for (int steps = 0; !ends; steps++) {
            LockSupport.parkNanos(random.nextInt(longestPause));
            if (steps == ending) {
                end();
            }
            step();
        }
        continueAll();
    }

    private void end() {
        switch (pool.end()) {
            case LAST -> {}
            case DRAINED ->
                reloading.add(Thread.startVirtualThread(() -> {
                    try {
                        workers.drain(soon());
                    } catch (IOException | InterruptedException late) {
                        // as it goes
                    }
                }));
            case CLOSED -> {
                continueAll(); // or each is given its time to end
                workers.close();
            }
        }
    }

    private void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> pool.processes().signal(somePid(), Signal.KILL);
            case 3 -> {
                long pid = somePid();
                stopped.add(pid);
                pool.processes().signal(pid, Signal.STOP);
            }
            case 4, 5 -> continueAll();
            case 6 -> reload();
            default -> {} // a longer pause
        }
    }

    private long somePid() {
        var all = workers.workers();
        return all.isEmpty() ? 0 : all.get(random.nextInt(all.size())).pid();
    }

    private void continueAll() {
        stopped.forEach(pid -> pool.processes().signal(pid, Signal.CONT));
        stopped.clear();
    }

    private synchronized Deadline soon() {
        return Deadline.after(Duration.ofMillis(random.nextInt(3_000)));
    }

    private void reload() {
        Thread reload = Thread.startVirtualThread(() -> {
            try {
                workers.reload(soon());
            } catch (IOException | InterruptedException e) {
                // as it goes
            }
        });
        if (random.nextInt(3) == 0) {
            LockSupport.parkNanos(random.nextInt(longestPause));
            reload.interrupt();
        }
        reloading.add(reload);
    }

    @Override
    public void close() {
        ends = true;
        join(thread);
        reloading.forEach(RandomHarm::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
