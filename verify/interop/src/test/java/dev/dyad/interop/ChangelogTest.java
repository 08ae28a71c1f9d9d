package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// CHANGELOG.md keeps to the form of Keep a Changelog, so that programs can read it as well.
class ChangelogTest {

    private static final Pattern VERSION =
            Pattern.compile("## \\[(Unreleased|\\d+\\.\\d+\\.\\d+)](?: - \\d{4}-\\d\\d-\\d\\d)?");
    private static final Pattern KIND = Pattern.compile("### (Added|Changed|Deprecated|Removed|Fixed|Security)");

    @Test
    void each_version_has_a_date_a_link_and_changes_by_their_kind() throws Exception {
        List<String> lines = Files.readAllLines(PhpRuns.ROOT.resolve("CHANGELOG.md"));
        List<String> versions =
                lines.stream().filter(line -> line.startsWith("## ")).toList();

        assertThat(versions).first().isEqualTo("## [Unreleased]");
        assertThat(versions).allSatisfy(version -> {
            var matcher = VERSION.matcher(version);
            assertThat(matcher.matches()).as(version).isTrue();
            assertThat(version.contains(" - ")).as(version).isNotEqualTo(version.contains("Unreleased"));
            assertThat(lines).anyMatch(line -> line.startsWith("[" + matcher.group(1) + "]: https://"));
        });
        assertThat(lines.stream().filter(line -> line.startsWith("### ")))
                .isNotEmpty()
                .allMatch(line -> KIND.matcher(line).matches());
    }

    @Test
    void each_change_stands_below_a_kind() throws Exception {
        String above = "";
        for (String line : Files.readAllLines(PhpRuns.ROOT.resolve("CHANGELOG.md"))) {
            if (line.startsWith("#")) {
                above = line;
            } else if (line.startsWith("- ")) {
                assertThat(above).as(line).startsWith("### ");
            }
        }
    }
}
