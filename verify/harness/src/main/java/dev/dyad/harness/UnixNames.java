package dev.dyad.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The paths at which UNIX sockets of this machine listen, as `/proc` lists them.
final class UnixNames {

    private static final Path SOCKETS = Path.of("/proc/net/unix");
    private static final Pattern LISTENER = Pattern.compile("/dyad\\d+/listener( \\(deleted\\))?$");
    private static final Pattern INODE = Pattern.compile("socket:\\[(\\d+)]");

    private UnixNames() {}

    /// Returns whether a descriptor is a listener in a private folder of Dyad, or stands for the file of
    /// one.
    static boolean isListener(String target) {
        var inode = INODE.matcher(target);
        return inode.matches()
                ? lines().anyMatch(line -> line.contains(" " + inode.group(1) + " ")
                        && LISTENER.matcher(line).find())
                : LISTENER.matcher(target).find();
    }

    private static Stream<String> lines() {
        try {
            return Files.isReadable(SOCKETS) ? Files.readAllLines(SOCKETS).stream() : Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
