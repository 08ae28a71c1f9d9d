package dev.dyad.soak;

import dev.dyad.bench.SoakRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where the figures go, as JSON: all of them, and next to them a run for `report` to draw.
record ResultFile(Path path) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// Tries it before an hour has passed in vain.
    boolean canBeWritten() {
        return isWritten(() -> JSON.valueToTree(Map.of("state", "running")));
    }

    /// Writes it, or says in a sentence why not.
    ///
    /// @param run without figures so far
    boolean write(SoakResult result, SoakRun run) {
        result.addTo(run);
        return isWritten(() -> {
            ObjectNode all = (ObjectNode) JSON.readTree(JSON.writeValueAsString(result));
            return all.setAll((ObjectNode) JSON.readTree(run.json(result.seconds())));
        });
    }

    /// What is written.
    @FunctionalInterface
    private interface Content {
        ObjectNode get() throws IOException;
    }

    private boolean isWritten(Content content) {
        try {
            Files.writeString(path, JSON.writeValueAsString(content.get()));
            return true;
        } catch (IOException | JacksonException e) {
            System.err.println("dyad soak: can't write \"" + path + "\": " + why(e));
            return false;
        }
    }

    private String why(Exception e) {
        return e instanceof NoSuchFileException
                ? Files.isDirectory(path.resolveSibling("").toAbsolutePath())
                        ? "no file can be made there"
                        : "its folder is not there"
                : String.valueOf(e.getMessage()).replaceFirst("^" + Pattern.quote(path + ": "), "");
    }
}
