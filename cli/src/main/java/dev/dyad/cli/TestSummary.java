package dev.dyad.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one or more runs of the tests came to, in words.
final class TestSummary {

    private static final int COMPLAINTS_SHOWN = 20;

    private final PrintStream out;
    private final int planned;
    private final List<TestRun> runs = new ArrayList<>();

    TestSummary(PrintStream out, int planned) {
        this.out = out;
        this.planned = planned;
    }

    /// Returns the line for a module, and one for each of its tests that failed.
    static String line(MavenLog.Module module) {
        var text = new StringBuilder("  %-16s %,6d tests %4d failed %6d s"
                .formatted(module.name(), module.tests(), module.failures().size(), module.seconds()));
        for (MavenLog.Failure failure : module.failures()) {
            text.append("\n    ").append(failure.test()).append("\n      ").append(failure.reason());
        }
        return text.toString();
    }

    void add(TestRun run) {
        runs.add(run);
        if (!run.passed()) {
            List<String> complaints = run.failures().isEmpty() ? run.complaints() : List.of();
            complaints.stream().limit(COMPLAINTS_SHOWN).forEach(line -> out.println("    " + line));
            out.println("  it failed, and " + run.log() + " has everything");
        }
    }

    boolean passed() {
        return runs.stream().allMatch(TestRun::passed);
    }

    /// Prints what failed how often, and the sum as its last line.
    void print() {
        if (planned > 1) {
            long red = runs.stream().filter(run -> !run.passed()).count();
            out.println(red + " of " + runs.size() + " runs failed");
            howOften().forEach((test, times) -> out.println("  %3d × %s".formatted(times, test)));
        }
        int failed = runs.stream().mapToInt(run -> run.failures().size()).sum();
        int tests = runs.stream().mapToInt(TestRun::tests).sum();
        out.println(tests - failed + " passed, " + failed + " failed");
        out.flush();
    }

    private Map<String, Integer> howOften() {
        var counts = new TreeMap<String, Integer>();
        for (TestRun run : runs) {
            run.failures().forEach(failure -> counts.merge(failure.test(), 1, Integer::sum));
            if (!run.passed() && run.failures().isEmpty()) {
                counts.merge("the build itself", 1, Integer::sum);
            }
        }
        return counts;
    }
}
