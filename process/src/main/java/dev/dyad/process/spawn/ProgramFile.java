package dev.dyad.process.spawn;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The file that `posix_spawnp` runs for the first word of a command, for where another program runs it: that
/// would look along the child's `PATH`, and tell nobody where there is none.
final class ProgramFile {

    static final String SHELL = "/bin/sh";

    private static final int BEGINNING = 128;

    private ProgramFile() {}

    /// Returns `words` with the path of the program in the place of its name.
    ///
    /// @param directory the child's, or `null` for this process's own
    static List<String> words(List<String> words, @Nullable Path directory) throws SystemCallException {
        var found = new ArrayList<>(words);
        found.set(0, find(words.getFirst(), directory));
        return found;
    }

    /// Returns the words of a shell that runs a script which does not say what runs it.
    ///
    /// @throws SystemCallException `ENOEXEC` where it is no text, which shells refuse as well: there is a zero at
    ///     its beginning
    static List<String> script(List<String> words, @Nullable Path directory) throws SystemCallException {
        List<String> found = words(words, directory);
        Path file = NativeText.path(found.getFirst());
        if (isBinary(directory == null ? file : directory.resolve(file))) {
            throw new SystemCallException(
                    "posix_spawn", new Errno(Platforms.current().errno("ENOEXEC")), words.getFirst());
        }
        found.addFirst(SHELL);
        return found;
    }

    private static boolean isBinary(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte first : in.readNBytes(BEGINNING)) {
                if (first == 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return false; // which the shell will say
        }
    }

    /// Returns a path with a slash in it, from the child's directory on.
    ///
    /// @throws SystemCallException as of `execvp(3)`: `EACCES` where there is something that cannot be run, and
    ///     `ENOENT` otherwise
    private static String find(String name, @Nullable Path directory) throws SystemCallException {
        boolean denied = false;
        for (String path : candidates(name)) {
            Path file = directory == null ? NativeText.path(path) : directory.resolve(NativeText.path(path));
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return path.startsWith("-") ? "./" + path : path;
            }
            denied |= Files.exists(file);
        }
        throw new SystemCallException(
                "posix_spawn", new Errno(Platforms.current().errno(denied ? "EACCES" : "ENOENT")), name);
    }

    private static List<String> candidates(String name) {
        if (name.isEmpty() || name.contains("/")) {
            return name.isEmpty() ? List.of() : List.of(name);
        }
        String folders = Objects.requireNonNullElse(NativeText.variable("PATH"), "/bin:/usr/bin");
        var paths = new ArrayList<String>();
        for (String folder : folders.split(File.pathSeparator, -1)) {
            paths.add((folder.isEmpty() ? "." : folder) + "/" + name);
        }
        return paths;
    }
}
