package dev.dyad.process;

import dev.dyad.harness.JavaProbe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A JVM of another user than the superuser.
final class OtherUser {

    private static final int NOBODY = 65534;

    private OtherUser() {}

    /// Returns what makes a command somebody else's, at the end of whose arguments it stands.
    static List<String> nobody() {
        return user(NOBODY);
    }

    /// The same, for a user that no other process has at the moment: all processes of one count for its limit.
    static List<String> stranger() {
        return user(50_000 + (int) (ProcessHandle.current().pid() % 10_000));
    }

    private static List<String> user(int number) {
        return List.of("setpriv", "--reuid=" + number, "--regid=" + NOBODY, "--clear-groups");
    }

    /// Returns the command of a probe, whose classes are copied to where everybody may read them.
    ///
    /// @param folder where to, which is everybody's to read afterwards
    static List<String> command(JavaProbe probe, Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(probe.command());
        int at = command.indexOf("-cp") + 1;
        var readable = new ArrayList<String>();
        for (String entry : command.get(at).split(File.pathSeparator)) {
            Path root = Path.of(entry);
            if (Files.isDirectory(root) || root.getFileName().toString().startsWith("dyad")) {
                Path copy = folder.resolve(readable.size() + (Files.isDirectory(root) ? "" : ".jar"));
                copy(root, copy);
                readable.add(copy.toString());
            }
        }
        command.set(at, String.join(File.pathSeparator, readable));
        return command;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, file.equals(from) ? to : to.resolve(from.relativize(file)));
            }
        }
    }
}
