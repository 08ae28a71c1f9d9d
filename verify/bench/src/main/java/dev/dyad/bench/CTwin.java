package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A program in C, compiled here and now: the same machine, the same libc, and nothing to ship.
final class CTwin implements Closeable {

    private static final String SHARED = "twin.h";
    private static final String COMPILER = "cc";

    private final Path folder;
    private final String name;
    private final boolean isThere;

    private CTwin(String name, boolean isThere) throws IOException {
        folder = Files.createTempDirectory("dyad-bench");
        folder.toFile().deleteOnExit(); // a signal may end us before the close
        this.name = name;
        this.isThere = isThere;
    }

    /// Compiles `name.c` into a temporary folder, which lasts until this is closed.
    ///
    /// @throws MissingPeer if there is no compiler
    static CTwin compile(String name) throws IOException, InterruptedException {
        Programs.require(COMPILER);
        return compiled(name);
    }

    /// Does the same for somebody to whom it is but a peer: without a compiler, it is missing when it is asked.
    static CTwin compileAsPeer(String name) throws IOException, InterruptedException {
        try {
            return compile(name);
        } catch (MissingPeer _) {
            return new CTwin(name, false);
        }
    }

    private static CTwin compiled(String name) throws IOException, InterruptedException {
        var twin = new CTwin(name, true);
        try {
            twin.copy(SHARED);
            twin.copy(twin.source());
            twin.folder.resolve(name).toFile().deleteOnExit();
            Programs.output(List.of(COMPILER, "-O2", "-pthread", "-o", twin.program(), twin.path(twin.source())));
            return twin;
        } catch (IOException | InterruptedException | RuntimeException e) {
            twin.close();
            throw e;
        }
    }

    /// Returns what the program prints when it is asked so.
    Contender figure(String... arguments) {
        List<String> command = command(arguments);
        return Programs.figure(command);
    }

    /// Returns the command that asks the program so.
    List<String> command(String... arguments) {
        var command = new ArrayList<String>();
        command.add(program());
        command.addAll(List.of(arguments));
        return command;
    }

    /// Returns the program's path, for somebody who starts it as a child; or, where there is none, what is missing.
    String program() {
        return isThere ? path(name) : COMPILER;
    }

    @Override
    public void close() throws IOException {
        for (String file : List.of(SHARED, source(), name)) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
    }

    private void copy(String file) throws IOException {
        Path copy = folder.resolve(file);
        copy.toFile().deleteOnExit();
        try (InputStream text = Objects.requireNonNull(CTwin.class.getResourceAsStream(file), file)) {
            Files.copy(text, copy);
        }
    }

    private String source() {
        return name + ".c";
    }

    private String path(String file) {
        return folder.resolve(file).toString();
    }
}
