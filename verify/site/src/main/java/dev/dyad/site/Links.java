package dev.dyad.site;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/// All links of a site: those that lead to nothing, and those that lead out of it.
final class Links {

    private record Target(String page, String link, Path file, String fragment) {}

    private final Path site;
    private final Map<Path, Set<String>> anchors = new HashMap<>();
    private final List<Target> targets = new ArrayList<>();
    private final Set<String> external = new TreeSet<>();

    private Links(Path site) {
        this.site = site;
    }

    /// Reads every page below a folder.
    static Links of(Path site) throws IOException {
        var links = new Links(site);
        try (Stream<Path> files = Files.walk(site)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".html"))
                    .sorted()
                    .toList()) {
                links.read(file);
            }
        }
        return links;
    }

    private void read(Path file) throws IOException {
        Document page = Jsoup.parse(file.toFile(), StandardCharsets.UTF_8.name());
        anchors.put(
                file,
                page.select("[id], a[name]").stream()
                        .flatMap(element -> Stream.of(element.id(), element.attr("name")))
                        .collect(Collectors.toSet()));
        for (Element element : page.select("[href], [src]")) {
            for (String attribute : List.of("href", "src")) {
                if (element.hasAttr(attribute)) {
                    add(file, element.attr(attribute));
                }
            }
        }
    }

    private void add(Path page, String link) {
        String[] parts = link.split("#", 2);
        String fragment = parts.length == 2 ? decoded(parts[1]) : "";
        try {
            URI address = new URI(parts[0]);
            if (address.getScheme() != null) {
                addExternal(address, link);
                return;
            }
            Path file = parts[0].isEmpty()
                    ? page
                    : page.resolveSibling(decoded(address.getRawPath())).normalize();
            targets.add(new Target(site.relativize(page).toString(), link, file, fragment));
        } catch (URISyntaxException e) {
            targets.add(new Target(site.relativize(page).toString(), link, site.resolve("no address"), fragment));
        }
    }

    private void addExternal(URI address, String link) {
        if (!List.of("javascript", "data").contains(address.getScheme())) {
            external.add(link);
        }
    }

    /// In a path, a plus is a plus.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Returns what leads to nothing, and the page that it is on.
    List<String> dead() {
        return targets.stream()
                .filter(target -> !isThere(target))
                .map(target -> target.page() + ": " + target.link())
                .distinct()
                .toList();
    }

    private boolean isThere(Target target) {
        if (!target.file().startsWith(site) || !Files.isRegularFile(target.file())) {
            return false;
        }
        return target.fragment().isEmpty()
                || anchors.getOrDefault(target.file(), Set.of()).contains(target.fragment());
    }

    /// Returns how many lead to something of the site.
    long inside() {
        return targets.size();
    }

    /// Returns what leads out of the site, which nobody has tried.
    Set<String> external() {
        return external;
    }
}
