package dev.dyad.soak;

import dev.dyad.bench.SoakRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One of the things that must not grow, with the rule that says whether it has.
///
/// All work ends several times in a run, ten unless it is a test. What is held then, after a garbage collection, is
/// compared: at the last end no more than at the second one, but for the allowance. By then the JVM has what it keeps
/// for its first use.
enum Figure {
    DESCRIPTORS("descriptors", "", 4), // an event queue and what wakes its thread, for two of them
    THREADS("threads", "", 2), // those that wait for others go when they have been idle for a moment
    CHILDREN("children", "", 0),
    HEAP("bytes of heap", "MiB", 4 << 20),
    RESIDENT("bytes of resident memory", "MiB", 48 << 20); // code that is compiled later, and malloc's arenas

    private static final int MOST_DRAWN = 30;
    private static final double MIB = 1 << 20;

    private final String words;
    private final String unit;
    private final long allowance;

    /// @param unit in which it is drawn
    Figure(String words, String unit, long allowance) {
        this.words = words;
        this.unit = unit;
        this.allowance = allowance;
    }

    /// Returns how much more of each is allowed.
    static Map<Figure, Long> allowances() {
        return Arrays.stream(values()).collect(Collectors.toMap(figure -> figure, figure -> figure.allowance));
    }

    private long of(Sample sample) {
        return switch (this) {
            case DESCRIPTORS -> sample.descriptors();
            case THREADS -> sample.threads();
            case CHILDREN -> sample.children();
            case HEAP -> sample.heap();
            case RESIDENT -> sample.resident();
        };
    }

    /// Returns what there is to say against it, if there is anything.
    Optional<String> complaint(List<Sample> idleSamples) {
        long early = of(idleSamples.get(1));
        long late = of(idleSamples.getLast());
        return late <= early + allowance
                ? Optional.empty()
                : Optional.of("%s grew: %d after the second part, %d after the last; %d more are allowed"
                        .formatted(words, early, late, allowance));
    }

    /// Adds it to what is drawn: a row that says whether it is flat, and a curve while all is at work.
    void addTo(SoakRun run, List<Sample> idleSamples, List<Sample> samples) {
        String name = words.replace("bytes of ", "");
        String verdict = complaint(idleSamples).isEmpty() ? "flat" : "not flat";
        run.add(
                "%s, after each part from the second on: %s".formatted(name, verdict),
                unit,
                idleSamples.stream().skip(1).map(this::scaled).toList());
        var curve = new TreeMap<Double, Double>();
        int step = 1 + samples.size() / MOST_DRAWN;
        for (int i = 0; i < samples.size(); i += step) {
            curve.put(samples.get(i).second(), scaled(samples.get(i)));
        }
        run.addCurve(name + ", at work", unit, curve);
        var idle = new TreeMap<Double, Double>();
        idleSamples.forEach(sample -> idle.put(sample.second(), scaled(sample)));
        run.addCurve(name + ", when all work has ended", unit, idle);
    }

    private double scaled(Sample sample) {
        return unit.isEmpty() ? of(sample) : of(sample) / MIB;
    }

    /// Returns a line for people.
    String line(List<Sample> idleSamples) {
        return "%-26s %12d after the second part %12d after the last, %d more allowed"
                .formatted(words, of(idleSamples.get(1)), of(idleSamples.getLast()), allowance);
    }
}
