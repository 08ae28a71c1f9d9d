package dev.dyad.interop;

import static java.util.regex.Pattern.MULTILINE;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a 1.0 would promise: docs/stability.md names each exported type once.
class StabilityTest {

    private static final List<String> MODULES =
            List.of("socket", "process", "message", "message-json", "worker", "php");
    private static final Pattern EXPORTED = Pattern.compile("^ +exports ([\\w.]+);", MULTILINE);
    private static final Pattern TYPE =
            Pattern.compile("^public (?:[a-z-]+ )*(?:class|interface|enum|record) (\\w+)", MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void each_exported_type_stands_in_one_of_the_two_lists() throws Exception {
        List<String> exported = new ArrayList<>();
        for (String module : MODULES) {
            exported.addAll(exportedBy(PhpRuns.ROOT.resolve(module, "src/main/java")));
        }

        assertThat(exported).hasSizeGreaterThan(60);
        assertThat(listed()).containsExactlyInAnyOrderElementsOf(exported);
    }

    private static List<String> exportedBy(Path sources) throws IOException {
        List<String> types = new ArrayList<>();
        var exports = EXPORTED.matcher(Files.readString(sources.resolve("module-info.java")));
        while (exports.find()) {
            String name = exports.group(1);
            try (Stream<Path> files = Files.list(sources.resolve(name.replace('.', '/')))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    TYPE.matcher(Files.readString(file))
                            .results()
                            .forEach(type -> types.add(name + "." + type.group(1)));
                }
            }
        }
        return types;
    }

    /// Returns what stands in the second cell of each row, below the package in the first one.
    private static List<String> listed() throws IOException {
        return Files.readAllLines(PhpRuns.ROOT.resolve("docs/stability.md")).stream()
                .filter(line -> line.startsWith("| `dev.dyad."))
                .map(line -> line.split("\\|"))
                .flatMap(cells -> NAME.matcher(cells[2])
                        .results()
                        .map(type -> cells[1].strip().replace("`", "") + "." + type.group(1)))
                .toList();
    }

    /// A row that the test above does not take for one would be a list that nothing looks at.
    @Test
    void each_row_of_the_lists_is_a_package_and_its_types() throws Exception {
        String rows = Files.readAllLines(PhpRuns.ROOT.resolve("docs/stability.md")).stream()
                .filter(line -> line.startsWith("|") && !line.startsWith("| ---") && !line.startsWith("| Package"))
                .filter(line -> !line.matches("\\| `dev[.a-z]+` \\| `\\w+`(, `\\w+`)* \\|.*"))
                .collect(joining("\n"));

        assertThat(rows).isEmpty();
    }
}
