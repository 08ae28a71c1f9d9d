package dev.dyad.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What stands around the text of each page.
///
/// @param navigation to all pages
record Layout(Navigation navigation) {

    private static final String FRAME = resource("page.html");
    private static final Pattern TITLE_AND_FIRST_PARAGRAPH =
            Pattern.compile("^<h1.*?</h1>\n(<p>.*?</p>\n)?", Pattern.DOTALL);
    private static final int SECTIONS_OF_A_LONG_PAGE = 3;

    /// Returns a page of the repository.
    String of(MarkdownPage page, String body) {
        String contents = contents(page.sections());
        return around(
                page.address(),
                page.title(),
                page.language(),
                TITLE_AND_FIRST_PARAGRAPH
                        .matcher(body)
                        .replaceFirst(start -> Matcher.quoteReplacement(start.group() + contents)));
    }

    /// Returns a page that shows a file.
    String ofFile(String file, String text) {
        return ofPath(file, "<pre tabindex=\"0\"><code>%s</code></pre>\n".formatted(Html.escaped(text)));
    }

    /// Returns a page that lists what is in a folder.
    String ofFolder(String folder, List<String> files) {
        String address = SitePath.of(folder);
        return ofPath(
                folder,
                files.stream()
                        .map(file -> Html.link(
                                SitePath.relative(address, SitePath.of(file)), "", file.substring(folder.length() + 1)))
                        .collect(Collectors.joining("</li>\n<li>", "<ul>\n<li>", "</li>\n</ul>\n")));
    }

    private String ofPath(String path, String text) {
        return around(
                SitePath.of(path), path, "en", "<h1 class=\"file\">%s</h1>\n%s".formatted(Html.escaped(path), text));
    }

    private String around(String address, String title, String language, String text) {
        String whole = title.equals("Dyad") ? "Dyad: socket pairs for the JVM" : title + " · Dyad";
        return FRAME.replace("{{language}}", language)
                .replace("{{title}}", Html.escaped(whole))
                .replace("{{root}}", SitePath.relative(address, "site.css").replace("site.css", ""))
                .replace("{{neighbours}}", navigation.neighbours(address))
                .replace("{{navigation}}", navigation.all(address))
                .replace("{{text}}", text);
    }

    private static String contents(List<MarkdownPage.Section> sections) {
        if (sections.size() < SECTIONS_OF_A_LONG_PAGE) {
            return "";
        }
        return sections.stream()
                .map(section -> "<li>" + Html.link("#" + section.anchor(), "", section.title()) + "</li>\n")
                .collect(Collectors.joining(
                        "",
                        "\n<details class=\"contents\"><summary>On this page</summary>\n<ul>\n",
                        "</ul>\n</details>\n"));
    }

    static String resource(String name) {
        try (InputStream file = Layout.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + name, e);
        }
    }
}
