package dev.dyad.bench;

import java.util.Locale;

/// What a figure is of, which its unit tells: what a ratio of two of them means is said in its words.
enum Quantity {
    TIME("time", false),
    THROUGHPUT("throughput", true),
    MEMORY("memory", false),
    CPU("CPU", false),
    NUMBER("", false);

    private static final double MANY_TIMES = 2;
    private static final double WHOLE = 100;
    private static final double SMALL_PART = 0.2;

    private final String noun;
    private final boolean upwards;

    /// @param upwards whether more is better
    Quantity(String noun, boolean upwards) {
        this.noun = noun;
        this.upwards = upwards;
    }

    static Quantity of(String unit) {
        return switch (unit) {
            case "ns", "µs", "ms", "s" -> TIME;
            case "B", "KiB", "MiB", "GiB" -> MEMORY;
            case "%" -> CPU;
            default -> unit.endsWith("/s") ? THROUGHPUT : NUMBER;
        };
    }

    /// Returns how many decimals of a figure in this unit say something.
    static int decimals(String unit, double figure) {
        if (figure >= WHOLE) {
            return 0;
        }
        return switch (unit) {
            case "ns", "B", "" -> 0;
            case "GB/s", "M/s", "%", Shape.UNIT -> 2;
            default -> 1;
        };
    }

    /// Returns what a ratio of ours to another's means, as `16 % more time`.
    String inWords(Figures ratio) {
        if (!Double.isFinite(ratio.median())) {
            return "no ratio: theirs is 0";
        }
        return switch (verdict(ratio)) {
            case BETTER, WORSE -> inWords(ratio.median());
            case UNKNOWN -> "too few rounds to tell";
            case NOISE -> "inside the noise";
        };
    }

    private String inWords(double ratio) {
        String whole = noun.isEmpty() ? "as many" : "the " + noun;
        if (ratio >= MANY_TIMES) {
            return String.format(Locale.ROOT, "%.1f times %s", ratio, whole);
        }
        if (ratio <= 0) { // of differences, which noise can turn round
            return "nothing measurable";
        }
        if (ratio <= SMALL_PART) {
            return String.format(Locale.ROOT, "1/%.0f %s%s", 1 / ratio, noun.isEmpty() ? "" : "of ", whole);
        }
        double percent = 100 * Math.abs(ratio - 1);
        String number = percent < 1 ? "less than 1" : String.format(Locale.ROOT, "%.0f", percent);
        return (number + " % " + (ratio > 1 ? "more " : "less ") + noun).strip();
    }

    /// Returns which of the two is better, if one can say.
    Verdict verdict(Figures ratio) {
        if (ratio.isTooFew() || !Double.isFinite(ratio.median())) {
            return Verdict.UNKNOWN;
        }
        Figures.Interval interval = ratio.interval();
        if (interval.contains(1)) {
            return Verdict.NOISE;
        }
        return interval.low() > 1 == upwards ? Verdict.BETTER : Verdict.WORSE;
    }

    /// How ours does beside another.
    enum Verdict {
        BETTER,
        WORSE,
        /// Where the rounds differ more than the two do.
        NOISE,
        /// Where there are too few rounds for a spread.
        UNKNOWN
    }
}
