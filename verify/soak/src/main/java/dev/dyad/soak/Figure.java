package dev.dyad.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One of the things that must not grow, with the rule that says whether it has.
///
/// All work ends several times in a run, ten unless it is a test. What is held then, after a garbage collection, is
/// compared: at the last end no
/// more than at the second one, but for the allowance. By then the JVM has what it keeps for its first use.
enum Figure {
    DESCRIPTORS("descriptors", 4), // an event queue and what wakes its thread, for two of them
    THREADS("threads", 2), // those that wait for others go when they have been idle for a moment
    CHILDREN("children", 0),
    HEAP("bytes of heap", 4 << 20),
    RESIDENT("bytes of resident memory", 48 << 20); // code that is compiled later, and malloc's arenas

    private final String words;
    private final long allowance;

    Figure(String words, long allowance) {
        this.words = words;
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

    /// Returns a line for people.
    String line(List<Sample> idleSamples) {
        return "%-26s %12d after the second part %12d after the last, %d more allowed"
                .formatted(words, of(idleSamples.get(1)), of(idleSamples.getLast()), allowance);
    }
}
