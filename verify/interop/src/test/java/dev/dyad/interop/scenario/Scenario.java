package dev.dyad.interop.scenario;

import dev.dyad.interop.Php;
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
/// A line `@since 8.5`, or `@since 8.4 but 8.5`, says from which PHP on it is so: what an older one prints is
/// another thing, and looked at for nothing but that.
///
/// @param name a sentence
/// @param steps what is done
/// @param php what PHP prints where Java prints something else; else empty
/// @param java what Java prints then
/// @param since the first PHP of which it is true, or empty for all
record Scenario(String name, List<String> steps, String php, String java, String since) {

    private static final String SINCE = "@since ";
    private static final Pattern HEADING = Pattern.compile("(?m)^== ");

    /// Reads a file of scenarios: `== name`, the steps, and for a deviation `-- php` and `-- java` with what
    /// each prints.
    static List<Scenario> readAll(String text) {
        List<Scenario> scenarios = new ArrayList<>();
        for (String part : HEADING.split(text.replaceAll("(?m)^#.*\n", ""))) {
            if (!part.isBlank()) {
                scenarios.add(read(part));
            }
        }
        return scenarios;
    }

    /// Returns whether it says what this PHP does.
    boolean isOf(Php version) {
        String[] sinceBut = since.split(" but ", 2);
        return since.isEmpty()
                || (version.isAtLeast(sinceBut[0])
                        && !(sinceBut.length == 2 && version.minor().equals(sinceBut[1])));
    }

    boolean isDeviation() {
        return !php.isEmpty();
    }

    /// Returns the same in the form that [#readAll] reads.
    String text() {
        return "== " + name + "\n" + String.join("\n", steps) + "\n";
    }

    Scenario withSteps(List<String> others) {
        return new Scenario(name, others, php, java, since);
    }

    private static Scenario read(String part) {
        String[] sections = part.split("(?m)^-- (?:php|java)\n", -1);
        List<String> lines = new ArrayList<>(
                sections[0].lines().filter(line -> !line.isBlank()).toList());
        String since = lines.size() > 1 && lines.get(1).startsWith(SINCE)
                ? lines.remove(1).substring(SINCE.length())
                : "";
        return new Scenario(
                lines.getFirst(),
                lines.subList(1, lines.size()),
                sections.length == 3 ? trimmed(sections[1]) : "",
                sections.length == 3 ? trimmed(sections[2]) : "",
                since);
    }

    private static String trimmed(String transcript) {
        return transcript.stripTrailing() + "\n";
    }
}
