package dev.dyad.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Kills the worker of a pool that has a request: prints after how many milliseconds that has failed, and after how
/// many there is a successor that has answered, in 99 of 100 tries.
public final class WorkerDeaths {

    /// The request has failed.
    static final String FAILED = "failed";
    /// Requests are given to the successor.
    static final String READY = "ready";

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 100_000;
    private static final int WARM_UP = 4; // times fewer

    private final Workers workers;
    private final Histogram failed = new Histogram(3);
    private final Histogram ready = new Histogram(3);

    private WorkerDeaths(Workers workers) {
        this.workers = workers;
    }

    /// When it was found out what a kill did, in nanoseconds.
    private record Seen(long failed, long ready) {}

    /// Measures.
    ///
    /// @param arguments how many workers are killed, and the program that they are
    public static void main(String[] arguments) throws Exception {
        int tries = Integer.parseInt(arguments[0]);
        try (Workers workers =
                AskedWorkers.plan(Command.of(arguments[1])).workers(1).start()) {
            var deaths = new WorkerDeaths(workers);
            deaths.kill(Math.max(1, tries / WARM_UP));
            deaths.failed.reset();
            deaths.ready.reset();
            deaths.kill(tries);
            System.out.println(FAILED + "=" + deaths.failed.getValueAtPercentile(99) / 1e6);
            System.out.println(READY + "=" + deaths.ready.getValueAtPercentile(99) / 1e6);
        }
    }

    private void kill(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            kill();
        }
    }

    private void kill() throws Exception {
        var request = ByteBuffer.allocate(RoundTrip.MESSAGE);
        workers.call(request, Deadline.after(LONG)); // after a second failure in a row there would be a pause
        long pid = workers.workers().getFirst().pid();
        Programs.output(List.of("sh", "-c", "kill -STOP " + pid)); // so that it has the request when it is killed
        var task = new FutureTask<>(() -> seen(request.clear()));
        Thread asking = Thread.startVirtualThread(task);
        while (workers.workers().getFirst().state() != Worker.State.BUSY
                || asking.getState() == Thread.State.RUNNABLE) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        LockSupport.parkNanos(MILLISECONDS.toNanos(1)); // it may have been about to wait
        long killed = System.nanoTime();
        if (!ProcessHandle.of(pid).orElseThrow().destroyForcibly()) {
            throw new IOException("the worker cannot be killed");
        }
        Seen seen = task.get();
        failed.recordValue(seen.failed - killed);
        ready.recordValue(seen.ready - killed);
    }

    /// Asks the worker that is killed meanwhile.
    private Seen seen(ByteBuffer request) throws IOException, InterruptedException {
        try {
            workers.call(request, Deadline.after(LONG));
        } catch (RequestFailedException e) {
            long failed = System.nanoTime();
            if (e.why() != RequestFailedException.Why.CHANNEL_ENDED) {
                throw e;
            }
            workers.awaitReady(Deadline.after(LONG));
            return new Seen(failed, System.nanoTime());
        }
        throw new IOException("a worker that was stopped has answered");
    }
}
