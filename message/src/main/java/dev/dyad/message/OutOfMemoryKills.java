package dev.dyad.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How many processes the kernel has killed in a control group because no memory was left there.
///
/// The group is the one that a process is in when it is looked for. Where the kernel counts none, or none can be
/// seen from here, the count stays 0.
///
/// @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>, `memory.events`
final class OutOfMemoryKills {

    private static final Path SYSTEM = Path.of("/");
    private static final String COUNTER = "oom_kill ";

    private final @Nullable Path counters;

    private OutOfMemoryKills(@Nullable Path counters) {
        this.counters = counters;
    }

    /// Finds the group of a process.
    static OutOfMemoryKills inGroupOf(long pid) {
        return inGroupOf(pid, SYSTEM);
    }

    /// @param system where `proc` and `sys` are
    static OutOfMemoryKills inGroupOf(long pid, Path system) {
        Path groups = system.resolve("sys/fs/cgroup");
        return new OutOfMemoryKills(lines(system.resolve("proc/" + pid + "/cgroup")).stream()
                .flatMap(line -> counters(line, groups))
                .filter(file -> count(file) >= 0)
                .findFirst()
                .orElse(null));
    }

    /// Returns the files that may count, of a line such as `0::/user.slice` or, in version 1, `4:memory:/jobs`.
    private static Stream<Path> counters(String line, Path groups) {
        String[] parts = line.split(":", 3);
        if (parts.length < 3 || !parts[2].startsWith("/")) {
            return Stream.empty();
        }
        String group = parts[2].substring(1);
        if (parts[1].isEmpty()) {
            return Stream.of(groups.resolve(group).resolve("memory.events"));
        }
        return List.of(parts[1].split(",", -1)).contains("memory")
                ? Stream.of(groups.resolve("memory").resolve(group).resolve("memory.oom_control"))
                : Stream.empty();
    }

    /// Returns how many there have been, 0 where that is not known.
    long count() {
        return counters == null ? 0 : Math.max(count(counters), 0);
    }

    /// Returns -1 where the file does not count them.
    private static long count(Path file) {
        return lines(file).stream()
                .filter(line -> line.startsWith(COUNTER))
                .mapToLong(line -> Long.parseLong(line.substring(COUNTER.length())))
                .findFirst()
                .orElse(-1);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException | SecurityException notHere) {
            return List.of();
        }
    }
}
