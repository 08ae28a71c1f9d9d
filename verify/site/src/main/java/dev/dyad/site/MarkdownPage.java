package dev.dyad.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/// A page of the repository.
///
/// @param file its path there
/// @param title its first heading
/// @param sections its headings of the second level
/// @param links where its links and images lead, as they are written
record MarkdownPage(String file, String text, String title, List<Section> sections, List<String> links) {

    /// A part of a page.
    record Section(String anchor, String title) {}

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final Pattern LANGUAGE = Pattern.compile("\\.([a-z]{2})\\.md$");

    static MarkdownPage read(Path root, String file) throws IOException {
        String text = Files.readString(root.resolve(file));
        var contents = new Contents();
        PARSER.parse(text).accept(contents);
        return new MarkdownPage(file, text, contents.title, contents.sections, contents.links);
    }

    /// Returns the page as it was parsed, for somebody who changes it.
    Node document() {
        return PARSER.parse(text);
    }

    String address() {
        return SitePath.of(file);
    }

    String language() {
        return languageOf(file);
    }

    /// Returns the language of a page, which its name says unless it is English: `name.zh.md`.
    static String languageOf(String file) {
        Matcher language = LANGUAGE.matcher(file);
        return language.find() ? language.group(1) : "en";
    }

    /// Returns what a heading says.
    static String text(Node heading) {
        var text = new StringBuilder();
        heading.accept(new AbstractVisitor() {
            @Override
            public void visit(Text node) {
                text.append(node.getLiteral());
            }

            @Override
            public void visit(Code node) {
                text.append(node.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak node) {
                text.append(' ');
            }
        });
        return text.toString();
    }

    private static final class Contents extends AbstractVisitor {

        private final Anchors anchors = new Anchors();
        private final List<Section> sections = new ArrayList<>();
        private final List<String> links = new ArrayList<>();
        private String title = "";

        @Override
        public void visit(Heading heading) {
            String text = text(heading);
            String anchor = anchors.next(text);
            if (heading.getLevel() == 1 && title.isEmpty()) {
                title = text;
            } else if (heading.getLevel() == 2) {
                sections.add(new Section(anchor, text));
            }
            visitChildren(heading);
        }

        @Override
        public void visit(Link link) {
            links.add(link.getDestination());
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            links.add(image.getDestination());
        }
    }
}
