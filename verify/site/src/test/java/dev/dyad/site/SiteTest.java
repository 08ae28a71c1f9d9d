package dev.dyad.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The site of this repository, as files. What a browser makes of it is in `PagesInBrowserTest`.
class SiteTest {

    private static final String CHARTS = "numbers/index.html";

    @BeforeAll
    @Timeout(600)
    static void make() {
        assertThat(MadeSite.folder()).isDirectory();
    }

    @Test
    void every_link_leads_to_something_those_into_the_documentation_of_classes_as_well() {
        assertThat(MadeSite.links().dead()).isEmpty();
        assertThat(MadeSite.links().inside()).isGreaterThan(10_000);
        assertThat(page("guide/children.html").select("a.api[href^=../api/dev.dyad.process/]"))
                .hasSizeGreaterThan(10);
    }

    @Test
    void links_to_elsewhere_are_listed() {
        assertThat(MadeSite.links().external())
                .contains("https://semver.org/")
                .allMatch(link -> link.matches("(https?|mailto):.+"));
    }

    @Test
    void every_page_of_the_repository_is_among_the_pages_that_each_page_lists() throws Exception {
        List<String> listed = page("index.html").select("#all-pages a").eachAttr("href");

        try (Stream<Path> guide = Files.walk(MadeSite.ROOT.resolve("docs"));
                Stream<Path> top = Files.list(MadeSite.ROOT)) {
            assertThat(Stream.concat(guide, top)
                            .map(file -> MadeSite.ROOT.relativize(file).toString())
                            .filter(file -> file.endsWith(".md"))
                            .map(SitePath::of))
                    .hasSizeGreaterThan(40)
                    .allSatisfy(address -> assertThat(listed).contains(address));
        }
        assertThat(listed).contains(SitePath.API, CHARTS).doesNotHaveDuplicates();
    }

    @Test
    void every_page_is_html_without_errors_or_ids_that_stand_twice() throws Exception {
        for (Path file : MadeSite.pages()) {
            Parser parser = Parser.htmlParser().setTrackErrors(10);
            Document page = Jsoup.parse(Files.readString(file), "", parser);

            assertThat(parser.getErrors()).as(file.toString()).isEmpty();
            assertThat(page.select("[id]").eachAttr("id")).as(file.toString()).doesNotHaveDuplicates();
        }
    }

    @Test
    void every_page_has_a_title_a_language_and_headings_in_their_order() throws Exception {
        for (Path file : MadeSite.pages()) {
            Document page = parsed(file);

            assertThat(page.title()).as(file.toString()).contains("Dyad");
            assertThat(page.select("html").attr("lang"))
                    .as(file.toString())
                    .isEqualTo(file.endsWith("socket_create_pair.zh.html") ? "zh" : "en");
            assertThat(page.select("meta[name=viewport]").attr("content"))
                    .isEqualTo("width=device-width, initial-scale=1");
            assertThat(page.select("h1")).as(file.toString()).hasSize(1);
            int before = 0;
            for (Element heading : page.select("h1, h2, h3, h4, h5, h6")) {
                int level = heading.tagName().charAt(1) - '0';
                assertThat(level).as("%s: %s", file, heading.text()).isLessThanOrEqualTo(before + 1);
                before = level;
            }
        }
    }

    @Test
    void no_page_needs_a_script_or_anything_from_elsewhere() throws Exception {
        for (Path file : MadeSite.pages()) {
            Document page = parsed(file);

            assertThat(page.select("link").eachAttr("href")).as(file.toString()).noneMatch(SiteTest::isElsewhere);
            assertThat(page.select("[src]").eachAttr("src")).as(file.toString()).noneMatch(SiteTest::isElsewhere);
            if (!file.endsWith(CHARTS)) { // whose tables can be read without one
                assertThat(page.select("script")).as(file.toString()).isEmpty();
            }
        }
        assertThat(MadeSite.folder().resolve("site.css")).content().doesNotContain("http", "@import", "url(");
    }

    private static boolean isElsewhere(String address) {
        return address.contains("//"); // a host
    }

    @Test
    void a_link_to_the_page_in_chinese_says_so() {
        Document first = page("index.html");

        assertThat(first.select("main a[hreflang=zh]").eachAttr("href")).containsExactly("socket_create_pair.zh.html");
        assertThat(first.select("#all-pages a[lang=zh][hreflang=zh]").eachText())
                .containsExactly("中文手冊頁:socket_create_pair");
    }

    @Test
    void a_page_in_chinese_has_its_lists_of_pages_in_english() {
        assertThat(page("socket_create_pair.zh.html")
                        .select("body > header, nav")
                        .eachAttr("lang"))
                .contains("en")
                .doesNotContain("zh");
    }

    @Test
    void a_page_says_where_it_is_among_the_others() {
        Document workers = page("guide/workers.html");

        assertThat(workers.select("[aria-current=page]").eachText()).containsExactly("Workers");
        assertThat(workers.select("a[rel=prev]").eachText()).containsExactly("JSON-RPC, language servers and MCP");
        assertThat(workers.select("a[rel=next]").eachText()).containsExactly("Pools");
    }

    @Test
    void a_program_that_a_page_links_to_can_be_read() throws IOException {
        assertThat(page("children/dyad.py.html").select("pre").text())
                .isEqualToIgnoringWhitespace(Files.readString(MadeSite.ROOT.resolve("children/dyad.py")));
    }

    @Test
    void every_page_of_a_class_leads_back_to_the_others() {
        assertThat(page("api/dev.dyad.process/dev/dyad/process/Child.html")
                        .select("a:contains(All pages of Dyad)")
                        .eachAttr("href"))
                .containsExactly("../../../../../index.html");
    }

    private static Document page(String address) {
        return parsed(MadeSite.folder().resolve(address));
    }

    private static Document parsed(Path file) {
        try {
            return Jsoup.parse(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
