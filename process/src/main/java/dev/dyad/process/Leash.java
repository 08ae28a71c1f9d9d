package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A command that gets a signal when its parent ends, in whatever way: `setpriv` of util-linux asks the kernel for it,
/// and a shell looks whether the parent was still there by then.
///
/// What was asked for stays when another program takes the process over, so that both are gone when the command runs.
final class Leash {

    /// The parent may have ended before the signal was asked for: then the parent is another.
    private static final String STILL_THERE = "[ \"$PPID\" = \"$1\" ] || kill -s KILL $$; shift; exec \"$@\"";

    private Leash() {}

    /// Returns the words of a command that runs `words`.
    static List<String> words(Signal signal, long parent, List<String> words) {
        var leashed = new ArrayList<>(List.of("setpriv", "--pdeathsig", signal.name(), "--"));
        leashed.addAll(List.of("sh", "-c", STILL_THERE, "sh", Long.toString(parent)));
        leashed.addAll(words);
        return leashed;
    }

    /// Looks for a program, since the shell would only say on its standard error that there is none.
    static void requireProgram(String name, @Nullable Path directory) throws IOException {
        if (name.contains("/")) {
            Path path = directory == null ? Path.of(name) : directory.resolve(name);
            if (!Files.isExecutable(path)) {
                throw failure(Files.exists(path) ? "EACCES" : "ENOENT", name);
            }
        } else if (Arrays.stream(searched().split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
            throw failure("ENOENT", name);
        }
    }

    private static String searched() {
        return Objects.requireNonNullElse(System.getenv("PATH"), "/bin:/usr/bin");
    }

    private static SystemCallException failure(String errno, String name) {
        return new SystemCallException(
                "posix_spawn", new Errno(Platform.current().errno(errno)), name);
    }
}
