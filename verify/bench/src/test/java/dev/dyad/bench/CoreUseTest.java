package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.bench.CoreUse.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CoreUseTest {

    @Test
    void what_a_child_took_was_taken_by_us() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/stat")), "there is no /proc/stat");
        Reading before = Objects.requireNonNull(Reading.now());
        Reading after = before;
        while (after.ours() < before.ours() + 10) {
            String _ = Programs.output(List.of("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));
            after = Objects.requireNonNull(Reading.now());
        }

        CoreUse use = after.since(before);

        assertThat(use.ours()).isPositive();
        assertThat(use.others()).isNotNegative();
        assertThat(use.stolen()).isNotNegative();
    }

    @Test
    void the_rest_is_what_others_took() {
        var before = new Reading(0, 100, 1_000, 7);
        var after = new Reading(2_000_000_000, 250, 1_300, 27);

        assertThat(after.since(before)).isEqualTo(new CoreUse(0.75, 0.75, 0.1));
        assertThat(new CoreUse(0.75, 0.5, 0.1).text()).isEqualTo("0.75 cores by us, 0.50 by others, 0.10 stolen");
    }
}
