package dev.dyad.php.process;

import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Signals;
import dev.dyad.posix.Unistd;
import java.io.IOException;

/// PHP's `posix_` functions that concern processes: groups and signals.
public final class Processes {

    /// What PHP keeps apart from the errors of sockets and of `pcntl_` functions; one per thread.
    private static final ThreadLocal<Integer> LAST_ERROR = ThreadLocal.withInitial(() -> 0);

    private Processes() {}

    public static int lastError() {
        return LAST_ERROR.get();
    }

    /// @return the group, or `-1`
    public static int group(int pid) {
        PhpSocket.requireNative("posix_getpgid");
        return noted(groupOf(pid));
    }

    /// @return the group, or `-errno`
    static int groupOf(int pid) {
        try (var call = CallState.open()) {
            return Unistd.getpgid(call, pid);
        }
    }

    /// A child that has ended and that nobody has waited for is there, as in PHP, but its number may be
    /// another's already: it is not signalled by that.
    public static boolean kill(int pid, int signal) {
        PhpSocket.requireNative("posix_kill");
        try (var call = CallState.open()) {
            boolean isOurs = ForkedChildren.isUnwaited(pid);
            return noted(isOurs ? ForkedChildren.signal(pid, signal) : Signals.kill(call, pid, signal)) == 0;
        } catch (IOException e) {
            return noted(-Errors.errnoOf(e)) == 0;
        }
    }

    private static int noted(int answer) {
        if (answer < 0) {
            LAST_ERROR.set(-answer);
            return -1;
        }
        return answer;
    }
}
