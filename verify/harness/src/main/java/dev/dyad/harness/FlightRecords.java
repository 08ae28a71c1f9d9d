package dev.dyad.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// What the flight recorder of this JVM is told from now on. Only the events that are on by default, and those that
/// a test wants.
public final class FlightRecords implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Recording recording = new Recording();

    /// Begins.
    ///
    /// @param wanted the names of the events that are off by default
    public FlightRecords(String... wanted) {
        for (String name : wanted) {
            recording.enable(name).withoutThreshold();
        }
        recording.start();
    }

    /// Returns all that was told so far, of one event or of several, in the order in which they began.
    ///
    /// @param name what their names begin with
    public List<RecordedEvent> of(String name) {
        try {
            Path file = Files.createTempFile("records", ".jfr");
            try {
                recording.dump(file);
                return RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().startsWith(name))
                        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                        .toList();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until there is one.
    ///
    /// @param name its name
    /// @return the first
    public RecordedEvent await(String name) {
        Await.until(() -> !of(name).isEmpty(), LIMIT);
        return of(name).getFirst();
    }

    @Override
    public void close() {
        recording.close();
    }
}
