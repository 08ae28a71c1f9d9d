package dev.dyad.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksTest {

    @TempDir
    private Path site;

    @BeforeEach
    void write_another_page() throws Exception {
        Files.createDirectories(site.resolve("folder"));
        Files.writeString(site.resolve("folder/other page.html"), "<h1 id=\"a(int[])\">Other</h1>");
        Files.writeString(site.resolveSibling("outside.html"), "");
    }

    private Links linksOf(String... addresses) throws Exception {
        var page = new StringBuilder("<h1 id=top>Page</h1>");
        for (String address : addresses) {
            page.append("<a href=\"%s\">x</a>".formatted(address));
        }
        Files.writeString(site.resolve("page.html"), page);
        return Links.of(site);
    }

    @Test
    void a_link_to_a_page_or_to_a_part_of_one_leads_to_something() throws Exception {
        Links links =
                linksOf("folder/other%20page.html", "folder/other%20page.html#a(int%5B%5D)", "#top", "page.html#top");

        assertThat(links.dead()).isEmpty();
        assertThat(links.inside()).isEqualTo(4);
    }

    @Test
    void a_page_or_a_part_that_is_not_there_is_dead() throws Exception {
        List<String> nothing =
                List.of("none.html", "folder/other%20page.html#b()", "#bottom", "../outside.html", "folder", "a b");

        assertThat(linksOf(nothing.toArray(String[]::new)).dead())
                .containsExactlyElementsOf(
                        nothing.stream().map(link -> "page.html: " + link).toList());
    }

    @Test
    void what_leads_elsewhere_is_listed_and_not_tried() throws Exception {
        Links links = linksOf("https://example.org/b#c", "mailto:a@example.org", "data:,", "https://example.org/b#c");

        assertThat(links.dead()).isEmpty();
        assertThat(links.external()).containsExactly("https://example.org/b#c", "mailto:a@example.org");
    }
}
