package dev.dyad.site;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// All pages by what people come for.
final class Navigation {

    /// What people come for.
    enum Part {
        START("Start"),
        GUIDE("Guide"),
        REFERENCE("Reference"),
        NUMBERS("Numbers"),
        INSIDE("How it is built"),
        PROJECT("Project");

        private final String title;

        Part(String title) {
            this.title = title;
        }

        /// Returns where a page is looked for.
        static Part of(MarkdownPage page) {
            String file = page.file();
            if (file.equals("README.md") || file.equals("docs/install.md")) {
                return START;
            }
            if (file.startsWith("docs/guide/")) {
                return GUIDE;
            }
            if (file.startsWith("docs/wires/")
                    || List.of("docs/stability.md", "docs/php.md").contains(file)
                    || !page.language().equals("en")) {
                return REFERENCE;
            }
            if (file.equals("docs/numbers.md")) {
                return NUMBERS;
            }
            return file.contains("/") || file.equals("ARCHITECTURE.md") ? INSIDE : PROJECT;
        }
    }

    private record Entry(String address, String title, String language) {

        String link(String from, String rel) {
            String here = address.equals(from) ? " aria-current=\"page\"" : "";
            String other = language.equals("en") ? "" : " lang=\"%s\" hreflang=\"%<s\"".formatted(language);
            return Html.link(SitePath.relative(from, address), here + other + rel, title);
        }
    }

    private final Map<Part, List<Entry>> parts = new EnumMap<>(Part.class);

    Navigation(List<MarkdownPage> pages) {
        for (Part part : Part.values()) {
            parts.put(part, new ArrayList<>());
        }
        entries(Part.REFERENCE).add(new Entry(SitePath.API, "API: every class and method", "en"));
        new PageOrder(pages)
                .ordered()
                .forEach(page -> entries(Part.of(page)).add(new Entry(page.address(), title(page), page.language())));
        entries(Part.NUMBERS).add(new Entry(SitePath.CHARTS, "Charts of every run", "en"));
    }

    private List<Entry> entries(Part part) {
        return parts.getOrDefault(part, List.of());
    }

    private static String title(MarkdownPage page) {
        if (page.file().equals("README.md")) {
            return "What Dyad is";
        }
        String text = page.language().equals("zh") ? "中文手冊頁:" + page.title() : page.title();
        return text.startsWith("Decisions: ") ? "Why: " + text.substring("Decisions: ".length()) : text;
    }

    /// Returns links to all pages.
    String all(String from) {
        var html = new StringBuilder();
        parts.forEach((part, entries) -> {
            html.append("<p id=\"nav-%s\">%s</p>\n<ul aria-labelledby=\"nav-%1$s\">\n"
                    .formatted(part.name().toLowerCase(Locale.ROOT), part.title));
            entries.forEach(
                    entry -> html.append("<li>").append(entry.link(from, "")).append("</li>\n"));
            html.append("</ul>\n");
        });
        return html.toString();
    }

    /// Returns links to the page before and the page after, for those who read a part from its beginning.
    String neighbours(String from) {
        for (List<Entry> entries : parts.values()) {
            for (int i = 0; i < entries.size(); i++) {
                if (entries.get(i).address().equals(from)) {
                    return neighbour(entries, i - 1, from, "prev") + neighbour(entries, i + 1, from, "next");
                }
            }
        }
        return "";
    }

    private static String neighbour(List<Entry> entries, int index, String from, String rel) {
        return index < 0 || index >= entries.size()
                ? ""
                : entries.get(index).link(from, " rel=\"%s\"".formatted(rel)) + "\n";
    }
}
