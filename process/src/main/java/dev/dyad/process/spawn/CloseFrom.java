package dev.dyad.process.spawn;

import dev.dyad.posix.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// How a child closes every descriptor from a number on: those that it is not to get, and which need not be
/// close-on-exec, as those of the JDK are not.
enum CloseFrom {
    /// One action closes them all.
    FROM {
        @Override
        void close(FileActions actions, int first) throws IOException {
            actions.closeFrom(first);
        }
    },

    /// An action for each number that is open here now, and for as many above as other threads may open until
    /// the child is there.
    EACH {
        @Override
        void close(FileActions actions, int first) throws IOException {
            for (int number = first, end = highest() + MARGIN; number < end && actions.closes(number); number++) {
                // until the last, or the first that no descriptor can have
            }
        }
    };

    static final CloseFrom CHOSEN = choose(System.getProperty("dyad.spawn", ""));

    private static final int MARGIN = 512;

    static CloseFrom choose(String wanted) {
        return switch (wanted) {
            case "" -> Platforms.current().closesFrom() ? FROM : EACH;
            case "each" -> EACH;
            default -> throw new IllegalArgumentException("dyad.spawn is \"each\" or not set, not \"" + wanted + "\"");
        };
    }

    /// Has the child close every number from `first` on.
    abstract void close(FileActions actions, int first) throws IOException;

    private static int highest() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.mapToInt(number -> Integer.parseInt(number.getFileName().toString()))
                    .max()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            throw new IOException("a spawn that closes each number by itself needs /proc, which is not mounted", e);
        }
    }
}
