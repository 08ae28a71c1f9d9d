package dev.dyad.site;

import static java.util.regex.Pattern.MULTILINE;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The documentation of what is published: each type shows an example, which is a test that runs, and a type of
/// another module is a link.
class JavadocTest {

    private static final List<String> MODULES = ApiPages.MODULES;
    private static final Pattern TYPE =
            Pattern.compile("^public (?:[a-z-]+ )*(?:class|interface|enum|record) (\\w+)", MULTILINE);
    private static final Pattern NAMED = Pattern.compile("\\{@snippet file=\"([^\"]+)\" region=\"([^\"]+)\"}");
    private static final Pattern REGION = Pattern.compile("// @start region=\"([^\"]+)\"");
    private static final Pattern SHOWN = Pattern.compile("<code class=\"language-java\">[^<]*;[^<]*</code>");
    private static final Pattern REQUIRED =
            Pattern.compile("^ +requires (?:transitive )?dev\\.dyad\\.([\\w.]+);", MULTILINE);
    private static final Pattern EXPORTED = Pattern.compile("^ +exports ([\\w.]+);", MULTILINE);

    private static Path site = Path.of("");

    @BeforeAll
    @Timeout(600)
    static void make() throws Exception {
        site = MadeSite.folder().resolve("api");
    }

    @Test
    void every_type_that_is_exported_shows_an_example() {
        List<Path> pages = MODULES.stream()
                .flatMap(module -> types(module).map(type -> page(module, type)))
                .toList();

        assertThat(pages).hasSizeGreaterThan(45);
        assertThat(pages).filteredOn(page -> !showsAnExample(page)).isEmpty();
    }

    @Test
    void every_package_shows_an_example() {
        assertThat(MODULES.stream().map(module -> page(module, "package-summary")))
                .allMatch(JavadocTest::showsAnExample);
    }

    @Test
    void every_example_is_a_test_and_is_shown() {
        assertThat(MODULES).allSatisfy(module -> {
            Path tests = sources(module, "test");
            Set<String> shown = files(sources(module, "main"))
                    .flatMap(file -> NAMED.matcher(read(file)).results())
                    .map(named -> named.group(1) + " " + named.group(2))
                    .collect(toSet());
            Set<String> written = files(tests.resolve(folder(module)).resolve("examples"))
                    .filter(file -> file.toString().endsWith("Test.java"))
                    .flatMap(file -> REGION.matcher(read(file))
                            .results()
                            .map(region -> tests.relativize(file) + " " + region.group(1)))
                    .collect(toSet());

            assertThat(shown).isEqualTo(written);
            assertThat(files(sources(module, "main")))
                    .allSatisfy(file -> assertThat(read(file)).doesNotContain("/// ```java"));
        });
    }

    @Test
    void a_type_of_another_module_is_a_link() {
        String link = "href=\"../../../../dev.dyad.socket/dev/dyad/socket/StreamSocket.html\"";

        assertThat(read(page("process", "Child"))).contains(link);
    }

    @Test
    void each_module_is_told_where_the_documentation_of_those_that_it_requires_is() {
        assertThat(MODULES)
                .allSatisfy(module -> assertThat(REQUIRED.matcher(moduleInfo(module))
                                .results()
                                .map(required -> required.group(1).replace('.', '-')))
                        .filteredOn(MODULES::contains)
                        .allSatisfy(required -> {
                            assertThat(read(MadeSite.ROOT.resolve(module).resolve("pom.xml")))
                                    .contains("/dyad-" + required + "/$", "/" + required + "/src/javadoc<");
                            assertThat(MadeSite.ROOT.resolve(required).resolve("src/javadoc/element-list"))
                                    .hasContent(elements(required));
                        }));
    }

    /// Returns what javadoc writes into the `element-list` of a module: what it exports to everybody.
    private static String elements(String module) {
        return EXPORTED.matcher(moduleInfo(module))
                .results()
                .map(exported -> exported.group(1) + "\n")
                .collect(joining("", "module:" + ApiPages.name(module) + "\n", ""));
    }

    private static String moduleInfo(String module) {
        return read(sources(module, "main").resolve("module-info.java"));
    }

    private static Stream<String> types(String module) {
        Path exported = sources(module, "main").resolve(folder(module));
        return files(exported)
                .filter(file -> exported.equals(file.getParent()))
                .flatMap(file -> TYPE.matcher(read(file)).results())
                .map(type -> type.group(1));
    }

    private static Path page(String module, String name) {
        return site.resolve(ApiPages.name(module), folder(module), name + ".html");
    }

    /// Looks at what stands on a page before its members.
    private static boolean showsAnExample(Path page) {
        return SHOWN.matcher(read(page).split("<section class=\"summary\">", 2)[0])
                .find();
    }

    private static Path sources(String module, String kind) {
        return new ApiPages(MadeSite.ROOT).sources(module, kind);
    }

    private static String folder(String module) {
        return ApiPages.name(module).replace('.', '/');
    }

    /// Returns the sources below a folder.
    private static Stream<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
