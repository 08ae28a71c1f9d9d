package dev.dyad.interop;

import static java.util.regex.Pattern.MULTILINE;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
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
    private static final Pattern EXCLUDED = Pattern.compile("<excludePackageNames>(.*)</excludePackageNames>");
    private static final Pattern SKIPPED = Pattern.compile("<skippedModules>(.*)</skippedModules>");
    private static final Pattern MODULE = Pattern.compile("<module>(.*)</module>");
    private static final Pattern INCLUDED = Pattern.compile("<include>(dev\\.dyad\\.[\\w.]+)</include>");
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
        for (String name : exports(sources)) {
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

    /// A module that a list lacks would be passed over in silence.
    @Test
    void each_module_that_exports_something_is_compared_with_the_last_release() throws Exception {
        List<String> modules = new ArrayList<>();
        List<String> packages = new ArrayList<>();
        try (Stream<Path> folders = Files.list(PhpRuns.ROOT)) {
            for (Path folder : folders.toList()) {
                Path sources = folder.resolve("src/main/java");
                if (Files.exists(sources.resolve("module-info.java"))
                        && !exports(sources).isEmpty()) {
                    modules.add(folder.getFileName().toString());
                    packages.addAll(exports(sources));
                }
            }
        }

        assertThat(MODULES).containsExactlyInAnyOrderElementsOf(modules);
        assertThat(Files.readString(PhpRuns.ROOT.resolve("verify/release/compare-api")))
                .contains("for module in " + String.join(" ", MODULES) + "; do");
        assertThat(INCLUDED.matcher(Files.readString(PhpRuns.ROOT.resolve("pom.xml")))
                        .results()
                        .map(include -> include.group(1)))
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    /// `mvn javadoc:aggregate` shows the modules that this list does not name.
    @Test
    void what_is_not_for_users_is_left_out_of_the_javadoc() throws Exception {
        String pom = Files.readString(PhpRuns.ROOT.resolve("pom.xml"));
        Matcher skipped = SKIPPED.matcher(pom);
        assertThat(skipped.find()).isTrue();

        assertThat(skipped.group(1).split(","))
                .containsExactlyInAnyOrderElementsOf(MODULE.matcher(pom)
                        .results()
                        .map(module -> module.group(1))
                        .filter(module -> !MODULES.contains(module))
                        .map(module -> "dyad-" + module.replace('/', '-'))
                        .toList());
    }

    /// `mvn javadoc:aggregate` shows the packages that this list does not name.
    @Test
    void what_is_not_exported_to_all_is_left_out_of_the_javadoc() throws Exception {
        List<String> internal = new ArrayList<>();
        for (String module : MODULES) {
            Path sources = PhpRuns.ROOT.resolve(module, "src/main/java");
            internal.addAll(packages(sources));
            internal.removeAll(exports(sources));
        }

        assertThat(internal).contains("dev.dyad.socket.fd", "dev.dyad.worker.jfr");
        Matcher excluded = EXCLUDED.matcher(Files.readString(PhpRuns.ROOT.resolve("pom.xml")));
        assertThat(excluded.find()).isTrue();
        assertThat(excluded.group(1).split(":")).containsExactlyInAnyOrderElementsOf(internal);
    }

    /// Returns the packages that have a class of a module.
    private static Set<String> packages(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
                    .collect(toSet());
        }
    }

    private static List<String> exports(Path sources) throws IOException {
        return EXPORTED.matcher(Files.readString(sources.resolve("module-info.java")))
                .results()
                .map(export -> export.group(1))
                .toList();
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
