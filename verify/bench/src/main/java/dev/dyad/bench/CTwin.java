package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program in C, compiled here and now: the same machine, the same libc, and nothing to ship.
final class CTwin implements Closeable {

    private static final String SHARED = "twin.h";
    private static final String COMPILER = "cc";

    private final TemporaryFolder folder;
    private final String name;
    private final boolean isThere;

    private CTwin(String name, boolean isThere) throws IOException {
        folder = TemporaryFolder.make();
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

    /// Compiles it as [#compile] does. Where there is no compiler, what needs the program is missing, and nothing else.
    static CTwin compileIfPossible(String name) throws IOException, InterruptedException {
        try {
            return compile(name);
        } catch (MissingPeer _) {
            return new CTwin(name, false);
        }
    }

    private static CTwin compiled(String name) throws IOException, InterruptedException {
        var twin = new CTwin(name, true);
        try {
            Path _ = twin.folder.copy(CTwin.class, SHARED);
            Path source = twin.folder.copy(CTwin.class, name + ".c");
            Programs.output(List.of(COMPILER, "-O2", "-pthread", "-o", twin.program(), source.toString()));
            if (!Files.isExecutable(twin.folder.resolve(name))) {
                throw new IOException(COMPILER + " made no program of " + source.getFileName() + ", and exited with 0");
            }
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
        command.add(isThere ? program() : COMPILER);
        command.addAll(List.of(arguments));
        return command;
    }

    /// Returns a contender that needs the program, and is missing without a compiler.
    Contender neededBy(Contender contender) {
        return () -> {
            require();
            return contender.measure();
        };
    }

    /// Makes sure that the program is there.
    ///
    /// @throws MissingPeer if there is no compiler
    void require() throws MissingPeer {
        if (!isThere) {
            Programs.require(COMPILER);
        }
    }

    /// Returns the program's path, for somebody who starts it as a child; without a compiler, nothing is there.
    String program() {
        return folder.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
