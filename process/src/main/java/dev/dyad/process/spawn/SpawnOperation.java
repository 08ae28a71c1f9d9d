package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Spawn;
import dev.dyad.posix.Unistd;
import dev.dyad.process.Limit;
import dev.dyad.process.inherited.StandardStreamSocket;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One `posix_spawnp`, with everything that the child is to get and nothing else.
public final class SpawnOperation {

    private static final Platform OS = Platforms.current();

    private final List<String> words;
    private final @Nullable Path directory;
    private final Environment environment;
    private final @Nullable SpawnAttributes attributes;
    private final ChildDescriptors descriptors;
    private int spawned; // the pid, once the program runs

    /// @param words the program and its arguments
    /// @param directory its working directory, or `null` for this process's own
    /// @param attributes what is said of its group, session and signals, or `null` for nothing
    /// @param descriptors what the child is given, which the caller keeps open
    public SpawnOperation(
            List<String> words,
            @Nullable Path directory,
            Environment environment,
            @Nullable SpawnAttributes attributes,
            ChildDescriptors descriptors) {
        this.words = words;
        this.directory = directory;
        this.environment = environment;
        this.attributes = attributes;
        this.descriptors = descriptors;
    }

    /// Starts the program. What fails once it runs, as to take back what it was given, is not told.
    ///
    /// @return its pid
    public int run() throws IOException {
        try {
            start();
        } catch (Throwable thrown) {
            if (spawned == 0) {
                throw thrown;
            }
        }
        return spawned;
    }

    private void start() throws IOException {
        try (var arena = Arena.ofConfined();
                var sources = new Sources(arena);
                var prepared = new Prepared(arena)) {
            addFileActions(prepared.actions, sources, arena);
            setAttributes(prepared.attributes, arena);
            MemorySegment strings = environment.strings(arena, descriptors.told);
            List<String> run = words;
            int answer = spawn(arena, run, prepared, strings);
            if (answer < 0 && answer == -OS.errno("ENOEXEC")) { // which no program is, but what a shell reads
                run = ProgramFile.script(words, directory);
                answer = spawn(arena, run, prepared, strings);
            }
            if (answer < 0) {
                throw failure(Errno.of(answer), run.getFirst());
            }
            spawned = answer;
        }
    }

    /// @return the pid, or `-errno` where nothing has run
    private static int spawn(Arena arena, List<String> words, Prepared prepared, MemorySegment environment) {
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        int answer = Spawn.posix_spawnp(
                pid,
                NativeText.string(arena, words.getFirst()),
                prepared.actions,
                prepared.attributes,
                strings(arena, words),
                environment);
        return answer < 0 ? answer : pid.get(ValueLayout.JAVA_INT, 0);
    }

    /// Says what the child does with its directory and its descriptors before it runs its program, in that order.
    private void addFileActions(MemorySegment actions, Sources sources, Arena arena) throws IOException {
        if (directory != null) {
            MemorySegment path = NativeText.string(arena, directory);
            check("posix_spawn_file_actions_addchdir_np", Spawn.posix_spawn_file_actions_addchdir_np(actions, path));
        }
        var given = new TreeSet<>(descriptors.sources.keySet());
        given.addAll(descriptors.nulls);
        int end = Math.max(ChildDescriptors.STREAMS, given.isEmpty() ? 0 : given.last() + 1);
        for (var entry : descriptors.sources.entrySet()) {
            int number = entry.getKey();
            int source = sources.from(end, given, entry.getValue());
            int answer = Spawn.posix_spawn_file_actions_adddup2(actions, source, number);
            checkNumber("posix_spawn_file_actions_adddup2", answer, number);
        }
        for (int number : descriptors.nulls) {
            MemorySegment path = NativeText.string(arena, StandardStreamSocket.NULL_DEVICE);
            int answer = Spawn.posix_spawn_file_actions_addopen(actions, number, path, OS.O_RDWR(), 0);
            checkNumber("posix_spawn_file_actions_addopen", answer, number);
        }
        for (int number = ChildDescriptors.STREAMS; number < end; number++) {
            if (!given.contains(number)) { // whether it is open or not
                check("posix_spawn_file_actions_addclose", Spawn.posix_spawn_file_actions_addclose(actions, number));
            }
        }
        closeFrom(actions, end);
    }

    /// Closes every number from one on, unless it is one that no descriptor can have: what the child is not to get
    /// need not be close-on-exec, as the descriptors of the JDK are not.
    private static void closeFrom(MemorySegment actions, int number) throws IOException {
        if (EachNumberClosed.IS_NEEDED) {
            EachNumberClosed.add(actions, number);
            return;
        }
        int answer = OS.addCloseFrom(actions, number);
        if (answer < 0 && !Errno.of(answer).equals(Errno.EBADF)) {
            check("posix_spawn_file_actions_addclosefrom_np", answer);
        }
    }

