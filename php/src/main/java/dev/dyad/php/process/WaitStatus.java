package dev.dyad.php.process;

import dev.dyad.posix.SysWait;
import dev.dyad.process.Exit;

/// The status word of `waitpid(2)`, as Linux packs it: what [SysWait] does not tell of it.
public final class WaitStatus {

    static final int NONE = -1;

    private static final int CORE_DUMPED = 0x80;
    private static final int STOPPED = 0x7f;
    private static final int CONTINUED = 0xffff;

    /// `CLD_CONTINUED` of `<signal.h>`; the other news is `CLD_STOPPED`.
    private static final int CODE_CONTINUED = 6;

    private WaitStatus() {}

    static int of(Exit exit) {
        return switch (exit) {
            case Exit.Exited(int code) -> code << 8;
            case Exit.Signaled(int signal, boolean coreDumped) -> signal | (coreDumped ? CORE_DUMPED : 0);
        };
    }

    static int ofNews(int code, int signal) {
        return code == CODE_CONTINUED ? CONTINUED : STOPPED | signal << 8;
    }

    public static boolean isSignaled(int status) {
        return !SysWait.WIFEXITED(status) && SysWait.WTERMSIG(status) != STOPPED;
    }

    public static boolean isStopped(int status) {
        return (status & 0xff) == STOPPED;
    }

    public static boolean isContinued(int status) {
        return status == CONTINUED;
    }
}
