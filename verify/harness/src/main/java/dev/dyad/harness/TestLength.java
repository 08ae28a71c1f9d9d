package dev.dyad.harness;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// How much of what is random, large or repeated a test run does, as `-Ddyad.length=` says.
///
/// Every test class runs in each; what differs is how many seeds it tries, how much it moves, and whether it does
/// so for each of several kinds: see also [NotInShortRuns], [FirstInShortRuns] and [Sampled].
public enum TestLength {
    /// What a developer waits for: `./dyad test`, and Maven by itself.
    SHORT,
    /// What each commit must pass: `./dyad test --ci`.
    CI,
    /// Ten times that: `./dyad test --long`.
    LONG;

    private static final int TIMES = 10;
    private static final int ONE_OF = 4;

    /// Returns the length of this run.
    ///
    /// @throws IllegalArgumentException if `-Ddyad.length=` is none of the three, in small letters
    public static TestLength current() {
        String given = System.getProperty("dyad.length", "");
        return given.isEmpty() ? SHORT : valueOf(given.toUpperCase(Locale.ROOT));
    }

    /// Returns how much of something this run does, where CI does `inCi`: a tenth, at least one, if it is short, and
    /// ten times as much if it is long.
    public static int of(int inCi) {
        return switch (current()) {
            case SHORT -> Math.max(1, inCi / TIMES);
            case CI -> inCi;
            case LONG -> inCi * TIMES;
        };
    }

    /// Returns whether this run has something of which many take their time: one in four by chance, and all if it is
    /// long, or if `-Dtest=` asks for it by name.
    static boolean draws() {
        return current() == LONG
                || System.getProperty("test") != null
                || ThreadLocalRandom.current().nextInt(ONE_OF) == 0;
    }

    /// Returns which of several of a kind this run tries: one by chance if it is short, and else all.
    public static <T> List<T> oneOrAll(List<T> all) {
        return current() != SHORT || all.isEmpty() ? all : List.of(all.get(new Random().nextInt(all.size())));
    }
}
