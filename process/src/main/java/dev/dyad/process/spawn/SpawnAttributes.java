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

/// The child's signals, its process group and its session.
final class SpawnAttributes implements AutoCloseable {

    private static final Platform OS = Platforms.current();

    final MemorySegment segment;
    private final Arena arena;

    SpawnAttributes(Arena arena) throws IOException {
        this.arena = arena;
        segment = arena.allocate(OS.sizeofSpawnAttributes(), 16);
        check("posix_spawnattr_init", Spawn.posix_spawnattr_init(segment));
    }

    /// Blocks no signal and ignores none, those excepted that were ignored when this process started.
    void set(SpawnSettings settings) throws IOException {
        MemorySegment none = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        check("posix_spawnattr_setsigmask", Spawn.posix_spawnattr_setsigmask(segment, none));
        MemorySegment reset = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
        reset.set(ValueLayout.JAVA_LONG, 0, settings.keepsIgnoredSignals ? ~ignored() : ~0L);
        check("posix_spawnattr_setsigdefault", Spawn.posix_spawnattr_setsigdefault(segment, reset));
        int flags = OS.POSIX_SPAWN_SETSIGMASK() | OS.POSIX_SPAWN_SETSIGDEF();
        Integer group = settings.group;
        if (settings.leadsSession) { // whose leader leads a group already
            flags |= OS.POSIX_SPAWN_SETSID();
        } else if (group != null) {
            check("posix_spawnattr_setpgroup", Spawn.posix_spawnattr_setpgroup(segment, group));
            flags |= OS.POSIX_SPAWN_SETPGROUP();
        }
        check("posix_spawnattr_setflags", Spawn.posix_spawnattr_setflags(segment, (short) flags));
    }

    @Override
    public void close() {
        int _ = Spawn.posix_spawnattr_destroy(segment);
    }

    /// One bit a signal, from 1 on.
    private long ignored() throws IOException {
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
