package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Spawn;
import dev.dyad.posix.Unistd;
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
    private final SpawnAttributes attributes;
    private final ChildDescriptors descriptors;
    private int spawned; // the pid, once the program runs

    /// @param words the program and its arguments
    /// @param directory its working directory, or `null` for this process's own
    /// @param descriptors what the child is given, which the caller keeps open
    public SpawnOperation(
            List<String> words,
            @Nullable Path directory,
            Environment environment,
            SpawnAttributes attributes,
            ChildDescriptors descriptors) {
        this.words = words;
        this.directory = directory;
        this.environment = environment;
        this.attributes = attributes;
        this.descriptors = descriptors;
    }

    /// Starts the program. What fails once it runs, as to take back what it was given, is nobody's news.
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
                var actions = new FileActions(arena);
                var wanted = new SpawnAttributes.Native(arena)) {
            plan(actions, sources);
            attributes.set(wanted, arena);
            MemorySegment strings = environment.strings(arena, descriptors.told);
            List<String> run = words;
            int answer = spawn(arena, run, actions, wanted, strings);
            if (answer < 0 && answer == -OS.errno("ENOEXEC")) { // which no program is, but what a shell reads
                run = ProgramFile.script(words, directory);
                answer = spawn(arena, run, actions, wanted, strings);
            }
            if (answer < 0) {
                throw failure(Errno.of(answer), run.getFirst());
            }
            spawned = answer;
        }
    }

    /// @return the pid, or `-errno` where nothing has run
    private static int spawn(
            Arena arena,
            List<String> words,
            FileActions actions,
            SpawnAttributes.Native attributes,
            MemorySegment environment) {
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        int answer = Spawn.posix_spawnp(
                pid,
                NativeText.string(arena, words.getFirst()),
                actions.segment,
                attributes.segment,
                strings(arena, words),
                environment);
        return answer < 0 ? answer : pid.get(ValueLayout.JAVA_INT, 0);
    }

    private void plan(FileActions actions, Sources sources) throws IOException {
        if (directory != null) {
            actions.chdir(directory);
        }
        var given = new TreeSet<>(descriptors.sources.keySet());
        given.addAll(descriptors.nulls);
        int end = Math.max(ChildDescriptors.STREAMS, given.isEmpty() ? 0 : given.last() + 1);
        for (var entry : descriptors.sources.entrySet()) {
            actions.dup2(sources.from(end, given, entry.getValue()), entry.getKey());
        }
        for (int number : descriptors.nulls) {
            actions.openNull(number);
        }
        for (int number = ChildDescriptors.STREAMS; number < end; number++) {
            if (!given.contains(number)) {
                actions.close(number);
            }
        }
        actions.closeFrom(end);
    }

    /// What failed in the child is told by its errno alone, so that one has to look which step it was.
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
