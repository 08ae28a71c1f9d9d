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
import org.jspecify.annotations.Nullable;

/// What is said of a child's process group, its session, and the signals that it ignores. Where nothing is said, it is
/// in our group and our session, and ignores none.
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

    /// Writes down the group, if there is one.
    ///
    /// @param attributes a `posix_spawnattr_t`
    /// @return the flags for the group or the session
    int setGroup(MemorySegment attributes) throws IOException {
        if (leadsSession) { // whose leader leads a group already
            return OS.POSIX_SPAWN_SETSID();
        }
        if (group == null) {
            return 0;
        }
        int answer = Spawn.posix_spawnattr_setpgroup(attributes, group);
        if (answer < 0) {
            throw new SystemCallException("posix_spawnattr_setpgroup", Errno.of(answer));
        }
        return OS.POSIX_SPAWN_SETPGROUP();
    }

    /// Returns the signals that stay ignored, one bit a signal, from 1 on.
    long keptIgnored(Arena arena) throws IOException {
        return keepsIgnoredSignals ? ignored(arena) : 0;
    }

    private static long ignored(Arena arena) throws IOException {
        long bits = 0;
        var state = new CallState(arena);
        MemorySegment action = arena.allocate(SigAction.LAYOUT);
        for (int signal = 1; signal < OS.NSIG(); signal++) {
            int answer = Signals.sigaction(state, signal, MemorySegment.NULL, action);
            if (answer == 0 && SigAction.handler(action).address() == SigAction.SIG_IGN()) {
                bits |= 1L << (signal - 1);
            } else if (answer < 0 && answer != -OS.errno("EINVAL")) { // which the C library keeps for itself
                throw new SystemCallException("sigaction", Errno.of(answer));
            }
        }
        return bits;
    }
}
