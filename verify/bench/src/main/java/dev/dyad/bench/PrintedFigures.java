package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Figures of programs that print several at once, each in a line `name=figure`, round by round.
final class PrintedFigures {

    private final Map<String, List<Double>> figures = new HashMap<>();

    /// Runs somebody's program, and takes what it prints.
    void take(String who, List<String> command) throws IOException, InterruptedException {
        for (String line : Programs.output(command).lines().toList()) {
            int sign = line.indexOf('=');
            of(who, line.substring(0, sign)).add(Double.valueOf(line.substring(sign + 1)));
        }
    }

    /// Returns somebody's figures of a name.
    List<Double> of(String who, String name) {
        return figures.computeIfAbsent(who + " " + name, _ -> new ArrayList<>());
    }
}
