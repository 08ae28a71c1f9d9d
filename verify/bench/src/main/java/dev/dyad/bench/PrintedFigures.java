package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Figures of programs that print several at once, each in a line `name=figure`, round by round.
final class PrintedFigures {

    private final Map<String, List<Double>> figures = new HashMap<>();
    private final Map<String, String> missing = new HashMap<>();

    /// Runs somebody's program, and takes what it prints. Who is missing is not asked again.
    void take(String who, List<String> command) throws IOException, InterruptedException {
        if (missing.containsKey(who)) {
            return;
        }
        try {
            takeLines(who, command);
        } catch (MissingPeer e) {
            missing.put(who, String.valueOf(e.getMessage()));
        }
    }

    private void takeLines(String who, List<String> command) throws IOException, InterruptedException {
        for (String line : Programs.output(command).lines().toList()) {
            int sign = line.indexOf('=');
            of(who, line.substring(0, sign)).add(Double.valueOf(line.substring(sign + 1)));
        }
    }

    /// Returns a result held against somebody's figures of a name, or against nobody's, if they are missing.
    Result beside(Result result, String rival, @Nullable Goal goal, String who, String name) {
        String why = missing.get(who);
        return why != null ? result.without(rival, why) : result.beside(rival, goal, of(who, name));
    }

    /// Returns somebody's figures of a name.
    List<Double> of(String who, String name) {
        return figures.computeIfAbsent(who + " " + name, _ -> new ArrayList<>());
    }
}
