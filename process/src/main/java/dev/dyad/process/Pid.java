package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SigInfo;
import dev.dyad.posix.Signals;
import dev.dyad.posix.SysWait;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A child process by its pid, until its exit is taken: from then on the number may be another's, and nothing is
/// sent.
///
/// Any thread may use it; the calls made under its lock do not wait.
final class Pid {

    private static final Platform OS = Platform.current();

    private final int pid;
    private final int pidfd;
    private boolean taken; // guarded by this

    private Pid(int pid, int pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
    }

    /// Opens a descriptor of a child that was just spawned, or ends the child where that fails.
    static Pid of(int pid) throws IOException {
        try (var arena = Arena.ofConfined()) {
            int answer = OS.openProcess(new CallState(arena), pid);
            if (answer >= 0) {
                return new Pid(pid, answer);
            }
            endNow(arena, pid);
            throw new SystemCallException("pidfd_open", Errno.of(answer));
        }
    }

    int number() {
        return pid;
    }

    int pidfd() {
        return pidfd;
    }

    /// Sends a signal to the process, or to the group that it leads.
    ///
    /// @return `false` if it has ended
    synchronized boolean signal(Signal signal, boolean group) throws IOException {
        if (taken) {
            return false;
        }
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int answer = group
                    ? Signals.kill(state, -pid, signal.number())
                    : OS.signalProcess(state, pidfd, signal.number());
            if (answer < 0 && !Errno.of(answer).equals(Errno.ESRCH)) {
                throw new SystemCallException(group ? "kill" : "pidfd_send_signal", Errno.of(answer));
            }
            return answer >= 0;
        }
    }

    /// Takes the exit of the process, which has ended, and closes its descriptor.
    synchronized Exit take(Reaper reaper) throws IOException {
        taken = true;
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            try {
                return waitFor(arena, pid, OS.WNOHANG());
            } finally {
                reaper.forget(state, pidfd);
                int _ = Unistd.close(state, pidfd);
            }
        }
    }

    /// Ends a process that nobody will ever hear of.
    synchronized void end() throws IOException {
        taken = true;
        try (var arena = Arena.ofConfined()) {
            endNow(arena, pid);
            int _ = Unistd.close(new CallState(arena), pidfd);
        }
    }

    /// Ends a child of which nothing but its pid is known yet.
    static void endNow(int pid) throws IOException {
        try (var arena = Arena.ofConfined()) {
            endNow(arena, pid);
        }
    }

    private static void endNow(Arena arena, int pid) throws IOException {
        int _ = Signals.kill(new CallState(arena), pid, Signal.KILL.number());
        Exit _ = waitFor(arena, pid, 0);
    }

    private static Exit waitFor(Arena arena, int pid, int options) throws IOException {
        var state = new CallState(arena);
        MemorySegment info = arena.allocate(SigInfo.LAYOUT);
        int answer;
        do {
            answer = SysWait.waitid(state, OS.P_PID(), pid, info, OS.WEXITED() | options);
        } while (answer < 0 && Errno.of(answer).equals(Errno.EINTR));
        if (answer < 0) {
            throw new SystemCallException("waitid", Errno.of(answer), "process " + pid);
        }
        int code = SigInfo.code(info);
        return code == OS.CLD_EXITED()
                ? new Exit.Exited(SigInfo.status(info))
                : new Exit.Signaled(SigInfo.status(info), code == OS.CLD_DUMPED());
    }
}
