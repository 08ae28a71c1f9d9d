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

    /// Runs everybody's program so many times: in turn, in the opposite order in every other round.
    ///
    /// @param what is said of it meanwhile
    /// @param commands those of each, in the order in which they are told of
    void takeInTurn(String what, Map<String, List<String>> commands, int rounds, Progress progress)
            throws IOException, InterruptedException {
        List<Map.Entry<String, List<String>>> everybody = List.copyOf(commands.entrySet());
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> each : round % 2 == 0 ? everybody : everybody.reversed()) {
                progress.show("%s, round %d of %d: %s".formatted(what, round + 1, rounds, each.getKey()));
                take(each.getKey(), each.getValue());
            }
        }
        progress.clear();
    }

    /// Runs somebody's program, and takes what it prints. A program that is missing is not asked again.
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
            String[] parts = line.split("=", 2);
            of(who, parts[0]).add(Programs.number(command, parts[parts.length - 1]));
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
