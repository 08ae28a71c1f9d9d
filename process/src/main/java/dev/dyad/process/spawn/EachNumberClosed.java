package dev.dyad.process.spawn;

import dev.dyad.posix.Platforms;
import dev.dyad.posix.Setting;
import dev.dyad.posix.Spawn;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Has a child close each number that it is not given, one by one, where the C library cannot close all from a
/// number on.
final class EachNumberClosed {

    /// Whether numbers are closed one by one.
    static final boolean IS_NEEDED = isNeeded(Setting.of("dyad.spawn", "each").equals("each"));

    /// As many numbers above those that are open as other threads may open until the child is there.
    private static final int MARGIN = 512;

    private EachNumberClosed() {}

    /// Closes each number from `first` on that is open here now or may be soon, up to the first that no descriptor
    /// can have.
    ///
    /// @param actions a `posix_spawn_file_actions_t`
    static void add(MemorySegment actions, int first) throws IOException {
        int end = highest() + MARGIN;
        for (int number = first; number < end; number++) {
            int answer = Spawn.posix_spawn_file_actions_addclose(actions, number);
            if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
                return;
            }
            if (answer < 0) {
                throw new SystemCallException("posix_spawn_file_actions_addclose", Errno.of(answer));
            }
        }
    }

    private static int highest() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.mapToInt(number -> Integer.parseInt(number.getFileName().toString()))
                    .max()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            throw new IOException("a spawn that closes each number by itself needs /proc, which is not mounted", e);
        }
    }

    static boolean isNeeded(boolean wanted) {
        return wanted || !Platforms.current().closesFrom();
    }
}
