package dev.dyad.site;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.HtmlRenderer;

/// What a page says, as HTML: the links are the site's, headings can be linked to, and what is wide scrolls
/// by itself.
final class PageBody extends AbstractVisitor {

    private static final Pattern FRAGMENT = Pattern.compile("#.*");

    private final MarkdownPage page;
    private final ApiLinks api;
    private final Anchors anchors = new Anchors();
    private final Map<Node, Map<String, String>> attributes = new HashMap<>();

    private PageBody(MarkdownPage page, ApiLinks api) {
        this.page = page;
        this.api = api;
    }

    static String of(MarkdownPage page, ApiLinks api) {
        var body = new PageBody(page, api);
        Node document = page.document();
        document.accept(body);
        return HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> (node, tag, given) -> body.addAttributes(node, tag, given))
                .build()
                .render(document);
    }

    private void addAttributes(Node node, String tag, Map<String, String> given) {
        if (node instanceof FencedCodeBlock && tag.equals("pre")) {
            given.put("tabindex", "0"); // so that keys can scroll it
        } else {
            given.putAll(attributes.getOrDefault(node, Map.of()));
        }
    }

    @Override
    public void visit(Heading heading) {
        String anchor = anchors.next(MarkdownPage.text(heading));
        attributes.put(heading, Map.of("id", anchor));
        visitChildren(heading);
        if (heading.getLevel() > 1) {
            var link = new HtmlInline();
            link.setLiteral(" <a class=\"anchor\" href=\"#%s\" aria-label=\"Link to this section\">#</a>"
                    .formatted(Html.escaped(anchor)));
            heading.appendChild(link);
        }
    }

    @Override
    public void visit(Link link) {
        String target = SitePath.target(page.file(), link.getDestination());
        if (target != null) {
            link.setDestination(address(target) + fragment(link.getDestination()));
            String language = MarkdownPage.languageOf(target);
            if (!language.equals(page.language())) {
                attributes.put(link, Map.of("hreflang", language));
            }
        }
    }

    @Override
    public void visit(Image image) {
        String target = SitePath.target(page.file(), image.getDestination());
        if (target != null) {
            image.setDestination(address(target));
            box(image.getParent(), "Drawing");
        }
    }

    @Override
    public void visit(Code code) {
        String address = api.address(code.getLiteral());
        if (address != null && !(code.getParent() instanceof Heading)) {
            var link = new Link(SitePath.relative(page.address(), address), null);
            attributes.put(link, Map.of("class", "api"));
            code.insertBefore(link);
            link.appendChild(code);
        }
    }

    @Override
    public void visit(CustomBlock block) {
        if (block instanceof TableBlock) {
            box(block, "Table");
        }
        visitChildren(block);
    }

    /// Comments are for those who write a page.
    @Override
    public void visit(HtmlBlock html) {
        if (html.getLiteral().startsWith("<!--")) {
            html.unlink();
        }
    }

    private static void box(Node wide, String label) {
        var before = new HtmlBlock();
        before.setLiteral("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">".formatted(label));
        var after = new HtmlBlock();
        after.setLiteral("</div>");
        wide.insertBefore(before);
        wide.insertAfter(after);
    }

    private String address(String target) {
        return target.equals(page.file()) ? "" : SitePath.relative(page.address(), SitePath.of(target));
    }

    private static String fragment(String link) {
        Matcher fragment = FRAGMENT.matcher(link);
        return fragment.find() ? fragment.group() : "";
    }
}
