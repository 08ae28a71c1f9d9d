package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.RLimit;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// The limits of a child.
final class Limits {

    private static final Platform OS = Platform.current();

    private record Range(long soft, long hard) {}

    private final Map<Limit, Range> ranges = new EnumMap<>(Limit.class);

    void set(Limit limit, long soft, long hard) {
        if (soft < Limit.UNLIMITED || hard < Limit.UNLIMITED || Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException("not a limit: " + soft + " of at most " + hard);
        }
        ranges.put(limit, new Range(soft, hard));
    }

    /// Limits a child that was just started, and whose exit nobody has taken.
    void apply(int pid) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            MemorySegment wanted = arena.allocate(RLimit.LAYOUT);
            for (var entry : ranges.entrySet()) {
                RLimit.set(wanted, entry.getValue().soft, entry.getValue().hard);
                int answer = OS.limitProcess(state, pid, entry.getKey().number(), wanted);
                if (answer < 0 && !Errno.of(answer).equals(Errno.ESRCH)) { // it has ended already
                    throw new SystemCallException(
                            "prlimit", Errno.of(answer), entry.getKey().name());
                }
            }
        }
    }
}
