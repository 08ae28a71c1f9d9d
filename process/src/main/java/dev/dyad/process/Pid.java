package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Rusage;
import dev.dyad.posix.Signals;
import dev.dyad.posix.SysWait;
import dev.dyad.posix.Timeval;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A child process by its pid, until its exit is taken: from then on the number may be another's, and nothing is
/// sent.
///
/// Any thread may use it; the calls made under its lock do not wait.
final class Pid {

    private static final Platform OS = Platform.current();

    private final int pid;
    private final int fd;
    private final Descriptor pidfd; // the owner of the number
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    // -- guarded by this
    private boolean taken;
    private boolean told;
    private boolean groupEndsWithLeader;

    /// How it ended, and what it used until then.
    record End(Exit exit, ResourceUsage usage) {}

    private Pid(int pid, int fd, Descriptor owner) {
        this.pid = pid;
        this.fd = fd;
        pidfd = owner;
    }

    /// Opens a descriptor of a child that was just spawned, or ends the child where that fails.
    static Pid of(int pid) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int answer = OS.openProcess(state, pid);
            if (answer < 0) {
                endNow(arena, pid);
                throw new SystemCallException("pidfd_open", Errno.of(answer));
            }
            try {
                return new Pid(pid, answer, adopted(arena, answer));
            } catch (Throwable failed) {
                endNow(arena, pid);
                throw failed;
            }
        }
    }

    /// Becomes the owner of a number, or closes it.
    private static Descriptor adopted(Arena arena, int number) throws IOException {
        boolean done = false;
        try {
            Descriptor owner = Descriptor.adopt(number);
            done = true;
            return owner;
        } finally {
            if (!done) {
                int _ = Unistd.close(new CallState(arena), number);
            }
        }
    }

    int number() {
        return pid;
    }

    /// Returns the descriptor of the process, by which one waits for its end, until the exit is taken.
    Descriptor pidfd() {
        return pidfd;
    }

    int fd() {
        return fd;
    }

    /// Opens one more descriptor of the process.
    synchronized Descriptor descriptor() throws IOException {
        if (taken) {
            throw new SystemCallException("pidfd_open", Errno.ESRCH, "process " + pid + " has ended");
        }
        try (var arena = Arena.ofConfined()) {
            int copy = Fcntl.fcntl(new CallState(arena), fd, OS.F_DUPFD_CLOEXEC(), 0);
            if (copy < 0) {
                throw new SystemCallException("fcntl", Errno.of(copy), "process " + pid);
            }
            return adopted(arena, copy);
        }
    }

    /// Returns the JDK's handle, while the number is this process's for sure.
    synchronized Optional<ProcessHandle> handle() {
        return taken ? Optional.empty() : ProcessHandle.of(pid);
    }

    /// Does what needs the number, while it is this process's for sure.
    synchronized <T> T whileItsOwn(Elsewhere.Call<T> call) throws IOException {
        if (taken) {
            throw new SystemCallException("setpgid", Errno.ESRCH, "process " + pid + " has ended");
        }
        return call.run();
    }

    /// Has what is left of the group that the process leads get SIGTERM when it has ended.
    synchronized void endGroupWithLeader() {
        groupEndsWithLeader = true;
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
            int answer =
                    group ? Signals.kill(state, -pid, signal.number()) : OS.signalProcess(state, fd, signal.number());
            if (answer < 0 && !Errno.of(answer).equals(Errno.ESRCH)) {
                throw new SystemCallException(group ? "kill" : "pidfd_send_signal", Errno.of(answer));
            }
            return answer >= 0;
        }
    }

    /// Takes the exit of the process, which has ended.
    synchronized End take(Reaper reaper) throws SystemCallException {
        taken = true;
        try (var arena = Arena.ofConfined()) {
            if (groupEndsWithLeader) { // while nobody else can get the number
                int _ = Signals.kill(new CallState(arena), -pid, Signal.TERM.number());
            }
            return waitFor(arena, pid, OS.WNOHANG());
        } finally {
            closeIfOver(reaper);
        }
    }

    /// Notes that the reaper has been told of the end, and watches no more.
    synchronized void told(Reaper reaper) {
        told = true;
        closeIfOver(reaper);
    }

    /// Closes the descriptor, which the reaper watches, and a signal needs as long as the exit is not taken.
    private void closeIfOver(Reaper reaper) {
        if (taken && told) {
            reaper.forget(fd);
            pidfd.close();
            closed.complete(null);
        }
    }

    /// Returns when the descriptor is closed, of a process that has ended.
    void awaitClosed() {
        closed.join();
    }

    /// Ends a process that nobody will ever hear of.
    synchronized void end() throws IOException {
        taken = true;
        try (var arena = Arena.ofConfined()) {
            endNow(arena, pid);
            pidfd.close();
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
        End _ = waitFor(arena, pid, 0);
    }

    private static End waitFor(Arena arena, int pid, int options) throws SystemCallException {
        var state = new CallState(arena);
        MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment usage = arena.allocate(Rusage.LAYOUT);
        int answer;
        do {
            answer = SysWait.wait4(state, pid, status, options, usage);
        } while (answer < 0 && Errno.of(answer).equals(Errno.EINTR));
        if (answer < 0) {
            throw new SystemCallException("wait4", Errno.of(answer), "process " + pid);
        }
        return new End(exit(status.get(ValueLayout.JAVA_INT, 0)), usage(usage));
    }

    private static Exit exit(int status) {
        return SysWait.WIFEXITED(status)
                ? new Exit.Exited(SysWait.WEXITSTATUS(status))
                : new Exit.Signaled(SysWait.WTERMSIG(status), SysWait.WCOREDUMP(status));
    }

    private static ResourceUsage usage(MemorySegment usage) {
        return new ResourceUsage(
                time(Rusage.userTime(usage)),
                time(Rusage.systemTime(usage)),
                Rusage.minorFaults(usage),
                Rusage.majorFaults(usage),
                Rusage.voluntarySwitches(usage),
                Rusage.involuntarySwitches(usage));
    }

    private static Duration time(MemorySegment timeval) {
        return Duration.ofSeconds(Timeval.seconds(timeval)).plus(Timeval.micros(timeval), ChronoUnit.MICROS);
    }
}
