package dev.dyad.site;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a file of the repository is on the site.
final class SitePath {

    static final String CHARTS = "numbers/index.html";
    static final String API = "api/index.html";
    static final String STYLE = "site.css";

    private static final String RUNS = "docs/numbers";

    private SitePath() {}

    /// Returns the address, from the site's first page on, of what has this path in the repository: a page,
    /// a drawing, a file that is shown on a page, or a folder, whose name has no dot.
    static String of(String file) {
        if (file.equals(RUNS)) {
            return CHARTS;
        }
        String name = file.startsWith("docs/") ? file.substring("docs/".length()) : file;
        if (name.endsWith("README.md")) {
            return name.replace("README.md", "index.html");
        }
        if (name.endsWith(".md")) {
            return name.toLowerCase(Locale.ROOT).replaceFirst("md$", "html");
        }
        if (isDrawing(name)) {
            return name;
        }
        return name.substring(name.lastIndexOf('/') + 1).contains(".") ? name + ".html" : name + "/index.html";
    }

    /// Says whether a file is shown as it is, and not as text on a page.
    static boolean isDrawing(String file) {
        return file.endsWith(".svg");
    }

    /// Returns the path in the repository that a link of a page leads to, or null for one that leads out of it.
    static @Nullable String target(String page, String link) {
        if (link.contains(":")) {
            return null;
        }
        String path = link.replaceFirst("#.*", "");
        return path.isEmpty() ? page : sibling(page, path);
    }

    /// Returns an address from one page to another.
    static String relative(String from, String to) {
        Path folder = Path.of(from).getParent();
        return folder == null ? to : folder.relativize(Path.of(to)).toString();
    }

    private static String sibling(String page, String path) {
        return Path.of(page).resolveSibling(path).normalize().toString();
    }
}
