package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What is measured: ours and, where there is one, what it is held against.
///
/// @param goal what the ratio, or our own figure where there is no rival, should not exceed
record Case(
        String name,
        String unit,
        double goal,
        Contender ours,
        @Nullable Rival rival) {

    /// What a ratio is taken to.
    record Rival(String name, Contender contender) {}

    /// Measures so many times; a rival in turn with ours, and going first in every other round.
    Result run(int rounds, Progress progress) throws IOException, InterruptedException {
        var ourFigures = new ArrayList<Double>();
        var theirFigures = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            progress.show("%s, round %d of %d".formatted(name, round + 1, rounds));
            boolean rivalFirst = round % 2 == 0;
            if (rival != null && rivalFirst) {
                theirFigures.add(rival.contender().measure());
            }
            ourFigures.add(ours.measure());
            if (rival != null && !rivalFirst) {
                theirFigures.add(rival.contender().measure());
            }
        }
        progress.clear();
        return rival == null
                ? Result.of(name, unit, goal, ourFigures)
                : Result.of(name, unit, goal, ourFigures, rival.name(), theirFigures);
    }
}
