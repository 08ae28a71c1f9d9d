package dev.dyad.socket;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.TestLength;
import dev.dyad.posix.Faults;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Walks the calls of an operation: makes each fail, with each error that its page lists (in a short run with one of
/// them), and looks at what comes of it.
final class FaultWalk {

    private static final int PLAIN_RUNS = 7;
    private static final int TRIES = 1000; // for one that meets another call, as where a wake comes late for a while
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final List<String> POOLED =
            List.of("anon_inode:[eventfd]", "anon_inode:[eventpoll]", ".jar", ".class", "/lib/modules", "random");

    private final Operation operation;
    private final Duration limit;
    private final UnaryOperator<List<ManualErrors.Row>> errors; // which of those of a call it walks
    private final List<String> complaints = new ArrayList<>();
    private Map<Integer, String> open = open();

    private FaultWalk(Operation operation, Duration limit, UnaryOperator<List<ManualErrors.Row>> errors) {
        this.operation = operation;
        this.limit = limit;
        this.errors = errors;
    }

    /// Returns what is wrong with an operation.
    static List<String> complaintsAbout(Operation operation) throws Exception {
        return new FaultWalk(operation, LIMIT, TestLength::oneOrAll).complaints();
    }

    /// Returns what is wrong with an operation, whose calls fail with each error in a short run, too.
    ///
    /// @param limit how long one run may take
    static List<String> complaintsAbout(Operation operation, Duration limit) throws Exception {
        return new FaultWalk(operation, limit, UnaryOperator.identity()).complaints();
    }

    private List<String> complaints() throws Exception {
        walk();
        return complaints;
    }

    /// What came of one run.
    ///
    /// @param calls those that it came to
    /// @param thrown how it failed, or `null`
    /// @param hung whether it did not end
    private record Outcome(List<String> calls, @Nullable Throwable thrown, boolean hung) {}

    private void walk() throws Exception {
        Outcome _ = run("warming up", Faults::watch); // classes are loaded, and pools filled
        complaints.clear();
        List<String> calls = usualCalls();
        for (int i = 0; i < calls.size(); i++) {
            for (ManualErrors.Row row : errors.apply(ManualErrors.of(calls.get(i)))) {
                walk(calls, i, row);
            }
        }
    }

    /// Returns the calls that most runs make: whether a poller is woken, or a wake comes in time, differs.
    private List<String> usualCalls() throws Exception {
        var runs = new HashMap<List<String>, Integer>();
        for (int i = 0; i < PLAIN_RUNS; i++) {
            Outcome plain = run("without a fault", Faults::watch);
            if (plain.thrown() != null) {
                complain("without a fault", "fails: " + described(plain.thrown()));
                return List.of();
            }
            runs.merge(plain.calls(), 1, Integer::sum);
        }
        return Collections.max(runs.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private void walk(List<String> calls, int index, ManualErrors.Row row) throws Exception {
        String call = calls.get(index);
        String fault = "%s (%d of %s) fails with %s"
                .formatted(call, index + 1, calls, row.errno().name());
        for (int i = 0; i < TRIES; i++) {
            Outcome outcome = run(fault, () -> fail(index, call, row));
            if (outcome.hung()) {
                return;
            }
            if (outcome.calls().size() > index && outcome.calls().get(index).equals(call)) {
                judge(fault, call, row, outcome.thrown());
                return;
            }
        }
        complain(fault, "was not met");
    }

    private static void fail(int index, String call, ManualErrors.Row row) {
        if (row.made()) {
            Faults.belie(index, call, row.errno().code());
        } else {
            Faults.refuse(index, call, row.errno().code());
        }
    }

    private void judge(String fault, String call, ManualErrors.Row row, @Nullable Throwable thrown) {
        boolean right = switch (operation.meaning(call, row)) {
            case FAILURE -> isTold(call, row, thrown);
            case BUG -> isTold(call, row, thrown) || isBug(call, thrown);
            case GOES_ON -> thrown == null;
            case EITHER ->
                thrown == null
                        || isTold(call, row, thrown)
                        || (row.meaning() == ManualErrors.Meaning.BUG && isBug(call, thrown));
        };
        if (!right) {
            complain(fault, thrown == null ? "is swallowed" : "becomes " + described(thrown));
        }
    }

    private boolean isTold(String call, ManualErrors.Row row, @Nullable Throwable thrown) {
        Throwable told = thrown instanceof SocketException e ? e.getCause() : thrown; // as views of the JDK do
        return told instanceof SystemCallException e
                && (e.errno().equals(operation.told(call, row.errno())) || isAsItIs(call, row, e));
    }

    private boolean isAsItIs(String call, ManualErrors.Row row, SystemCallException e) {
        return (operation.isAnswering() || e.call().equals(call))
                && (e.errno().equals(row.errno()) || isAddedTwice(call, row, e.errno()));
    }

    /// What is said not to be there is added, and is there after all.
    private static boolean isAddedTwice(String call, ManualErrors.Row row, Errno told) {
        return call.equals("epoll_ctl")
                && row.errno().equals(Errno.ENOENT)
                && told.name().equals("EEXIST");
    }

    private boolean isBug(String call, @Nullable Throwable thrown) {
        return !operation.isForeign() && isAsserted(call, thrown);
    }

    private static boolean isAsserted(String call, @Nullable Throwable thrown) {
        return thrown instanceof AssertionError e
                && String.valueOf(e.getMessage()).contains(call);
    }

    /// Runs the operation once, on a thread of its own, and complains about what it leaves.
    private Outcome run(String fault, Runnable watch) throws Exception {
        Map<Integer, String> before = open;
        Outcome outcome = perform(fault, watch);
        Map<Integer, String> after = open();
        open = after;
        if (operation.isExchanging() ? after.size() != before.size() : !after.equals(before)) {
            complain(fault, "opens " + less(after, before) + " and closes " + less(before, after));
        }
        return outcome;
    }

    private Outcome perform(String fault, Runnable watch) throws Exception {
        try (Stage stage = operation.set()) {
            var calls = new ArrayList<String>();
            var running = new FutureTask<@Nullable Void>(() -> {
                watch.run();
                try {
                    stage.run();
                } finally {
                    calls.addAll(Faults.end());
                }
                return null;
            });
            Thread thread = operation.thread(running);
            thread.start();
            stage.meanwhile(running::isDone);
            Throwable thrown = await(running, thread);
            if (thrown instanceof TimeoutException) {
                complain(fault, "hangs: " + described(thrown));
                return new Outcome(List.of(), null, true);
            }
            verify(fault, stage, thrown);
            return new Outcome(calls, thrown, false);
        }
    }

    private @Nullable Throwable await(FutureTask<?> running, Thread thread) throws InterruptedException {
        try {
            running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            e.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            return e;
        }
    }

    private void verify(String fault, Stage stage, @Nullable Throwable thrown) {
        try {
            stage.verify(thrown);
        } catch (Exception | AssertionError e) {
            complain(fault, "leaves what is wrong: " + described(e));
        }
    }

    private static Map<Integer, String> less(Map<Integer, String> some, Map<Integer, String> others) {
        var left = new TreeMap<>(some);
        left.entrySet().removeAll(others.entrySet());
        return left;
    }

    private void complain(String fault, String what) {
        complaints.add(operation + ": " + fault + ": " + what);
    }

    private static String described(Throwable thrown) {
        return thrown
                + Stream.of(thrown.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith("dev.dyad"))
                        .limit(6)
                        .map(frame -> "\n        at " + frame)
                        .reduce("", String::concat);
    }

    /// Returns what is open and should not stay: not the pooled wake descriptors, and not what loading classes opens.
    private static Map<Integer, String> open() {
        Map<Integer, String> open = Descriptors.targets();
        open.values().removeIf(target -> POOLED.stream().anyMatch(target::endsWith));
        return open;
    }
}
