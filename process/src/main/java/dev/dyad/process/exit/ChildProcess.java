package dev.dyad.process.exit;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Rusage;
import dev.dyad.posix.SigInfo;
import dev.dyad.posix.Signals;
import dev.dyad.posix.SysWait;
import dev.dyad.posix.Timeval;
import dev.dyad.posix.Unistd;
import dev.dyad.process.Exit;
import dev.dyad.process.ResourceUsage;
import dev.dyad.process.Signal;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.BlockingCalls;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A child process by its pid, until its exit is taken: from then on the number may be another's, and
/// nothing is sent.
///
/// It is made before the child, with everything that may fail. Any thread may use it; the calls made under
/// its lock do not wait, but for the one that spawns it.
public final class ChildProcess {

    private static final Platform OS = Platforms.current();
    private static final int NONE = -1;

    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    /// Held while somebody joins the group, and while that gets a signal, which reaches all of it; never by the reaper.
    private final Object joining = new Object();

    // -- guarded by this
    private int reserved; // a descriptor in whose place the child's comes
    private boolean taken;
    private @Nullable Exit exit; // once it is taken
    private @Nullable Throwable whyUnknown; // once that cannot be had
    private boolean isJoined; // at this moment: the number stays the process's
    private boolean groupEndsWithLeader;

    // set by the thread that spawns, under the lock and before others have the child
    private volatile int pid;

    // Set under the lock: its descriptor, until the exit is taken. The loop, whose lock is taken under this one, reads
    // it without.
    private volatile int pidfd = NONE;

    private volatile @Nullable ResourceUsage usage; // set before the exit is told

    /// What returns the pid of a child, or throws before anything has run.
    public interface Spawning extends BlockingCalls.Call<Integer, IOException> {}

    private ChildProcess(int reserved) {
        this.reserved = reserved;
    }

    /// Finds out whether a process can have a descriptor here and makes room for one, and makes sure that its exit
    /// will be kept.
    ///
    /// The JDK's `ProcessBuilder` does the latter once; here it is looked at before each spawn, for a native
    /// library may change it at any time.
    static ChildProcess reserve() throws IOException {
        try (var call = CallState.open()) {
            int kept = OS.keepExits(call);
            if (kept < 0) {
                throw new SystemCallException("sigaction", Errno.of(kept), "SIGCHLD");
            }
            int own = Math.toIntExact(ProcessHandle.current().pid());
            int answer = OS.openProcess(call, own);
            if (answer < 0) {
                throw refused(Errno.of(answer));
            }
            return new ChildProcess(answer);
        }
    }

    private static SystemCallException refused(Errno errno) {
        if (errno.name().equals("ENOSYS") || errno.name().equals("EPERM")) {
            String why = "children need Linux 5.3, and that no filter of system calls (seccomp) refuses this one";
            return new SystemCallException("pidfd_open", errno, why);
        }
        return new SystemCallException("pidfd_open", errno);
    }

    /// Becomes the owner of a number, or closes it.
    private static Descriptor adopted(CallState call, int number) throws IOException {
        boolean done = false;
        try {
            Descriptor owner = Descriptor.adopt(number);
            done = true;
            return owner;
        } finally {
            if (!done) {
                int _ = Unistd.close(call, number);
            }
        }
    }

    /// Spawns the child, and opens a descriptor of it in the reserved place.
    ///
    /// Where another thread is faster there, the child has none: it is ours all the same.
    ///
    /// @param spawn what returns the pid, or throws before anything has run
    synchronized void start(Spawning spawn) throws IOException {
        try (var call = CallState.open()) {
            try {
                pid = spawn.run();
            } finally {
                closeReserved(call);
            }
            open(call);
        } catch (Throwable thrown) {
            if (pid == 0) {
                throw thrown;
            } // or the child runs, and is ours
        }
    }

    private void closeReserved(CallState call) {
        int number = reserved;
        if (number != NONE) {
            reserved = NONE;
            int _ = Unistd.close(call, number);
        }
    }

    private void open(CallState call) {
        pidfd = Math.max(OS.openProcess(call, pid), NONE); // without one it is asked for its end now and then
    }

    /// Gives up what was reserved, for a child that nobody tries to start.
    synchronized void abandon() {
        try (var call = CallState.open()) {
            closeReserved(call);
        }
    }

    public int number() {
        return pid;
    }

    /// Returns whether there is a descriptor of the process, by which one waits for its end.
    boolean hasPidfd() {
        return pidfd != NONE;
    }

    /// Returns the descriptor of the process, which stays open until the exit is taken.
    int pidfd() {
        return pidfd;
    }

    /// Opens one more descriptor of the process.
    public synchronized Descriptor descriptor() throws IOException {
        if (taken) {
            throw new SystemCallException("pidfd_open", Errno.ESRCH, "process " + pid + " has ended");
        }
        try (var call = CallState.open()) {
            boolean isOpen = hasPidfd();
            int answer = isOpen ? Fcntl.fcntl(call, pidfd, OS.F_DUPFD_CLOEXEC(), 0) : OS.openProcess(call, pid);
            if (answer < 0) {
                throw new SystemCallException(isOpen ? "fcntl" : "pidfd_open", Errno.of(answer), "process " + pid);
            }
            return adopted(call, answer);
        }
    }

    /// Returns the JDK's handle, while the number is this process's for sure.
    public synchronized Optional<ProcessHandle> handle() {
        return taken ? Optional.empty() : ProcessHandle.of(pid);
    }

    /// Has another process join the group of this one, which may take long: the exit is not taken meanwhile, so that
    /// the number is this process's for sure, and only a signal to the group waits for that.
    public <T> T whileItsOwn(BlockingCalls.Call<T, IOException> joins) throws IOException {
        synchronized (joining) {
            begin();
            try {
                return joins.run();
            } finally {
                end();
            }
        }
    }

