package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.process.Signal;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.lang.foreign.MemorySegment;

/// What this process does with SIGCHLD. Where it is ignored, as whoever started the JVM may have left it, the
/// kernel forgets how children end.
///
/// @see <a href="https://man7.org/linux/man-pages/man2/wait.2.html">wait(2), notes</a>
public final class SigchldDisposition {

    private static final Platform OS = Platforms.current();
    private static final int SIGCHLD = Signal.CHLD.number();

    private SigchldDisposition() {}

    /// Has the kernel keep the exits of children. A handler that somebody has set stays.
    ///
    /// The JDK's `ProcessBuilder` does the same once; here it is looked at before each spawn, for a native library
    /// may change it at any time.
    public static void requireExits() throws SystemCallException {
        try (var call = CallState.open()) {
            MemorySegment action = call.allocate(SigAction.LAYOUT);
            call(call, MemorySegment.NULL, action);
            boolean ignored = SigAction.handler(action).address() == SigAction.SIG_IGN();
            boolean forgets = (SigAction.flags(action) & OS.SA_NOCLDWAIT()) != 0;
            if (ignored || forgets) {
                if (ignored) {
                    SigAction.setHandler(action, MemorySegment.ofAddress(SigAction.SIG_DFL()));
                }
                SigAction.setFlags(action, SigAction.flags(action) & ~OS.SA_NOCLDWAIT());
                call(call, action, MemorySegment.NULL);
            }
        }
    }

    private static void call(CallState call, MemorySegment wanted, MemorySegment before) throws SystemCallException {
        int answer = Signals.sigaction(call, SIGCHLD, wanted, before);
        if (answer < 0) {
            throw new SystemCallException("sigaction", Errno.of(answer), "SIGCHLD");
        }
    }
}
