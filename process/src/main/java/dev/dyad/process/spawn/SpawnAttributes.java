package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.posix.Spawn;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The signals of a child, its process group and its session: no signal blocked and none ignored, and group and
/// session of this process, unless something else is said.
///
/// Not for several threads at once.
public final class SpawnAttributes {

    private static final Platform OS = Platforms.current();

    private boolean leadsSession; // and so a process group as well
    private @Nullable Integer group; // the number of the group that it is in: 0 for its own, `null` for this process's
    private boolean keepsIgnoredSignals; // those that this process was started with as ignored

    /// Says nothing.
    public SpawnAttributes() {}

    public void session() {
        leadsSession = true;
    }

    /// @param number 0 for a group of its own
    public void group(int number) {
        group = number;
    }

    public void keepIgnoredSignals() {
        keepsIgnoredSignals = true;
    }

    /// Returns whether the child leads a process group.
    public boolean leadsGroup() {
        return leadsSession || (group != null && group == 0);
    }

    /// What `posix_spawnp` is given.
    static final class Native implements AutoCloseable {

        final MemorySegment segment;

        Native(Arena arena) throws IOException {
            segment = arena.allocate(OS.sizeofSpawnAttributes(), 16);
            check("posix_spawnattr_init", Spawn.posix_spawnattr_init(segment));
        }

        @Override
        public void close() {
            int _ = Spawn.posix_spawnattr_destroy(segment);
        }
    }

    /// Writes down what was said.
    void set(Native attributes, Arena arena) throws IOException {
        MemorySegment segment = attributes.segment;
        MemorySegment none = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        check("posix_spawnattr_setsigmask", Spawn.posix_spawnattr_setsigmask(segment, none));
        MemorySegment reset = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        reset.set(ValueLayout.JAVA_LONG, 0, keepsIgnoredSignals ? ~ignored(arena) : ~0L);
        check("posix_spawnattr_setsigdefault", Spawn.posix_spawnattr_setsigdefault(segment, reset));
        int flags = OS.POSIX_SPAWN_SETSIGMASK() | OS.POSIX_SPAWN_SETSIGDEF();
        if (leadsSession) { // whose leader leads a group already
            flags |= OS.POSIX_SPAWN_SETSID();
        } else if (group != null) {
            check("posix_spawnattr_setpgroup", Spawn.posix_spawnattr_setpgroup(segment, group));
            flags |= OS.POSIX_SPAWN_SETPGROUP();
        }
        check("posix_spawnattr_setflags", Spawn.posix_spawnattr_setflags(segment, (short) flags));
    }

    /// One bit a signal, from 1 on.
    private static long ignored(Arena arena) throws IOException {
        long bits = 0;
        var state = new CallState(arena);
        MemorySegment action = arena.allocate(SigAction.LAYOUT);
        for (int signal = 1; signal < OS.NSIG(); signal++) {
            int answer = Signals.sigaction(state, signal, MemorySegment.NULL, action);
            if (answer == 0 && SigAction.handler(action).address() == SigAction.SIG_IGN()) {
                bits |= 1L << (signal - 1);
            } else if (answer < 0 && answer != -OS.errno("EINVAL")) { // which the C library keeps for itself
                check("sigaction", answer);
            }
        }
        return bits;
    }

    private static void check(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
    }
}
