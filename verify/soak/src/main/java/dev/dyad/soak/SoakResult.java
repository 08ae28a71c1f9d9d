package dev.dyad.soak;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dyad.bench.SoakRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a soak came to, as it is kept.
///
/// @param failures the first rounds that failed
/// @param failed how many failed
/// @param samples taken while all is at work: each second, in a run of more than an hour less often
/// @param idleSamples whenever all work of a part had ended
/// @param allowances how much more of each may be held after the last part than after the second one
record SoakResult(
        long seed,
        long seconds,
        List<Tally> work,
        long killed,
        List<RoundFailure> failures,
        long failed,
        List<Sample> samples,
        List<Sample> idleSamples,
        Map<Figure, Long> allowances) {

    /// Returns what is wrong: nothing, if all is flat and each round went as it should.
    @JsonProperty("complaints")
    List<String> complaints() {
        List<String> all = new ArrayList<>();
        failures.forEach(failure -> all.add(failure.toString()));
        if (failed > failures.size()) {
            all.add("%d more rounds failed".formatted(failed - failures.size()));
        }
        Arrays.stream(Figure.values())
                .flatMap(figure -> figure.complaint(idleSamples).stream())
                .forEach(all::add);
        work.stream()
                .filter(tally -> tally.rounds().sum() == 0)
                .forEach(idle -> all.add("no round of " + idle.workload() + " ended"));
        return all;
    }

    /// Adds what `report` draws of it.
    void addTo(SoakRun run) {
        for (Figure figure : Figure.values()) {
            figure.addTo(run, idleSamples, samples);
        }
    }

    /// Returns lines for people.
    String text() {
        return Stream.of(
                        Stream.of("seed %d, %d s of work, %d children killed".formatted(seed, seconds, killed)),
                        work.stream().map(Tally::line),
                        Arrays.stream(Figure.values()).map(figure -> figure.line(idleSamples)),
                        complaints().stream(),
                        Stream.of(complaints().isEmpty() ? "flat" : "not flat, or something went wrong"))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }
}
