package dev.dyad.harness;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/// A descriptor table with no room in it, for a [JavaProbe] whose [descriptors][JavaProbe#descriptors] are limited.
///
/// One thread uses it.
public final class FullTable implements Closeable {

    private static final String CLASS = ".class";

    private final Deque<FileInputStream> fillers = new ArrayDeque<>();

    private FullTable() {}

    /// Opens files until there is no descriptor left.
    public static FullTable fill() throws IOException {
        var table = new FullTable();
        while (table.add()) {
            // until it cannot
        }
        return table;
    }

    /// Loads what a folder of the class path holds, since a class file cannot be opened once the table is full.
    ///
    /// A jar needs no such care: it stays open from its first class on.
    ///
    /// @param classes one of each folder
    public static void load(Class<?>... classes) throws Exception {
        for (Class<?> one : classes) {
            Path root = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(root)) {
                load(root, one.getClassLoader());
            }
        }
    }

    /// Frees the `count` highest numbers.
    public void freeHighest(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            fillers.removeLast().close();
        }
    }

    /// Frees the `count` lowest numbers.
    public void freeLowest(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            fillers.removeFirst().close();
        }
    }

    /// Frees them all.
    @Override
    public void close() throws IOException {
        freeLowest(fillers.size());
    }

    private boolean add() {
        try {
            fillers.addLast(new FileInputStream("/dev/null"));
            return true;
        } catch (FileNotFoundException full) {
            return false;
        }
    }

    private static void load(Path root, ClassLoader loader) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String name = root.relativize(file).toString().replace('/', '.');
                if (name.endsWith(CLASS) && !name.endsWith("-info.class")) {
                    Class.forName(name.substring(0, name.length() - CLASS.length()), false, loader);
                }
            }
        }
    }
}
