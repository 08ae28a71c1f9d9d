package dev.dyad.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The child processes of this one, zombies included.
final class Children {

    private static final Path PROC = Path.of("/proc");

    private Children() {}

    /// Returns the children by their pid, each with what there is to say of it.
    static Map<Long, String> now() {
        var children = new TreeMap<Long, String>();
        for (Path process : processes()) {
            child(process)
                    .ifPresent(text ->
                            children.put(Long.parseLong(process.getFileName().toString()), text));
        }
        return children;
    }

    private static List<Path> processes() {
        if (!Files.isDirectory(PROC)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(PROC)) {
            return all.filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads `pid (command) state ppid …`, where the command may itself hold spaces and parentheses.
    private static Optional<String> child(Path process) {
        String stat;
        try {
            stat = Files.readString(process.resolve("stat"), ISO_8859_1);
        } catch (IOException endedMeanwhile) {
            return Optional.empty();
        }
        int end = stat.lastIndexOf(')');
        String[] fields = stat.substring(end + 1).strip().split(" ", 3);
        return Long.parseLong(fields[1]) == ProcessHandle.current().pid()
                ? Optional.of("child " + stat.substring(0, end + 1) + (fields[0].equals("Z") ? ", a zombie" : ""))
                : Optional.empty();
    }
}
