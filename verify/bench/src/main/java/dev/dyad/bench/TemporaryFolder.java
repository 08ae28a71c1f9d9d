package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A folder of one's own that is gone, with all that is in it, when it is closed, or when the JVM ends before.
final class TemporaryFolder implements Closeable {

    private static final int MOST_TRIES = 100;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path path;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    static TemporaryFolder make() throws IOException {
        return ExitCleanup.keep(() -> new TemporaryFolder(made()));
    }

    private static Path made() throws IOException {
        try {
            return Files.createTempDirectory("dyad-bench");
        } catch (FileSystemException e) {
            Path wanted = Path.of(String.valueOf(e.getFile()));
            throw new IOException(
                    "no folder can be made in " + wanted.getParent() + ": " + ReportFailure.why(wanted, e), e);
        }
    }

    /// Returns the path of something in it, which need not be there.
    Path resolve(String name) {
        return path.resolve(name);
    }

    /// Copies what lies next to a class into it, and returns the copy.
    Path copy(Class<?> beside, String name) throws IOException {
        Path copy = resolve(name);
        try (InputStream source = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            Files.copy(source, copy);
        }
        return copy;
    }

    @Override
    public synchronized void close() throws IOException {
        for (int tries = 1; Files.exists(path); tries++) { // or the end of the JVM was faster
            try {
                delete();
            } catch (DirectoryNotEmptyException | NoSuchFileException used) { // by a thread that does not know of it
                if (tries == MOST_TRIES) {
                    throw used;
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
        ExitCleanup.forget(this);
    }

    private void delete() throws IOException {
        for (Path each : deepestFirst()) {
            Files.deleteIfExists(each);
        }
    }

    private List<Path> deepestFirst() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
