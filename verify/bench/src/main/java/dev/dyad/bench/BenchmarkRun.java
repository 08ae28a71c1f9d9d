package dev.dyad.bench;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One run, as it is kept.
record BenchmarkRun(RunConditions machine, List<Result> results) {

    /// Writes everything, each round's figures included, as JSON.
    void writeTo(Path file) {
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file, this);
    }
}
