package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The libraries that draw are those that were fetched, each with its licence.
class VegaTest {

    @Test
    void each_file_has_the_sum_that_is_noted() throws Exception {
        List<String> sums = VegaLite.text("vega/SHA256SUMS").lines().toList();

        assertThat(sums).hasSize(6);
        for (String line : sums) {
            String[] sum = line.split("  ");
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(VegaLite.text("vega/" + sum[1]).getBytes(StandardCharsets.UTF_8));
            assertThat(HexFormat.of().formatHex(digest)).describedAs(sum[1]).isEqualTo(sum[0]);
        }
    }

    @Test
    void each_library_has_its_licence_and_the_page_has_it_too() {
        String page = ReportPage.of(List.of(SampleRuns.one()));

        for (String library : List.of("vega", "vega-lite", "vega-embed")) {
            assertThat(VegaLite.text("vega/LICENSE." + library)).contains("University of Washington", "Redistribution");
        }
        assertThat(page).contains("Redistributions of source code must retain the above copyright");
    }

    @Test
    void the_page_loads_nothing() {
        String page = ReportPage.of(List.of(SampleRuns.one()));

        assertThat(page)
                .contains("Content-Security-Policy\" content=\"default-src 'none'")
                .doesNotContain("sourceMappingURL", "<script src", "<link rel=\"stylesheet\"");
    }

    @Test
    void every_suite_is_explained() {
        assertThat(Suite.values())
                .allSatisfy(
                        suite -> assertThat(SuiteMeanings.of(suite.toString())).endsWith(". "));
    }
}
