package dev.dyad.site;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The order of pages in which somebody meets them, with the index of a folder before what it links to in there.
final class PageOrder {

    private static final String INDEX = "README.md";

    private final Map<String, MarkdownPage> pages = new LinkedHashMap<>();
    private final Set<MarkdownPage> ordered = new LinkedHashSet<>();

    PageOrder(List<MarkdownPage> met) {
        met.forEach(page -> pages.put(page.file(), page));
        add("README.md");
        add("ARCHITECTURE.md");
        met.forEach(page -> add(page.file()));
    }

    List<MarkdownPage> ordered() {
        return new ArrayList<>(ordered);
    }

    private void add(String file) {
        MarkdownPage page = pages.get(file);
        if (page == null || ordered.contains(page)) {
            return;
        }
        Path folder = Path.of(file).getParent();
        if (folder == null) {
            ordered.add(page);
        } else if (file.endsWith(INDEX)) {
            ordered.add(page);
            page.links().forEach(link -> addFrom(folder, SitePath.target(file, link)));
        } else {
            add(folder.resolve(INDEX).toString());
            ordered.add(page);
        }
    }

    private void addFrom(Path folder, @Nullable String target) {
        if (target != null && folder.equals(Path.of(target).getParent())) {
            add(target);
        }
    }
}
