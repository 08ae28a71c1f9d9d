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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What the child does with descriptors before it runs its program, in the order in which it was asked for.
final class FileActions implements AutoCloseable {

    /// Whether each number that is not for the child is closed by an action of its own, and not all by one.
    static final boolean CLOSES_EACH = closesEach(System.getProperty("dyad.spawn", ""));

    private static final Platform OS = Platforms.current();

    /// As many numbers above those that are open as other threads may open until the child is there.
    private static final int MARGIN = 512;

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

    /// Closes every number from one on, unless it is one that no descriptor can have: what the child is not to get
    /// need not be close-on-exec, as the descriptors of the JDK are not.
    void closeFrom(int number) throws IOException {
        if (CLOSES_EACH) {
            closeEachFrom(number);
            return;
        }
        int answer = OS.addCloseFrom(segment, number);
        if (answer < 0 && !Errno.of(answer).equals(Errno.EBADF)) {
            check("posix_spawn_file_actions_addclosefrom_np", answer);
        }
    }

    /// Closes each number that is open here now or may be soon, up to the first that no descriptor can have.
    private void closeEachFrom(int first) throws IOException {
        int end = highest() + MARGIN;
        for (int number = first; number < end; number++) {
            int answer = Spawn.posix_spawn_file_actions_addclose(segment, number);
            if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
                return;
            }
            check("posix_spawn_file_actions_addclose", answer);
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

    static boolean closesEach(String wanted) {
        return switch (wanted) {
            case "" -> !Platforms.current().closesFrom();
            case "each" -> true;
            default -> throw new IllegalArgumentException("dyad.spawn is \"each\" or not set, not \"" + wanted + "\"");
        };
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
