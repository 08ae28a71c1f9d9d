package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
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

    /// Does the same where there is something to measure without it, too: without a compiler, it is missing when it is
    /// asked.
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
            Path _ = twin.folder.copy(CTwin.class, SHARED);
            Path source = twin.folder.copy(CTwin.class, name + ".c");
            Programs.output(List.of(COMPILER, "-O2", "-pthread", "-o", twin.program(), source.toString()));
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

    /// Returns somebody who needs the program at its other end: without a compiler, it is missing.
    Contender with(Contender contender) {
        return () -> {
            require();
            return contender.measure();
        };
    }

    /// Makes sure that the program is there.
    ///
    /// @throws MissingPeer if there is no compiler
    void require() throws MissingPeer {
        Programs.require(program());
    }

    /// Returns the program's path, for somebody who starts it as a child; or, where there is none, what is missing.
    String program() {
        return isThere ? folder.resolve(name).toString() : COMPILER;
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
