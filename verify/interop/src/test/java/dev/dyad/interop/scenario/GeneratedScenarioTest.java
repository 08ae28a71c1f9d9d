package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Seeds;
import dev.dyad.harness.TestLength;
import dev.dyad.interop.Php;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Scenarios that are made up: what PHP does is what Java does.
class GeneratedScenarioTest {

    private static final int SHOWN = 5;

    @TempDir
    Path folder;

    /// Each PHP that is there gets its share. `-Ddyad.php=100000` makes up as many; `-Dseed=` repeats the one
    /// that had this seed, and what came after it.
    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void php_and_java_do_the_same_whatever_is_called() throws Exception {
        long first = Seeds.fresh().findFirst().orElseThrow();
        int count = count();
        var differences = new ArrayList<String>();
        List<Php> all = Php.all();
        for (Php version : all) {
            try (var sides = new Comparison(version, folder.resolve(version.minor()))) {
                for (long seed = first; seed < first + count && differences.size() < SHOWN; seed++) {
                    if (Math.floorMod(seed, all.size()) == all.indexOf(version)) {
                        differences.addAll(sides.difference(Generator.scenario(seed)));
                    }
                }
            }
        }
        assertThat(differences)
                .as("of %d scenarios, the first with -Dseed=%d".formatted(count, first))
                .isEqualTo(List.of());
    }

    private static int count() {
        Integer given = Integer.getInteger("dyad.php");
        return given != null ? given : TestLength.of(2_000);
    }
}
