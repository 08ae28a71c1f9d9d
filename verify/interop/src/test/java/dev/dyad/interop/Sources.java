package dev.dyad.interop;

import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The Java sources of this tree, without what was built, fetched or unpacked in it.
final class Sources {

    private static final Set<String> NO_SOURCES = Set.of("target", ".git", "node_modules");
    private static final Map<String, List<Path>> BY_NAME = all().stream()
            .collect(groupingBy(file -> file.getFileName().toString().replace(".java", "")));

    private Sources() {}

    /// Returns the sources by the names of their files, without the suffix. Tests of modules may share a name.
    static Map<String, List<Path>> byName() {
        return BY_NAME;
    }

    static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> all() {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(PhpRuns.ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return NO_SOURCES.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".java")) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
