package dev.dyad.harness;

import java.util.Random;
import java.util.stream.LongStream;

/// Seeds for properties: the seed is the test's name, and `-Dseed=` runs that one again.
public final class Seeds {

    private static final int MANY = 20;
    private static final int FEW = 2;

    private Seeds() {}

    /// Returns new seeds for each run, as many as [TestLength] says, or the one that `-Dseed=` names.
    ///
    /// @throws NumberFormatException if `-Dseed=` is not a number
    public static LongStream fresh() {
        return seeds(MANY);
    }

    /// Returns new seeds as [#fresh] does, fewer of them, for a property that takes its time.
    ///
    /// @throws NumberFormatException if `-Dseed=` is not a number
    public static LongStream few() {
        return seeds(FEW);
    }

    private static LongStream seeds(int count) {
        String given = System.getProperty("seed", "");
        return given.isEmpty() ? new Random().longs(TestLength.of(count)) : LongStream.of(Long.parseLong(given));
    }
}
