package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One run, as it is kept.
///
/// @param format [#FORMAT], for those who read it another year
/// @param versions of what was measured, and of what stood beside it
record BenchmarkRun(int format, RunConditions machine, Map<String, String> versions, List<SuiteRun> suites) {

    /// Counts the ways in which a run was kept: another number means other names, or the same with another meaning.
    static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    BenchmarkRun {
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(versions, "versions");
        Objects.requireNonNull(suites, "suites");
        if (suites.isEmpty()) {
            throw new IllegalArgumentException("no suites");
        }
    }

    BenchmarkRun(RunConditions machine, Map<String, String> versions, List<SuiteRun> suites) {
        this(FORMAT, machine, versions, suites);
    }

    /// Reads what [#json] wrote.
    ///
    /// @throws ReportFailure if the file can't be read, or is anything else
    static BenchmarkRun read(Path file) throws ReportFailure {
        JsonNode run;
        try {
            run = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw ReportFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw ReportFailure.badData(file, "is not JSON, or not all of it" + place(e));
        }
        if (run.isMissingNode()) {
            throw ReportFailure.badData(file, "is empty");
        }
        JsonNode format = run.path("format");
        if (!format.isInt()) {
            String what = format.isMissingNode() ? "has no `format`" : "has a `format` that is no whole number";
            throw ReportFailure.badData(file, what + ": it is of no run, or of one older than the number");
        }
        if (format.asInt() != FORMAT) {
            throw ReportFailure.badData(
                    file,
                    "is of format %d, and this reads only %d: use the version that wrote it"
                            .formatted(format.asInt(), FORMAT));
        }
        addNobodyAbsent(run);
        requireOrder(file, run);
        try {
            return JSON.treeToValue(run, BenchmarkRun.class);
        } catch (JacksonException e) {
            throw ReportFailure.badData(file, "is of no run" + place(e));
        }
    }

    /// Says where something is wrong, for our reader: what Jackson says of it is meant for those who call it.
    private static String place(JacksonException failure) {
        List<JacksonException.Reference> path = failure.getPath();
        if (path.isEmpty()) {
            TokenStreamLocation at = failure.getLocation();
            return at == null || at.getLineNr() < 1
                    ? ""
                    : ", from line %d, column %d on".formatted(at.getLineNr(), at.getColumnNr());
        }
        return ": see "
                + path.stream()
                        .map(each -> each.getPropertyName() == null
                                ? "[" + each.getIndex() + "]"
                                : "." + each.getPropertyName())
                        .collect(Collectors.joining())
                        .substring(1);
    }

    /// Refuses figures that contradict each other, which nobody has measured.
    private static void requireOrder(Path file, JsonNode run) throws ReportFailure {
        for (JsonNode figures : run.findParents("median")) {
            double min = figures.path("min").asDouble(Double.NaN);
            double max = figures.path("max").asDouble(Double.NaN);
            var values = new ArrayList<JsonNode>(List.of(figures.path("median")));
            figures.path("rounds").forEach(values::add);
            for (JsonNode value : values) {
                if (isOutside(value, min, max)) {
                    throw ReportFailure.badData(
                            file,
                            "has a figure of %s that is to be from %s to %s: nobody has measured that"
                                    .formatted(value, figures.path("min"), figures.path("max")));
                }
            }
        }
    }

    /// What is no number is for others to judge, and a ratio to nothing has none.
    private static boolean isOutside(JsonNode number, double min, double max) {
        double value = number.asDouble(Double.NaN);
        return value < min || value > max;
    }

    /// Completes the results of runs that were kept before anybody could be absent.
    private static void addNobodyAbsent(JsonNode run) {
        for (JsonNode suite : run.path("suites")) {
            for (JsonNode result : suite.path("results")) {
                if (result instanceof ObjectNode older && !older.has("absent")) {
                    older.putArray("absent");
                }
            }
        }
    }

    /// Returns everything, each round's figures included.
    String json() {
        return JSON.writeValueAsString(this) + "\n";
    }
}
