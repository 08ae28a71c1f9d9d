package dev.dyad.process.spawn;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Spawn;
import dev.dyad.process.Limit;
import dev.dyad.process.inherited.StandardStreamSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// What the child does with descriptors before it runs its program, in the order in which it was asked for.
final class FileActions implements AutoCloseable {

    private static final Platform OS = Platforms.current();

    final MemorySegment segment;
    private final Arena arena;

    FileActions(Arena arena) throws IOException {
        this.arena = arena;
        segment = arena.allocate(OS.sizeofSpawnFileActions(), 16);
        check("posix_spawn_file_actions_init", Spawn.posix_spawn_file_actions_init(segment));
    }

    void chdir(Path path) throws IOException {
        check(
                "posix_spawn_file_actions_addchdir_np",
                Spawn.posix_spawn_file_actions_addchdir_np(segment, NativeText.string(arena, path)));
    }

    void openNull(int number) throws IOException {
        MemorySegment path = NativeText.string(arena, StandardStreamSocket.NULL_DEVICE);
        checkNumber(
                "posix_spawn_file_actions_addopen",
                Spawn.posix_spawn_file_actions_addopen(segment, number, path, OS.O_RDWR(), 0),
                number);
    }

    void dup2(int fd, int number) throws IOException {
        checkNumber(
                "posix_spawn_file_actions_adddup2",
                Spawn.posix_spawn_file_actions_adddup2(segment, fd, number),
                number);
    }

    /// Closes a number, whether it is open or not.
    void close(int number) throws IOException {
        check("posix_spawn_file_actions_addclose", Spawn.posix_spawn_file_actions_addclose(segment, number));
    }

    /// Closes a number, whether it is open or not, if a descriptor of this process could have it.
    ///
    /// @return `false` if none could
    boolean closes(int number) throws IOException {
        int answer = Spawn.posix_spawn_file_actions_addclose(segment, number);
        if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
            return false;
        }
        check("posix_spawn_file_actions_addclose", answer);
        return true;
    }

    /// Closes every number from one on, unless it is one that no descriptor can have.
    void closeFrom(int number) throws IOException {
        int answer = OS.addCloseFrom(segment, number);
        if (answer < 0 && !Errno.of(answer).equals(Errno.EBADF)) {
            check("posix_spawn_file_actions_addclosefrom_np", answer);
        }
    }

    @Override
    public void close() {
        int _ = Spawn.posix_spawn_file_actions_destroy(segment);
    }

    /// Names the limit where no descriptor can have the number that it is to have in the child.
    private static void checkNumber(String call, int answer, int number) throws IOException {
        if (answer < 0) {
            Errno errno = Errno.of(answer);
            String limit = "a child cannot have descriptor " + number + ": numbers end below this process's limit,"
                    + " RLIMIT_NOFILE (ulimit -n), which is ";
            throw errno.equals(Errno.EBADF)
                    ? new SystemCallException(call, errno, limit + ResourceLimits.ofThisProcess(Limit.NOFILE))
                    : new SystemCallException(call, errno);
        }
    }

    private static void check(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
    }
}
