package dev.dyad.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What Maven and Surefire print while they test, read line by line: where they are, and what each module came to.
///
/// Belongs to the thread that reads.
final class MavenLog {

    /// A test that failed: its name, and why, in the first words of it.
    record Failure(String test, String reason) {}

    /// What a module's tests came to.
    record Module(String name, int tests, List<Failure> failures, long seconds) {}

    private static final Pattern MODULE = Pattern.compile("\\[INFO] -+< dev\\.dyad:dyad-([a-z-]+) >-+");
    private static final Pattern PLACE = Pattern.compile("\\[INFO] Building .*\\[(\\d+)/(\\d+)]");
    private static final Pattern EXECUTION = Pattern.compile("\\[INFO] --- [^ ]*surefire[^ ]*:test \\(([^)]+)\\).*");
    private static final Pattern RUNNING = Pattern.compile("\\[INFO] Running (?:[a-z]\\w*\\.)*(\\w+)(\\$.*)?");
    private static final Pattern CLASS_DONE =
            Pattern.compile("\\[(?:INFO|WARNING|ERROR)] Tests run: (\\d+), .* -- in .*");
    private static final Pattern FAILED =
            Pattern.compile("\\[ERROR] (?:[a-z]\\w*\\.)*([A-Z][\\w$]*\\.\\S.*) -- Time elapsed: .* <<< \\w+!");
    private static final Pattern OVER = Pattern.compile("\\[INFO] (Reactor Summary.*|BUILD \\w+)");
    private static final Pattern TAG = Pattern.compile("\\[(?:INFO|WARNING|ERROR)] ");
    private static final Pattern COMPLAINT = Pattern.compile("\\[ERROR] (.*\\S.*)");

    private static final int REASON = 300;

    private final List<Module> modules = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    // -- the module that is tested now
    private @Nullable String module;
    private String place = "1 of 1";
    private String execution = "";
    private String testClass = "";
    private final Set<String> classes = new HashSet<>();
    private int tests;
    private List<Failure> failures = new ArrayList<>();
    private long since;
    private @Nullable String failed; // whose reason is in the lines that follow
    private final StringBuilder reason = new StringBuilder();

    /// Takes one line, at that time in milliseconds, and returns the module that has come to its end by it.
    @Nullable
    Module line(String line, long now) {
        if (failed != null && isReason(line)) {
            reason.append(line.strip()).append(' ');
            return null;
        }
        endFailure();
        Matcher name = MODULE.matcher(line);
        if (name.matches()) {
            return begin(name.group(1).replaceFirst("^verify-", "verify/"), now);
        }
        if (OVER.matcher(line).matches()) {
            return end(now);
        }
        takeIn(line);
        return null;
    }

    private void takeIn(String line) {
        when(PLACE, line, match -> place = match.group(1) + " of " + match.group(2));
        when(EXECUTION, line, match -> {
            execution = match.group(1).equals("default-test") ? "" : ", " + match.group(1);
            classes.clear();
        });
        when(RUNNING, line, match -> {
            testClass = match.group(1);
            classes.add(testClass);
        });
        when(CLASS_DONE, line, match -> tests += Integer.parseInt(match.group(1)));
        when(FAILED, line, match -> failed = match.group(1));
        when(COMPLAINT, line, match -> complaints.add(match.group(1)));
    }

    private static void when(Pattern pattern, String line, Consumer<Matcher> then) {
        Matcher match = pattern.matcher(line);
        if (match.find()) {
            then.accept(match);
        }
    }

    /// The trace follows the reason, and a tag begins whatever Maven says next.
    private static boolean isReason(String line) {
        return !line.startsWith("\tat ") && !TAG.matcher(line).lookingAt();
    }

    private void endFailure() {
        if (failed != null) {
            String text = reason.toString().strip();
            failures.add(new Failure(failed, text.length() <= REASON ? text : text.substring(0, REASON) + "…"));
            failed = null;
            reason.setLength(0);
        }
    }

    private @Nullable Module begin(String name, long now) {
        Module ended = end(now);
        module = name;
        since = now;
        execution = "";
        testClass = "";
        classes.clear();
        return ended;
    }

    private @Nullable Module end(long now) {
        if (module == null) {
            return null;
        }
        var ended = new Module(module, tests, failures, (now - since) / 1000);
        modules.add(ended);
        module = null;
        tests = 0;
        failures = new ArrayList<>();
        return ended;
    }

    /// Returns the name of the module that is tested now, or null before the first and after the last.
    @Nullable
    String module() {
        return module;
    }

    /// Returns which module of how many this is, which class runs now, and the how manyeth of its module it is.
    String where(int classesOfModule) {
        String name = module == null ? "Maven" : module;
        return testClass.isEmpty()
                ? "module %s, %s: compiling".formatted(place, name)
                : "module %s, %s%s: class %d of %d, %s"
                        .formatted(
                                place,
                                name,
                                execution,
                                classes.size(),
                                Math.max(classes.size(), classesOfModule),
                                testClass);
    }

    /// Returns all modules that have come to their end, in order.
    List<Module> modules() {
        return List.copyOf(modules);
    }

    /// Returns what Maven called errors: what failed to compile, above all.
    List<String> complaints() {
        return List.copyOf(complaints);
    }
}
