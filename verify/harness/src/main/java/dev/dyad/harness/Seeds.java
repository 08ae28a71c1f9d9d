package dev.dyad.harness;

import java.util.Random;
import java.util.stream.LongStream;

/// Seeds for properties: the seed is the test's name, and `-Dseed=` runs that one again.
public final class Seeds {

    private static final int SHORT = 20;
    private static final int LONG = 200;

    private Seeds() {}

    /// Returns new seeds for each run, more of them with `-Ddyad.long=true`, or the one that `-Dseed=` names.
    ///
    /// @throws NumberFormatException if `-Dseed=` is not a number
    public static LongStream fresh() {
        String given = System.getProperty("seed", "");
        return given.isEmpty()
                ? new Random().longs(Boolean.getBoolean("dyad.long") ? LONG : SHORT)
                : LongStream.of(Long.parseLong(given));
    }
}
