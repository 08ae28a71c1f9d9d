package dev.dyad.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the documentation of a type is, for the names in the text of a page.
final class ApiLinks {

    private static final Pattern NAME = Pattern.compile("([A-Z]\\w*)(?:[.#](\\w+))?(?:\\(.*\\))?");
    private static final Pattern PAGE = Pattern.compile("[A-Z]\\w*\\.html");
    private static final Pattern ID = Pattern.compile(" id=\"(\\w+)(\\([^\"]*\\))?\"");
    private static final List<String> JDK = List.of("lang", "io", "net", "nio", "nio.channels", "util", "time");

    private final Path site;
    private final Map<String, String> pages = new HashMap<>();
    private final Map<String, Map<String, String>> members = new HashMap<>();

    /// Looks at the documentation that is in a site.
    ApiLinks(Path site) throws IOException {
        this.site = site;
        Set<String> ambiguous = new HashSet<>();
        try (Stream<Path> files = Files.walk(site.resolve(SitePath.API).resolveSibling(""))) {
            files.filter(file ->
                            PAGE.matcher(String.valueOf(file.getFileName())).matches())
                    .forEach(file -> {
                        String name = String.valueOf(file.getFileName()).replace(".html", "");
                        if (pages.put(name, site.relativize(file).toString()) != null || isOfTheJdk(name)) {
                            ambiguous.add(name);
                        }
                    });
        }
        pages.keySet().removeAll(ambiguous);
    }

    private static boolean isOfTheJdk(String name) {
        return JDK.stream().anyMatch(each -> {
            try {
                Class.forName("java." + each + "." + name, false, ApiLinks.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        });
    }

    /// Returns where a name leads, such as `Child`, `Child.waitFor()` or `Signal.TERM`; null if that is not
    /// one of ours.
    @Nullable
    String address(String code) {
        Matcher name = NAME.matcher(code);
        if (!name.matches()) {
            return null;
        }
        String page = pages.get(name.group(1));
        String member = name.group(2);
        if (page == null || member == null) {
            return page;
        }
        String id = members.computeIfAbsent(page, this::idsOf).get(member);
        return id == null ? null : page + "#" + id;
    }

    /// Returns the fragment of each member; of several methods of a name, that of the first.
    private Map<String, String> idsOf(String page) {
        try {
            Map<String, String> ids = new HashMap<>();
            ID.matcher(Files.readString(site.resolve(page))).results().forEach(id -> {
                String parameters = id.group(2) == null ? "" : id.group(2);
                ids.putIfAbsent(id.group(1), id.group(1) + parameters);
            });
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
