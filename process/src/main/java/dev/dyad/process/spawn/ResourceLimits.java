package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.RLimit;
import dev.dyad.process.Limit;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The resource limits of a child.
public final class ResourceLimits {

    private static final Platform OS = Platforms.current();

    private record Range(long soft, long hard) {}

    private final Map<Limit, Range> ranges = new EnumMap<>(Limit.class);

    /// Limits nothing.
    public ResourceLimits() {}

    /// Sets one, or sets it anew.
    ///
    /// @throws IllegalArgumentException if it cannot be one
    public void set(Limit limit, long soft, long hard) {
        if (soft < Limit.UNLIMITED || hard < Limit.UNLIMITED || Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException("not a limit of " + limit + ": " + soft + " of at most " + hard
                    + ", where each is 0 or more, or -1 for none, and the first is not the greater"
                    + (limit == Limit.NICE ? "; it is 20 minus a nice value: 1 for 19, 40 for -20" : ""));
        }
        ranges.put(limit, new Range(soft, hard));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /// Returns what `prlimit(1)` is told to set them.
    List<String> options() {
        var options = new ArrayList<String>();
        ranges.forEach((limit, range) -> options.add(option(limit, text(range.soft) + ":" + text(range.hard))));
        return options;
    }

    /// Returns what `prlimit(1)` is told to raise the hard limits of this process that are too low for them.
    List<String> raised() throws SystemCallException {
        var options = new ArrayList<String>();
        try (var call = CallState.open()) {
            MemorySegment own = call.allocate(RLimit.LAYOUT);
            for (var entry : ranges.entrySet()) {
                long hard = entry.getValue().hard;
                if (isRaised(call, entry.getKey(), hard, own)) {
                    options.add(option(entry.getKey(), ":" + text(hard)));
                }
            }
        }
        return options;
    }

    private static String option(Limit limit, String range) {
        return "--" + limit.name().toLowerCase(Locale.ROOT) + "=" + range;
    }

    private static String text(long limit) {
        return limit == Limit.UNLIMITED ? "unlimited" : Long.toString(limit);
    }

    /// Finds out whether the kernel will let us set them, before there is a child.
    ///
    /// What this process may not raise for itself, it may not for a child either.
    public void require() throws IOException {
        try (var call = CallState.open()) {
            MemorySegment own = call.allocate(RLimit.LAYOUT);
            for (var entry : ranges.entrySet()) {
                Limit limit = entry.getKey();
                if (isRaised(call, limit, entry.getValue().hard, own)) {
                    MemorySegment raised = call.allocate(RLimit.LAYOUT);
                    RLimit.set(raised, RLimit.current(own), entry.getValue().hard);
                    check(limit, OS.limitProcess(call, 0, number(limit), raised, MemorySegment.NULL));
                    check(limit, OS.limitProcess(call, 0, number(limit), own, MemorySegment.NULL));
                }
            }
        }
    }

    /// @param own where the limit of this process is put
    private static boolean isRaised(CallState call, Limit limit, long hard, MemorySegment own)
            throws SystemCallException {
        check(limit, OS.limitProcess(call, 0, number(limit), MemorySegment.NULL, own));
        return Long.compareUnsigned(hard, RLimit.most(own)) > 0;
    }

    /// Limits a child that was just started, and whose exit nobody can have taken.
    ///
    /// @throws SystemCallException if it is refused, as for a child that has changed its user
    public void apply(int pid) throws SystemCallException {
        try (var call = CallState.open()) {
            MemorySegment wanted = call.allocate(RLimit.LAYOUT);
            for (var entry : ranges.entrySet()) {
                RLimit.set(wanted, entry.getValue().soft, entry.getValue().hard);
                check(entry.getKey(), OS.limitProcess(call, pid, number(entry.getKey()), wanted, MemorySegment.NULL));
            }
        } catch (SystemCallException refused) {
            if (!refused.errno().equals(Errno.ESRCH)) { // or it has ended already
                throw refused;
            }
        }
    }

    /// Returns the soft limit of this process.
    static String ofThisProcess(Limit limit) throws SystemCallException {
        try (var call = CallState.open()) {
            MemorySegment own = call.allocate(RLimit.LAYOUT);
            check(limit, OS.limitProcess(call, 0, number(limit), MemorySegment.NULL, own));
            return Long.toUnsignedString(RLimit.current(own));
        }
    }

    private static int number(Limit limit) {
        return OS.resource("RLIMIT_" + limit.name());
    }

    private static void check(Limit limit, int answer) throws SystemCallException {
        if (answer < 0) {
            throw new SystemCallException("prlimit", Errno.of(answer), limit.name());
        }
    }
}
