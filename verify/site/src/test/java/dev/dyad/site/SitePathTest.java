package dev.dyad.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitePathTest {

    @ParameterizedTest
    @CsvSource({
        "README.md, index.html",
        "CHANGELOG.md, changelog.html",
        "docs/guide/children.md, guide/children.html",
        "docs/wires/README.md, wires/index.html",
        "docs/numbers.md, numbers.html",
        "docs/numbers, numbers/index.html",
        "docs/numbers/run.svg, numbers/run.svg",
        "children/dyad.py, children/dyad.py.html",
        "children, children/index.html"
    })
    void a_page_a_drawing_a_program_and_a_folder_have_each_an_address(String file, String address) {
        assertThat(SitePath.of(file)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "docs/guide/pools.md, workers.md#one, docs/guide/workers.md",
        "docs/guide/pools.md, ../../children/dyad.py, children/dyad.py",
        "docs/guide/pools.md, #one, docs/guide/pools.md",
        "README.md, docs/php.md, docs/php.md",
        "README.md, https://example.org/a.md,",
        "README.md, mailto:a@example.org,"
    })
    void a_link_leads_from_where_its_page_is(String page, String link, String target) {
        assertThat(SitePath.target(page, link)).isEqualTo(target);
    }

    @Test
    void an_address_is_written_from_where_the_page_is() {
        assertThat(SitePath.relative("index.html", "guide/pools.html")).isEqualTo("guide/pools.html");
        assertThat(SitePath.relative("guide/pools.html", "index.html")).isEqualTo("../index.html");
        assertThat(SitePath.relative("guide/pools.html", "guide/workers.html")).isEqualTo("workers.html");
    }

    @Test
    void a_heading_has_the_fragment_that_the_usual_hosts_give_it() {
        var anchors = new Anchors();

        assertThat(anchors.next("A forked JVM runs with -Xrs")).isEqualTo("a-forked-jvm-runs-with--xrs");
        assertThat(anchors.next("PollQueue.remove waits, once")).isEqualTo("pollqueueremove-waits-once");
        assertThat(anchors.next("語法")).isEqualTo("語法");
        assertThat(anchors.next("Added")).isEqualTo("added");
        assertThat(anchors.next("Added")).isEqualTo("added-1");
    }
}
