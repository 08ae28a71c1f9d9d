package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A program that says on its standard output what it has on each of its descriptors.
///
/// Not a shell, which for a moment has more of them than it was given.
final class Teller {

    private static final List<String> WORDS = List.of("find", "/proc/self/fd", "-type", "l", "-printf", "%f %l\\n");

    private final Path working;

    /// @param working a folder for its working directory, which it opens, and nobody else has open
    Teller(Path working) throws IOException {
        this.working = working.toRealPath();
    }

    Command command() {
        return Command.of(WORDS).directory(working);
    }

    ProcessBuilder builder() {
        return new ProcessBuilder(WORDS).directory(working.toFile());
    }

    /// Reads what it says, and leaves out what it opened itself.
    SortedMap<Integer, String> told(InputStream out) throws IOException {
        var told = new TreeMap<Integer, String>();
        new String(out.readAllBytes(), UTF_8).lines().forEach(line -> {
            String[] parts = line.split(" ", 2);
            told.put(Integer.valueOf(parts[0]), parts[1]);
        });
        told.values().removeIf(what -> what.matches("/proc/\\d+/fd") || what.equals(working.toString()));
        return told;
    }
}
