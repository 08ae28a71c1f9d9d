package dev.dyad.interop.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Who goes through scenarios: PHP or Java.
abstract class Side implements AutoCloseable {

    /// How long a scenario may take: on a busy machine a JVM that is forked takes a while to start.
    static final Duration LIMIT = Duration.ofMinutes(1);

    /// The transcript of one that takes longer, and is ended.
    static final String HANGS = "(hangs)\n";

    private final Path folder;
    private final Duration limit;

    /// @param folder what `%D` stands for; what a scenario leaves there is deleted
    Side(Path folder, Duration limit) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.limit = limit;
    }

    /// Returns the transcript of a scenario.
    String run(Scenario scenario) throws Exception {
        try {
            return transcript(scenario.steps());
        } finally {
            empty();
        }
    }

    abstract String transcript(List<String> steps) throws Exception;

    @Override
    public abstract void close() throws IOException;

    Path folder() {
        return folder;
    }

    long limitMillis() {
        return limit.toMillis();
    }

    private void empty() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