    /// Has no signal blocked and none ignored, and the group and session of this process, unless something else is
    /// said.
    private void setAttributes(MemorySegment attributes, Arena arena) throws IOException {
        SpawnAttributes said = this.attributes;
        MemorySegment none = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        check("posix_spawnattr_setsigmask", Spawn.posix_spawnattr_setsigmask(attributes, none));
        MemorySegment reset = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        reset.set(ValueLayout.JAVA_LONG, 0, said == null ? ~0L : ~said.keptIgnored(arena));
        check("posix_spawnattr_setsigdefault", Spawn.posix_spawnattr_setsigdefault(attributes, reset));
        int group = said == null ? 0 : said.setGroup(attributes);
        int flags = OS.POSIX_SPAWN_SETSIGMASK() | OS.POSIX_SPAWN_SETSIGDEF() | group;
        check("posix_spawnattr_setflags", Spawn.posix_spawnattr_setflags(attributes, (short) flags));
    }

    /// Only an errno tells what failed in the child, so that one has to look which step it was.
    private SystemCallException failure(Errno errno, String program) {
        if (directory != null && !(Files.isDirectory(directory) && Files.isExecutable(directory))) {
            return new SystemCallException("chdir", errno, directory.toString());
        }
        return !descriptors.nulls.isEmpty() && errno.equals(failureOfNull())
                ? new SystemCallException(
                        "open",
                        errno,
                        StandardStreamSocket.NULL_DEVICE + ", which is to be descriptor "
                                + descriptors.nulls.iterator().next())
                : new SystemCallException("posix_spawn", errno, program);
    }

    /// Returns why the null device cannot be opened, or `null` if it can.
    private static @Nullable Errno failureOfNull() {
        try (var _ =
                Descriptor.open(StandardStreamSocket.NULL_DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return null;
        } catch (SystemCallException e) {
            return e.errno();
        } catch (IOException closing) {
            return null;
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1L); // zeroed, so it ends with NULL
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, NativeText.string(arena, strings.get(i)));
        }
        return array;
    }

    /// Names the limit where no descriptor can have the number that it is to have in the child.
    private static void checkNumber(String call, int answer, int number) throws IOException {
        if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
            String limit = "a child cannot have descriptor " + number + ": numbers end below this process's limit,"
                    + " RLIMIT_NOFILE (ulimit -n), which is ";
            throw new SystemCallException(call, Errno.EBADF, limit + ResourceLimits.ofThisProcess(Limit.NOFILE));
        }
        check(call, answer);
    }

    private static void check(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
    }

    /// What `posix_spawnp` is given besides strings: its file actions and its attributes.
    private static final class Prepared implements AutoCloseable {

        final MemorySegment actions;
        final MemorySegment attributes;

        Prepared(Arena arena) throws IOException {
            actions = arena.allocate(OS.sizeofSpawnFileActions(), 16);
            attributes = arena.allocate(OS.sizeofSpawnAttributes(), 16);
            check("posix_spawn_file_actions_init", Spawn.posix_spawn_file_actions_init(actions));
            int answer = Spawn.posix_spawnattr_init(attributes);
            if (answer < 0) {
                int _ = Spawn.posix_spawn_file_actions_destroy(actions);
                check("posix_spawnattr_init", answer);
            }
        }

        @Override
        public void close() {
            int _ = Spawn.posix_spawnattr_destroy(attributes);
            int _ = Spawn.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// Our descriptors, those that stand where the child's will be moved out of the way.
    private static final class Sources implements AutoCloseable {

        private final CallState state;
        private final List<Integer> moved = new ArrayList<>();

        Sources(Arena arena) {
            state = new CallState(arena);
        }

        /// Returns `fd`, or a copy of it whose number is none of the child's: above them, where there is one.
        int from(int above, Set<Integer> childs, int fd) throws IOException {
            if (fd >= above) {
                return fd;
            }
            int copy = Fcntl.fcntl(state, fd, OS.F_DUPFD_CLOEXEC(), above);
            if (copy < 0 && Errno.of(copy).equals(Errno.EINVAL)) {
                return among(childs, fd); // no number may be so high
            }
            if (copy < 0) {
                throw new SystemCallException("fcntl", Errno.of(copy), "descriptor " + fd);
            }
            moved.add(copy);
            return copy;
        }

        private int among(Set<Integer> childs, int fd) throws IOException {
            int free = fd;
            while (childs.contains(free)) {
                int above = free == fd ? ChildDescriptors.STREAMS : free + 1;
                free = Fcntl.fcntl(state, fd, OS.F_DUPFD_CLOEXEC(), above);
                if (free < 0) {
                    throw new SystemCallException("fcntl", Errno.of(free), "descriptor " + fd);
                }
                moved.add(free);
            }
            return free;
        }

        @Override
        public void close() {
            for (int fd : moved) {
                int _ = Unistd.close(state, fd);
            }
        }
    }
}
