package dev.dyad.bench;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What came of a suite.
///
/// @param suite its name
/// @param seconds how long it took
/// @param use who had the cores meanwhile, where the system tells; of two suites at once, both
record SuiteRun(String suite, double seconds, @Nullable CoreUse use, List<Result> results) {

    SuiteRun {
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(results, "results");
    }

    /// Returns the results that have a row: of a soak's curves there are so many that only a drawing shows them.
    List<Result> rows() {
        return results.stream()
                .filter(result -> !suite.equals(SoakRun.SUITE) || result.place() == null)
                .toList();
    }

    /// Says whether anything is held against anybody.
    boolean hasRatios() {
        return results.stream().anyMatch(result -> !result.beside().isEmpty());
    }
}
