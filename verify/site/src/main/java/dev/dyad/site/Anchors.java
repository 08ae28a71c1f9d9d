package dev.dyad.site;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The fragments of a page's headings, as the usual hosts of repositories make them: a link works there and here.
final class Anchors {

    private static final Pattern DROPPED = Pattern.compile("[^\\p{L}\\p{N}_ -]");

    private final Map<String, Integer> taken = new HashMap<>();

    /// Returns that of the page's next heading.
    String next(String heading) {
        String anchor =
                DROPPED.matcher(heading.toLowerCase(Locale.ROOT)).replaceAll("").replace(' ', '-');
        int before = taken.merge(anchor, 1, Integer::sum) - 1;
        return before == 0 ? anchor : anchor + "-" + before;
    }
}
