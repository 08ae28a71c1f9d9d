package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.harness.Await;
import dev.dyad.harness.TestLength;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A pool of a random plan, which callers ask at random while it is harmed at random.
final class RandomPool {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int A_WHILE = 50_000_000; // nanoseconds
    private static final int UNBOUNDED = 1 << 20;

    private final Random random;
    private final RandomWorker worker;
    private final MarkedProcesses processes;
    private final PoolLedger ledger = new PoolLedger();
    private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
    private final Path begun;
    private final int callers;
    private final int requestsOfACaller;
    private final int queue;
    private final int askedAgain;
    private final RandomHarm.End end;

    /// @param seed makes all that is random, but for the order in which threads come to run
    /// @param folder where what must be compiled is, and what workers write down goes
    RandomPool(long seed, Path folder) throws IOException {
        random = new Random(seed);
        worker = chosen();
        processes = new MarkedProcesses(
                Long.toHexString(seed) + "-" + ProcessHandle.current().pid());
        begun = Files.createTempFile(folder, "begun", "");
        callers = 1 + random.nextInt(8);
        requestsOfACaller = 10 + random.nextInt(100);
        queue = random.nextInt(4) == 0 ? random.nextInt(10) : UNBOUNDED;
        askedAgain = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
        end = random.nextInt(3) > 0
                ? RandomHarm.End.LAST
                : random.nextBoolean() ? RandomHarm.End.DRAINED : RandomHarm.End.CLOSED;
    }

    /// One in Java takes its time to start.
    private RandomWorker chosen() {
        return switch (random.nextInt(12)) {
            case 0 -> RandomWorker.JAVA;
            case 1 -> RandomWorker.JAVA_NUMBERED;
            case 2, 3, 4 -> RandomWorker.C;
            case 5, 6, 7, 8 -> RandomWorker.PYTHON;
            default -> RandomWorker.PYTHON_NUMBERED;
        };
    }

    RandomWorker worker() {
        return worker;
    }

    PoolLedger ledger() {
        return ledger;
    }

    MarkedProcesses processes() {
        return processes;
    }

    int requestsOfACaller() {
        return requestsOfACaller;
    }

    int askedAgain() {
        return askedAgain;
    }

    RandomHarm.End end() {
        return end;
    }

    /// Whether there may be a reason to refuse a request.
    boolean mayRefuse() {
        return queue < UNBOUNDED || end != RandomHarm.End.LAST;
    }

    private WorkerPlan plan(Path folder) throws Exception {
        List<Command> commands = new ArrayList<>();
        int least = 1 + random.nextInt(3);
        for (int i = 0; i < 1 + random.nextInt(least); i++) {
            Command command = processes
                    .mark(worker.command(folder, begun))
                    .processGroup()
                    .stdout(Stdio.ignore())
                    .stderr(Stdio.lastLines(3))
                    .patience(Duration.ofMillis(random.nextInt(300)), Duration.ofMillis(random.nextInt(300)));
            commands.add(command);
        }
        WorkerPlan plan = WorkerPlan.of(commands)
                .exchange(worker.exchange())
                .workers(least, least + random.nextInt(3))
                .spares(random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0)
                .queue(queue)
                .askAgain(askedAgain)
                .giveUpAfter(2 + random.nextInt(5))
                .onEvent(events::add);
        if (worker.exchange() == Exchange.NUMBERED) {
            plan = plan.atOnce(1 + random.nextInt(2 * RandomWorker.AT_ONCE));
        }
        if (random.nextBoolean()) {
            plan = plan.readyBy(Duration.ofSeconds(20), US_ASCII.encode(RandomWorker.FIRST));
        }
        if (random.nextInt(3) == 0) {
            plan = plan.recycleAfter(1 + random.nextInt(50));
        }
        if (random.nextInt(4) == 0) {
            plan = plan.recycleAfter(Duration.ofMillis(100 + random.nextInt(1_000)));
        }
        return random.nextInt(4) == 0 ? plan.recycleAbove(20L << 20) : plan;
    }

    /// Asks it, harms it and ends it.
    ///
    /// @return what is wrong
    List<String> run(Path folder) throws Exception {
        var threads = random.nextBoolean()
                ? Thread.ofPlatform().factory()
                : Thread.ofVirtual().factory();
        try (Workers workers = plan(folder).start();
                ExecutorService asking = Executors.newThreadPerTaskExecutor(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                running.add(asking.submit(new RandomCaller(this, workers, "k" + i, random.nextLong())));
            }
            try (var harm = new RandomHarm(this, workers, random.nextLong())) {
                harm.begin();
                awaitAll(running, workers, asking);
            }
            if (end == RandomHarm.End.LAST) {
                requireHealth(workers);
            }
        }
        requireNothingLeft();
        List<String> complaints = ledger.complaints(worker.writesDownWhatItBegins() ? begun : null, askedAgain);
        Files.delete(begun);
        return complaints;
    }

    private void awaitAll(List<Future<?>> running, Workers workers, ExecutorService asking) throws Exception {
        for (Future<?> each : running) {
            try {
                Object _ = each.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                ledger.complain("a caller hangs; waiting %d, %s".formatted(workers.waiting(), workers.workers()));
                workers.close();
                asking.shutdownNow();
            }
        }
    }

    /// After all that it answers again, and counts no request that has ended.
    private void requireHealth(Workers workers) throws IOException {
        long begin = System.nanoTime();
        boolean isAnswered = false;
        while (!isAnswered && System.nanoTime() - begin < PATIENCE.toNanos()) {
            try {
                isAnswered = workers.call(US_ASCII.encode(RandomWorker.FIRST), Deadline.after(PATIENCE))
                        .hasRemaining();
            } catch (RequestFailedException e) {
                // one that was harmed before
            }
        }
        if (!isAnswered) {
            ledger.complain("it does not recover: " + workers.workers());
        }
        if (workers.waiting() != 0) {
            ledger.complain("%d wait, though all have ended".formatted(workers.waiting()));
        }
        try {
            Await.until(() -> workers.workers().stream().allMatch(each -> each.underWay() == 0), PATIENCE);
            if (TestLength.current() == TestLength.LONG) { // a pause before a start is half a minute long at most
                Await.until(
                        () -> workers.workers().stream().allMatch(each -> each.state() == Worker.State.READY),
                        PATIENCE);
            }
        } catch (AssertionError e) {
            ledger.complain("it does not come to rest: " + workers.workers());
        }
    }

    /// What a worker has started itself ends a little later, where its worker did not live to be ended.
    private void requireNothingLeft() throws IOException {
        long begin = System.nanoTime();
        while (!processes.all().isEmpty() && System.nanoTime() - begin < PATIENCE.toNanos()) {
            LockSupport.parkNanos(A_WHILE);
        }
        for (long pid : processes.all()) {
            ledger.complain("process %d is left: %s"
                    .formatted(
                            pid, ProcessHandle.of(pid).map(ProcessHandle::info).orElse(null)));
            processes.signal(pid, Signal.KILL);
        }
    }

    /// Returns how it was made, and what has happened.
    @Override
    public String toString() {
        return "%s, %d callers, %d requests each, queue %d, end %s: %s, %d events"
                .formatted(worker, callers, requestsOfACaller, queue, end, ledger.tally(), events.size());
    }

    /// Returns how requests have ended.
    Map<String, Integer> tally() {
        return ledger.tally();
    }
}
