package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dyad.bench.Result.Versus;
import dev.dyad.harness.Chromium;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a browser makes of the page.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPageTest {

    private static final Pattern MARK =
            Pattern.compile("aria-label=\"([^\"]*)\" role=\"graphics-symbol\" aria-roledescription=\"point\"");
    private static final Pattern PLACE = Pattern.compile("transform=\"translate\\(([-0-9.]+),([-0-9.]+)\\)\"");
    private static final Pattern FIGURE = Pattern.compile("<data value=\"([^\"]*)\">");
    private static final Pattern KEPT =
            Pattern.compile("<script type=\"application/json\" id=\"run-1\">(.*?)</script>", Pattern.DOTALL);

    private final BenchmarkRun run = SampleRuns.one();
    private String dom = "";
    private String console = "";

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        Chromium.require();
        Path page = Files.writeString(folder.resolve("page.html"), ReportPage.of(List.of(run)));
        Path errors = folder.resolve("errors");
        Process browser = new ProcessBuilder(Chromium.command(
                        folder.resolve("profile"),
                        "--enable-logging=stderr",
                        "--virtual-time-budget=10000",
                        "--dump-dom",
                        page.toUri().toString()))
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectError(errors.toFile())
                .start();
        try {
            dom = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(browser.waitFor()).isZero();
            console = Files.readString(errors);
        } finally {
            browser.destroyForcibly();
        }
    }

    @Test
    void the_console_stays_empty_and_every_chart_is_drawn() {
        assertThat(console.lines().filter(line -> line.contains("CONSOLE"))).isEmpty();
        assertThat(dom).contains("data-charts=\"3\"");
    }

    @Test
    void the_marks_of_the_charts_are_the_figures_of_the_run() {
        List<String> wanted = new ArrayList<>();
        for (Result result : results().toList()) {
            result.beside().stream()
                    .filter(versus -> RatioChart.canBeDrawn(versus.ratio()))
                    .forEach(versus -> wanted.add(RatioChart.text(result, versus)));
            if (result.place() != null) {
                wanted.add(CurveChart.text(result, "ours", result.ours()));
                result.beside().forEach(versus -> wanted.add(CurveChart.text(result, versus.rival(), versus.theirs())));
            }
        }

        assertThat(MARK.matcher(dom).results().map(mark -> plain(mark.group(1))))
                .hasSizeGreaterThan(10)
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void each_ratio_is_drawn_where_its_axis_says() {
        double one = place(label(1, "1"), 1);
        double factor = (one - place(label(1, "0.5"), 1)) / Math.log(2);

        for (Result result : results().toList()) {
            for (Versus versus : result.beside()) {
                if (RatioChart.canBeDrawn(versus.ratio())) {
                    assertThat(place(mark(RatioChart.text(result, versus)), 1))
                            .isCloseTo(one + factor * Math.log(versus.ratio().median()), within(0.01));
                }
            }
        }
    }

    @Test
    void each_point_of_a_curve_is_drawn_as_high_as_its_axis_says() {
        double factor = place(label(3, "10"), 2) - place(label(3, "100"), 2);
        List<Result> curve = results()
                .filter(result -> result.place() != null && result.name().endsWith(" ends"))
                .toList();
        double ten = place(
                mark(CurveChart.text(curve.getFirst(), "ours", curve.getFirst().ours())), 2);

        assertThat(ten).isCloseTo(place(label(3, "10"), 2), within(5.0)); // half of the height of the label
        for (Result result : curve) {
            assertThat(place(mark(CurveChart.text(result, "ours", result.ours())), 2))
                    .isCloseTo(ten - factor * Math.log10(result.ours().median() / 10), within(0.01));
        }
    }

    /// Returns where the label of an axis is; the axes are counted from 1 on, in the order of the page.
    private String label(int axis, String text) {
        String labels = dom.split("role-axis-label")[axis].split("</g>")[0];
        return labels.lines()
                .flatMap(line -> Stream.of(line.split("<text ")))
                .filter(label -> label.contains(">" + text + "<"))
                .findFirst()
                .orElseThrow();
    }

    /// Returns the mark that a screen reader reads like this.
    private String mark(String text) {
        return Stream.of(dom.split("<path aria-label="))
                .filter(mark -> plain(mark).startsWith("\"" + text + "\""))
                .findFirst()
                .orElseThrow();
    }

    /// Returns a coordinate: 1 is from the left, 2 from the top.
    private static double place(String element, int coordinate) {
        var place = PLACE.matcher(element);
        assertThat(place.find()).isTrue();
        return Double.parseDouble(place.group(coordinate));
    }

    @Test
    void the_numbers_of_the_tables_are_those_of_the_run() {
        List<Double> wanted = new ArrayList<>();
        results().forEach(result -> {
            wanted.add(result.ours().median());
            result.beside().stream().flatMap(ReportPageTest::medians).forEach(wanted::add);
            if (result.place() != null) {
                wanted.add(result.ours().median());
                result.beside().forEach(versus -> wanted.add(versus.theirs().median()));
            }
        });

        assertThat(FIGURE.matcher(dom).results().map(figure -> Double.valueOf(figure.group(1))))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void the_page_has_the_whole_run_in_it() {
        var kept = KEPT.matcher(dom);

        assertThat(kept.find()).isTrue();
        JsonNode inThePage = JsonMapper.shared().readTree(kept.group(1));
        assertThat(inThePage).isEqualTo(JsonMapper.shared().readTree(run.json()));
    }

    @Test
    void a_name_is_text_whatever_is_in_it() {
        assertThat(dom)
                .doesNotContain("<b>", "<i>")
                .contains("&lt;/script&gt;&lt;b&gt;", "&lt;i&gt;Processor&lt;/i&gt;");
    }

    @Test
    void what_no_difference_shows_is_said_to_be_noise() {
        assertThat(dom).contains("÷ like ours: 1.01, inside the noise", "<td>inside the noise</td>");
    }

    @Test
    void the_key_has_a_mark_for_each_verdict() {
        String key = dom.substring(dom.indexOf("<ul class=\"key\">"), dom.indexOf("</ul>"));

        assertThat(key)
                .contains("●</span>", "◆</span>", "■</span>", "<span class=\"mark noise\">+</span> too few rounds");
    }

    private Stream<Result> results() {
        return run.suites().stream().flatMap(suite -> suite.results().stream());
    }

    private static Stream<Double> medians(Versus versus) {
        return Stream.of(versus.theirs().median(), versus.ratio().median());
    }

    private static String plain(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
