package dev.dyad.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where the figures go, as JSON.
record ResultFile(Path path) {

    /// Tries it before an hour has passed in vain.
    boolean canBeWritten() {
        return write(Map.of("state", "running"));
    }

    /// Writes it, or says in a sentence why not.
    boolean write(Object result) {
        try {
            Files.writeString(
                    path,
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(result));
            return true;
        } catch (IOException | JacksonException e) {
            System.err.println("soak: the figures can't be written: " + e.getMessage());
            return false;
        }
    }
}
