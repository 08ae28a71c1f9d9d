package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/// Suites that run, and what came of each as soon as it is there, in their order.
final class SuiteRuns {

    private static final int AT_ONCE = 2;

    private final Function<Suite, Pace> paces;
    private final Consumer<SuiteRun> printed;
    private final Progress progress = new Progress();

    /// @param paces how long each is measured
    /// @param printed is told of each that has ended
    SuiteRuns(Function<Suite, Pace> paces, Consumer<SuiteRun> printed) {
        this.paces = paces;
        this.printed = printed;
    }

    /// Runs one after the other: each has the machine to itself.
    List<SuiteRun> inTurn(List<Suite> suites) throws IOException, InterruptedException {
        var ran = new ArrayList<SuiteRun>();
        for (Suite suite : suites) {
            ran.add(print(run(suite)));
        }
        return ran;
    }

    /// Runs two at once, which disturb each other: in less time, and for nothing but to see that they run.
    List<SuiteRun> together(List<Suite> suites) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            return inOrder(new ExecutorCompletionService<>(threads), suites);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case InterruptedException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    /// Prints each as soon as those before it have ended; the first that fails ends all.
    private List<SuiteRun> inOrder(ExecutorCompletionService<SuiteRun> ended, List<Suite> suites)
            throws InterruptedException, ExecutionException {
        List<Future<SuiteRun>> all = new ArrayList<>();
        for (Suite suite : suites) {
            all.add(ended.submit(() -> run(suite)));
        }
        var ran = new ArrayList<SuiteRun>();
        for (int i = 0; i < all.size(); i++) {
            SuiteRun _ = ended.take().get(); // or what it failed with
            while (ran.size() < all.size() && all.get(ran.size()).state() == Future.State.SUCCESS) {
                ran.add(print(all.get(ran.size()).resultNow()));
            }
        }
        return ran;
    }

    private SuiteRun print(SuiteRun run) {
        printed.accept(run);
        return run;
    }

    private SuiteRun run(Suite suite) throws IOException, InterruptedException {
        long start = System.nanoTime();
        CoreUse.Reading before = CoreUse.Reading.now();
        List<Result> results =
                MissingPeer.orRow(suite + ", the whole suite", () -> suite.run(paces.apply(suite), progress));
        CoreUse.Reading after = CoreUse.Reading.now();
        CoreUse use = before != null && after != null ? after.since(before) : null;
        return new SuiteRun(suite.toString(), (System.nanoTime() - start) / 1e9, use, results);
    }
}
