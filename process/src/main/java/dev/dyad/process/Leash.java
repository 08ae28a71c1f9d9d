package dev.dyad.process;

import dev.dyad.socket.SystemCallException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A command that gets a signal when its parent ends, in whatever way: `setpriv` of util-linux asks the kernel for
/// it, and a shell looks whether the parent was still there by then.
///
/// What was asked for stays when another program takes the process over, so that both are gone when the command
/// runs.
final class Leash {

    /// The parent may have ended before the signal was asked for: then the parent is another.
    private static final String STILL_THERE = "[ \"$PPID\" = \"$1\" ] || kill -s KILL $$; shift; exec \"$@\"";

    private Leash() {}

    /// Returns the words of a command that runs `words`.
    ///
    /// @param directory the child's, or `null` for this process's own
    /// @throws SystemCallException if there is no such program, which otherwise the shell alone would say
    static List<String> words(Signal signal, List<String> words, @Nullable Path directory) throws SystemCallException {
        return words(signal, ProcessHandle.current().pid(), ProgramFile.words(words, directory));
    }

    static List<String> words(Signal signal, long parent, List<String> words) {
        var leashed = new ArrayList<>(List.of("setpriv", "--pdeathsig", signal.name(), "--"));
        leashed.addAll(List.of(ProgramFile.SHELL, "-c", STILL_THERE, "sh", Long.toString(parent)));
        leashed.addAll(words);
        return leashed;
    }
}
