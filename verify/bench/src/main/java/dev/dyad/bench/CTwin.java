package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// `pair.c`, compiled here and now: the same machine, the same libc, and nothing to ship.
final class CTwin implements Closeable {

    private static final String SOURCE = "pair.c";

    private final Path folder;

    private CTwin(Path folder) {
        this.folder = folder;
    }

    /// Compiles the twin into a temporary folder, which lasts until this is closed.
    static CTwin compile() throws IOException, InterruptedException {
        var twin = new CTwin(Files.createTempDirectory("dyad-bench"));
        try (InputStream source = Objects.requireNonNull(CTwin.class.getResourceAsStream(SOURCE), SOURCE)) {
            Files.copy(source, twin.source());
            Programs.output(
                    List.of("cc", "-O2", "-o", twin.program(), twin.source().toString()));
            return twin;
        } catch (IOException | InterruptedException | RuntimeException e) {
            twin.close();
            throw e;
        }
    }

    /// Returns the nanoseconds that one of `what` takes, averaged over `span`.
    Contender nanosOf(String what, Duration span) {
        List<String> command = List.of(program(), what, Double.toString(span.toMillis() / 1e3));
        return () -> Double.parseDouble(Programs.output(command));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(source());
        Files.deleteIfExists(Path.of(program()));
        Files.delete(folder);
    }

    private Path source() {
        return folder.resolve(SOURCE);
    }

    private String program() {
        return folder.resolve("pair").toString();
    }
}
