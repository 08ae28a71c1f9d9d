package dev.dyad.site;

/// Text as HTML.
final class Html {

    private Html() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// Returns a link to an address of the site.
    static String link(String address, String attributes, String text) {
        return "<a href=\"%s\"%s>%s</a>".formatted(escaped(address), attributes, escaped(text));
    }
}
