package dev.dyad.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/// Tells whether a thread waits for descriptors, where nothing in the library does.
public final class Polling {

    private static final Path TASKS = Path.of("/proc/self/task");

    /// `ppoll` and `epoll_pwait`, on aarch64 and on x86-64, and the older calls that only the latter has.
    private static final Set<String> CALLS = Set.of("73", "22", "271", "281", "7", "232");

    private static final Set<Thread.State> PARKED = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    private static final int LONGEST_NAME = 15;

    private Polling() {}

    /// Returns whether the thread is parked, if it is virtual, or in a call of the kernel that waits for descriptors.
    ///
    /// @param thread has a name that no other one begins with, if it is a platform thread
    public static boolean isIn(Thread thread) {
        return thread.isVirtual() ? PARKED.contains(thread.getState()) : isInCall(thread.getName());
    }

    private static boolean isInCall(String name) {
        String known = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.anyMatch(task -> line(task, "comm").equals(known)
                    && CALLS.contains(line(task, "syscall").split(" ")[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Path task, String file) {
        try {
            return Files.readString(task.resolve(file)).strip();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