    private synchronized void begin() throws SystemCallException {
        if (taken || hasEnded()) { // or the exit would not be taken for as long as one joins after the other
            throw new SystemCallException("setpgid", Errno.ESRCH, "process " + pid + " has ended");
        }
        isJoined = true;
    }

    private synchronized void end() {
        isJoined = false;
    }

    /// Returns whether the exit can be taken, as far as the system lets us look.
    private boolean hasEnded() {
        try (var call = CallState.open()) {
            MemorySegment info = call.allocate(SigInfo.LAYOUT);
            return look(call, info) == 0 && SigInfo.pid(info) != 0;
        }
    }

    /// Has what is left of the group that the process leads get SIGTERM when it has ended.
    synchronized void endGroupWithLeader() {
        groupEndsWithLeader = true;
    }

    /// Sends a signal to the process, or to the group that it leads.
    ///
    /// @return `false` if it has ended
    public boolean signal(Signal signal, boolean group) throws IOException {
        if (!group) {
            return send(signal, false);
        }
        synchronized (joining) {
            return send(signal, true);
        }
    }

    private synchronized boolean send(Signal signal, boolean group) throws IOException {
        if (taken || pid == 0) {
            return false;
        }
        try (var call = CallState.open()) {
            boolean byNumber = group || !hasPidfd();
            int answer = byNumber ? -OS.errno("ENOSYS") : OS.signalProcess(call, pidfd, signal.number());
            if (isRefused(answer)) {
                if (!isOurs(call)) {
                    return false;
                }
                answer = Signals.kill(call, group ? -pid : pid, signal.number());
                byNumber = true;
            }
            if (answer < 0 && !Errno.of(answer).equals(Errno.ESRCH)) {
                throw new SystemCallException(byNumber ? "kill" : "pidfd_send_signal", Errno.of(answer));
            }
            return answer >= 0;
        }
    }

    /// Returns whether the number is our child's still, which it is until somebody takes its exit.
    private boolean isOurs(CallState call) throws SystemCallException {
        int answer = look(call, call.allocate(SigInfo.LAYOUT));
        if (isRefused(answer) && hasPidfd() && OS.signalProcess(call, pidfd, 0) >= 0) {
            return true;
        }
        if (answer < 0 && !Errno.of(answer).equals(Errno.ECHILD)) {
            throw new SystemCallException("waitid", Errno.of(answer), "process " + pid);
        }
        return answer >= 0;
    }

    /// Returns whether a filter of system calls knows no such call, however often it is made.
    private static boolean isRefused(int answer) {
        return answer == -OS.errno("ENOSYS") || answer == -OS.errno("EPERM");
    }

    /// Looks whether the exit could be taken, and takes nothing.
    private int look(CallState call, MemorySegment info) {
        return SysWait.waitid(call, OS.P_PID(), pid, info, OS.WEXITED() | OS.WNOHANG() | OS.WNOWAIT());
    }

    /// Takes the exit of the process, if it can be had; may be done again.
    ///
    /// @return whether that is settled: the [exit][#exit] was taken, or cannot be had; `false` where the process
    ///     goes on, is held by the process that traces it, or must keep its number
    synchronized boolean take() {
        if (taken || isJoined) {
            return taken;
        }
        try (var call = CallState.open()) {
            if (groupEndsWithLeader) { // while nobody else can get the number
                MemorySegment info = call.allocate(SigInfo.LAYOUT);
                int answer = look(call, info);
                if (answer == 0 && SigInfo.pid(info) != 0) {
                    int _ = Signals.kill(call, -pid, Signal.TERM.number());
                } else if (answer == 0 || !(Errno.of(answer).equals(Errno.ECHILD) || isRefused(answer))) {
                    return false;
                }
            }
            exit = exit(call);
            taken = exit != null;
        } catch (SystemCallException e) {
            giveUp(e);
        }
        return taken;
    }

    /// Notes that nobody will learn how it ended.
    synchronized void giveUp(Throwable why) {
        whyUnknown = why;
        taken = true;
    }

    /// Returns how it ended, once that is settled, or `null` where nobody will know.
    synchronized @Nullable Exit exit() {
        return exit;
    }

    /// Returns why nobody will know how it ended.
    synchronized Throwable whyUnknown() {
        return Objects.requireNonNull(whyUnknown);
    }

    /// Returns what it used until its exit was taken, or `null` where that is not known.
    @Nullable
    ResourceUsage usage() {
        return usage;
    }

    /// Closes the descriptor, which a signal needs as long as the exit is not taken; may be done again.
    synchronized void close(EventLoop loop) {
        if (!closed.isDone()) {
            closePidfd(loop);
            closed.complete(null);
            loop.release();
        }
    }

    private void closePidfd(EventLoop loop) {
        if (hasPidfd()) {
            loop.forget(pidfd);
            try (var call = CallState.open()) {
                int number = pidfd;
                pidfd = NONE;
                int _ = Unistd.close(call, number);
            }
        }
    }

    /// Returns when the descriptor is closed, of a process that has ended.
    void awaitClosed() {
        closed.join();
    }

    private @Nullable Exit exit(CallState call) throws SystemCallException {
        MemorySegment status = call.allocate(ValueLayout.JAVA_INT);
        MemorySegment used = call.allocate(Rusage.LAYOUT);
        int answer = CallState.retry(() -> OS.takeExit(call, pid, status, OS.WNOHANG(), used));
        if (answer < 0) {
            throw new SystemCallException("wait4", Errno.of(answer), "process " + pid);
        }
        if (answer == 0) {
            return null;
        }
        Exit end = exit(status.get(ValueLayout.JAVA_INT, 0));
        usage = usage(used);
        return end;
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
