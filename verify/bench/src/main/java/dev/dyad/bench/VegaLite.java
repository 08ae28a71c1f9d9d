package dev.dyad.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a chart is made of: a template in JSON, and the data that go into it.
final class VegaLite {

    private static final JsonMapper JSON = JsonMapper.shared();

    private VegaLite() {}

    /// Returns a template with these rows for its data.
    static ObjectNode template(String name, List<?> rows) {
        var spec = (ObjectNode) JSON.readTree(text(name + ".vl.json"));
        spec.withObject("data").set("values", node(rows));
        return spec;
    }

    /// Returns a part of a chart, which is there.
    static ObjectNode object(ObjectNode spec, String path) {
        return (ObjectNode) spec.at(path);
    }

    static JsonNode node(Object value) {
        return JSON.valueToTree(value);
    }

    /// Returns a file that lies next to our classes.
    static String text(String name) {
        try (InputStream file = Objects.requireNonNull(VegaLite.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
