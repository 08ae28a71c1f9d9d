package dev.dyad.process.spawn;

import dev.dyad.process.Command;
import dev.dyad.process.Output;
import dev.dyad.process.Signal;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a process has to do for itself before it runs a command, and `posix_spawn` cannot say: well-known programs
/// do it, each of which runs the next one in its place.
///
/// What the kernel may refuse is tried beforehand, by the same programs with nothing to run.
public final class PreExec {

    private static final String LIMITER = "prlimit";
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(10);

    private @Nullable String user;
    private @Nullable String group;
    private @Nullable Integer niceness;
    private @Nullable Integer mask;
    private final ResourceLimits limits;
    private final Set<Signal> ignored = EnumSet.noneOf(Signal.class);

    /// @param limits what the command is limited to, which is set here where nobody else can
    public PreExec(ResourceLimits limits) {
        this.limits = limits;
    }

    /// Changes its user.
    public void user(String name) {
        user = name;
    }

    /// Changes its group.
    public void group(String name) {
        group = name;
    }

    /// Adds to its nice value.
    public void niceness(int increment) {
        niceness = increment;
    }

    /// Sets its file mode mask.
    public void mask(int bits) {
        mask = bits;
    }

    /// Ignores a signal.
    public void ignored(Signal signal) {
        ignored.add(signal);
    }

    /// Returns whether the command is limited by what it does for itself: no other process may set the limits of
    /// one that has changed its user, unless it is privileged to raise them.
    public boolean limits() {
        return (user != null || group != null) && !limits.isEmpty();
    }

    /// Returns whether a shell runs the command in its own place, which does not hand on each variable.
    ///
    /// @param signal what the command gets when this JVM ends, or `null`
    public boolean runsShell(@Nullable Signal signal) {
        return signal != null || mask != null || !ignored.isEmpty();
    }

    /// Returns the words of a command that prepares itself and runs `words`.
    ///
    /// @param signal what it gets when this JVM ends, or `null`
    /// @param directory the child's, or `null` for this process's own
    /// @throws IOException if that is refused, or there is no such program
    public List<String> words(@Nullable Signal signal, List<String> words, @Nullable Path directory)
            throws IOException {
        boolean changes = user != null || group != null || niceness != null;
        if (signal == null && !changes && mask == null && ignored.isEmpty()) {
            return words;
        }
        List<String> program = ProgramFile.words(words, directory);
        List<String> credentials = credentials();
        if (changes) {
            attempt(words(null, 0, credentials, limits() ? List.of(LIMITER, "--version") : List.of("true")));
        }
        if (!limits()) {
            return words(signal, ProcessHandle.current().pid(), credentials, program);
        }
        var all = limiter(limits.raised());
        all.addAll(words(signal, ProcessHandle.current().pid(), credentials, limited(program)));
        return all;
    }

    /// Limits come last: a number of processes would stop what changes the user. To raise one takes the privilege
    /// that is gone then, and comes first.
    private List<String> limited(List<String> program) {
        var all = limiter(limits.options());
        all.addAll(program);
        return all;
    }

    private static List<String> limiter(List<String> options) {
        var all = new ArrayList<String>();
        if (!options.isEmpty()) {
            all.add(LIMITER);
            all.addAll(options);
            all.add("--");
        }
        return all;
    }

    /// @param parent the number that the child's parent has as long as that is there
    List<String> words(@Nullable Signal signal, long parent, List<String> credentials, List<String> words) {
        var all = new ArrayList<String>();
        if (niceness != null) {
            all.addAll(List.of("nice", "-n", niceness.toString(), "--"));
        }
        var privileges = new ArrayList<>(credentials);
        if (signal != null) {
            privileges.addAll(List.of("--pdeathsig", signal.name()));
        }
        if (!privileges.isEmpty()) {
            all.add("setpriv");
            all.addAll(privileges);
            all.add("--");
        }
        if (runsShell(signal)) {
            all.addAll(shell(signal == null ? "" : stillThere(parent)));
        }
        all.addAll(words);
        return all;
    }

    /// The parent may have ended before the signal was asked for: then the parent is another.
    private static String stillThere(long parent) {
        return "[ \"$PPID\" = " + parent + " ] || kill -s KILL $$; ";
    }

    private List<String> shell(String first) {
        var script = new StringBuilder(first);
        if (mask != null) {
            script.append("umask ").append(Integer.toOctalString(mask)).append("; ");
        }
        if (!ignored.isEmpty()) {
            String names = ignored.stream().map(Signal::name).collect(Collectors.joining(" "));
            script.append("trap '' ").append(names).append("; ");
        }
        return List.of(ProgramFile.SHELL, "-c", script.append("exec \"$@\"").toString(), "sh");
    }

    private List<String> credentials() throws IOException {
        var options = new ArrayList<String>();
        String name = user;
        if (name != null) {
            options.addAll(List.of("--reuid", name));
            options.addAll(List.of("--regid", group != null ? group : said(List.of("id", "-g", "--", name))));
            options.add(group == null || isKnown(name) ? "--init-groups" : "--clear-groups");
        } else if (group != null) {
            options.addAll(List.of("--regid", group, "--keep-groups"));
        }
        return options;
    }

    /// Returns whether the system knows which groups somebody is in: a number may be nobody's.
    private static boolean isKnown(String user) throws IOException {
        return !user.matches("\\d+")
                || prepared(List.of("id", "-un", "--", user)).isSuccess();
    }

    /// Runs what only prepares itself: a complaint of one of the programs is the kernel's.
    private static void attempt(List<String> words) throws IOException {
        String _ = said(words);
    }

    private static String said(List<String> words) throws IOException {
        Output output = prepared(words);
        if (!output.isSuccess() || !output.errorLines().isEmpty()) {
            throw new IOException("the child cannot be started so: " + String.join(" ", words) + ": " + output);
        }
        return output.text().strip();
    }

    private static Output prepared(List<String> words) throws IOException {
        try {
            return Command.of(words).environment("LC_ALL", "C").output(Deadline.after(LONGEST_TRIAL));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the child was started", e);
        } catch (TimeoutException e) {
            throw new IOException("the child cannot be started so: " + e.getMessage(), e);
        }
    }
}
