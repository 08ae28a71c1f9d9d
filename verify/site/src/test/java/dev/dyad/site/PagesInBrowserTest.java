package dev.dyad.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Chromium;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/// What a browser makes of the pages.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesInBrowserTest {

    private static final List<Integer> WIDTHS = List.of(360, 768, 1280);
    private static final List<String> SCHEMES = List.of("light", "dark");
    /// The source of a program is shown like that of any other.
    private static final Pattern PROGRAM = Pattern.compile(".*/(children|examples)/(?!dyad).+\\.\\w+\\.html");

    private final Map<String, List<String>> wrong = new HashMap<>();
    private @Nullable Browser open;

    /// Opens each page once, since that takes the longest.
    @BeforeAll
    @Timeout(600)
    void look_at_all_pages(@TempDir Path profile) throws Exception {
        Chromium.require();
        List<Path> pages = MadeSite.pages().stream()
                .filter(page -> !PROGRAM.matcher(page.toString()).matches())
                .toList();
        assertThat(pages).hasSizeGreaterThan(45);
        open = Browser.start(profile);
        for (Path page : pages) {
            look(page);
        }
    }

    private void look(Path page) throws IOException {
        browser().open(page);
        for (int width : WIDTHS) {
            browser().width(width);
            note(page, String.valueOf(width), looked("sticksOut()"));
        }
        for (String scheme : SCHEMES) {
            browser().colours(scheme);
            note(page, scheme, looked("faint()"));
        }
    }

    private void note(Path page, String kind, JsonNode found) {
        found.forEach(each -> wrong.computeIfAbsent(kind, key -> new ArrayList<>())
                .add(MadeSite.folder().relativize(page) + ": " + each.asString()));
    }

    @AfterAll
    void end() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private Browser browser() {
        return Objects.requireNonNull(open);
    }

    /// Tables and programs scroll by themselves.
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void nothing_but_a_table_or_a_program_is_wider_than_the_screen(int width) {
        assertThat(wrong.get(String.valueOf(width))).isNull();
    }

    @ParameterizedTest
    @FieldSource("SCHEMES")
    void every_text_stands_out_from_what_is_behind_it(String scheme) {
        assertThat(wrong.get(scheme)).isNull();
    }

    @Test
    void the_console_stays_empty() {
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void what_is_too_wide_or_too_faint_is_found(@TempDir Path folder) throws Exception {
        browser().width(360);
        browser().open(Files.writeString(folder.resolve("page.html"), """
                <!DOCTYPE html><title>Page</title>
                <p style="width: 500px; color: #999">Text</p>
                """));

        assertThat(looked("sticksOut()")).hasSize(2);
        assertThat(looked("faint()")).hasSize(1);
    }

    @ParameterizedTest
    @FieldSource("SCHEMES")
    void the_colours_are_those_that_a_reader_wants(String scheme) throws Exception {
        browser().open(MadeSite.folder().resolve("index.html"));
        browser().colours(scheme);

        double[] paper = looked("channels(background(document.body))")
                .valueStream()
                .mapToDouble(JsonNode::asDouble)
                .toArray();

        assertThat(paper).hasSize(3);
        assertThat(Arrays.stream(paper).average().orElseThrow() > 128).isEqualTo(scheme.equals("light"));
    }

    @Test
    void a_phone_leads_to_all_pages_by_one_link_and_a_desk_shows_them_next_to_the_text() throws Exception {
        browser().open(MadeSite.folder().resolve("guide/pools.html"));

        browser().width(WIDTHS.getFirst());
        assertThat(looked("isShown('.jump')").asBoolean()).isTrue();
        assertThat(looked("below('#all-pages', 'main')").asBoolean()).isTrue();
        browser().width(WIDTHS.getLast());
        assertThat(looked("isShown('.jump')").asBoolean()).isFalse();
        assertThat(looked("below('#all-pages', 'main')").asBoolean()).isFalse();
    }

    @Test
    void a_page_of_a_class_shows_the_way_back_on_a_phone_too() throws Exception {
        browser().open(MadeSite.folder().resolve("api/dev.dyad.process/dev/dyad/process/Child.html"));

        for (int width : WIDTHS) {
            browser().width(width);
            assertThat(looked("isShown('a[href$=\"../index.html\"]')").asBoolean())
                    .isTrue();
            assertThat(looked("faint()").valueStream().map(JsonNode::asString))
                    .noneMatch(text -> text.contains("All pages"));
        }
    }

    private JsonNode looked(String expression) throws IOException {
        return browser().value(script() + expression);
    }

    private static String script() throws IOException {
        try (InputStream script = PagesInBrowserTest.class.getResourceAsStream("look.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
