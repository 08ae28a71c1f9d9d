package dev.dyad.site;

import dev.dyad.bench.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The site of a repository.
final class Site {

    private static final String BODY = "<body>\n";
    private static final String BACK = BODY + """
            <nav aria-label="Site"><a href="../index.html">Dyad</a> · <a href="../numbers.html">Numbers</a></nav>
            """;

    private final Path root;
    private final Path folder;
    private final Map<String, MarkdownPage> pages = new LinkedHashMap<>();
    private final Set<String> others = new TreeSet<>();

    private Site(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /// Writes the site of a repository into a folder, and returns its links.
    ///
    /// @param root the repository
    static Links write(Path root, Path folder) throws IOException {
        var site = new Site(root, folder.toAbsolutePath().normalize());
        Files.createDirectories(site.folder);
        site.find();
        site.write();
        return Links.of(site.folder);
    }

    /// In the order in which somebody meets them who begins with the first page; and then those that no page
    /// links to.
    private void find() throws IOException {
        follow(List.of("README.md"));
        follow(pagesOf(root, 1));
        follow(pagesOf(root.resolve("docs"), Integer.MAX_VALUE));
    }

    private void follow(List<String> first) throws IOException {
        List<String> met = new ArrayList<>(first);
        for (int i = 0; i < met.size(); i++) {
            add(met.get(i), met);
        }
    }

    private void add(String file, List<String> met) throws IOException {
        if (!file.endsWith(".md") || pages.containsKey(file)) {
            return;
        }
        MarkdownPage page = MarkdownPage.read(root, file);
        pages.put(file, page);
        for (String link : page.links()) {
            String target = SitePath.target(file, link);
            if (target != null && !target.startsWith("..") && Files.exists(root.resolve(target))) {
                addTarget(target, met);
            }
        }
    }

    /// A folder is shown with the files that are in it; what is in their page's place is one already.
    private void addTarget(String target, List<String> met) throws IOException {
        if (target.endsWith(".md")) {
            met.add(target);
        } else if (!SitePath.of(target).equals(SitePath.CHARTS) && others.add(target)) {
            for (String file : filesOf(target)) {
                addTarget(file, met);
            }
        }
    }

    private List<String> filesOf(String folder) throws IOException {
        if (!Files.isDirectory(root.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private List<String> pagesOf(Path top, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(top, depth)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private void write() throws IOException {
        new ApiPages(root).write(folder.resolve("api"));
        var api = new ApiLinks(folder);
        var layout = new Layout(new Navigation(List.copyOf(pages.values())));
        write(SitePath.STYLE, Layout.resource(SitePath.STYLE));
        for (MarkdownPage page : pages.values()) {
            write(page.address(), layout.of(page, PageBody.of(page, api)));
        }
        for (String file : others) {
            write(SitePath.of(file), content(file, layout));
        }
        write(SitePath.CHARTS, ReportPage.ofKept(root).replaceFirst(BODY, BACK));
    }

    private String content(String file, Layout layout) throws IOException {
        if (Files.isDirectory(root.resolve(file))) {
            return layout.ofFolder(file, filesOf(file));
        }
        String text = Files.readString(root.resolve(file));
        return SitePath.isDrawing(file) ? text : layout.ofFile(file, text);
    }

    private void write(String address, String text) throws IOException {
        Path file = folder.resolve(address);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
