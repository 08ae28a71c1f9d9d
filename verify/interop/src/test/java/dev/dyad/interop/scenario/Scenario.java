package dev.dyad.interop.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Steps that PHP and Java go through alike: lines of PHP, one call each, of the little that [Evaluation] reads.
///
/// A step is a call, an assignment of one, or `unset($x)`. `$child = pcntl_fork()` starts a process; `$child:
/// step` has it do that step, and tells what came of it, `$child& step` has it begin, and `$child:` or the next
/// step waits for it; `$child: exit(3)` ends it. In a string, `%D` is a folder of one's own. A name that begins
/// with `port`, `pid` or `child` is for a number that the system chooses.
///
/// @param name a sentence
/// @param steps what is done
/// @param php what PHP prints where Java prints something else; else empty
/// @param java what Java prints then
record Scenario(String name, List<String> steps, String php, String java) {

    private static final Pattern HEADING = Pattern.compile("(?m)^== ");

    /// Reads a file of scenarios: `== name`, the steps, and for a deviation `-- php` and `-- java` with what each
    /// prints.
    static List<Scenario> readAll(String text) {
        List<Scenario> scenarios = new ArrayList<>();
        for (String part : HEADING.split(text.replaceAll("(?m)^#.*\n", ""))) {
            if (!part.isBlank()) {
                scenarios.add(read(part));
            }
        }
        return scenarios;
    }

    boolean isDeviation() {
        return !php.isEmpty();
    }

    /// Returns the same in the form that [#readAll] reads.
    String text() {
        return "== " + name + "\n" + String.join("\n", steps) + "\n";
    }

    Scenario withSteps(List<String> others) {
        return new Scenario(name, others, php, java);
    }

    private static Scenario read(String part) {
        String[] sections = part.split("(?m)^-- (?:php|java)\n", -1);
        List<String> lines = sections[0].lines().filter(line -> !line.isBlank()).toList();
        return new Scenario(
                lines.getFirst(),
                lines.subList(1, lines.size()),
                sections.length == 3 ? trimmed(sections[1]) : "",
                sections.length == 3 ? trimmed(sections[2]) : "");
    }

    private static String trimmed(String transcript) {
        return transcript.stripTrailing() + "\n";
    }
}
