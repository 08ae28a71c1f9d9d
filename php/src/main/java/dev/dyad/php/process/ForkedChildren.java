package dev.dyad.php.process;

import dev.dyad.php.Pcntl;
import dev.dyad.php.Ref;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SigInfo;
import dev.dyad.posix.SysWait;
import dev.dyad.process.Child;
import dev.dyad.process.Signal;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The children of `pcntl_fork` that nobody has waited for yet.
public final class ForkedChildren {

    private static final ChildrenByPid<Child> UNWAITED = new ChildrenByPid<>();

    private static final Platform OS = Platforms.current();

    /// `__WNOTHREAD`, `__WALL` and `__WCLONE` of `<linux/wait.h>`: the first two change nothing for a
    /// process of which one thread answers, the last is only for children of another kind, as long as the
    /// second is not there.
    private static final int WNOTHREAD = 0x2000_0000;
    private static final int WALL = 0x4000_0000;
    private static final int WCLONE = 0x8000_0000;
    private static final int KNOWN_FLAGS =
            Pcntl.WNOHANG | Pcntl.WUNTRACED | Pcntl.WCONTINUED | WNOTHREAD | WALL | WCLONE;
    private static final int HIGHEST_SIGNAL = 64;

    /// How often to look whether a child was stopped, of which nothing tells.
    private static final long GLANCE_MILLIS = 10;

    /// What PHP keeps apart from the errors of sockets; one per thread.
    private static final ThreadLocal<Integer> LAST_ERROR = ThreadLocal.withInitial(() -> 0);

    private ForkedChildren() {}

    public static int lastError() {
        return LAST_ERROR.get();
    }

    public static void lastError(int errno) {
        LAST_ERROR.set(errno);
    }

    public static void add(Child child) {
        UNWAITED.add((int) child.pid(), child);
    }

    /// Waits as `waitpid` does.
    ///
    /// @return the pid of a child of which there was something to say, `0` if there is none yet, `-1` on
    ///     failure
    public static int waitFor(int pid, Ref<Integer> status, int flags) {
        if (status.value == null) {
            status.value = 0;
        }
        if ((flags & ~KNOWN_FLAGS) != 0) {
            return failed("EINVAL");
        }
        if (pid == Integer.MIN_VALUE) {
            return failed("ESRCH"); // there is no group with that number without its sign
        }
        if ((flags & (WCLONE | WALL)) == WCLONE) {
            return failed("ECHILD");
        }
        try {
            while (true) {
                List<Child> children = named(pid);
                if (children.isEmpty()) {
                    return failed("ECHILD");
                }
                int found = find(children, status, flags);
                if (found != 0 || (flags & Pcntl.WNOHANG) != 0) {
                    return found;
                }
                await(children, flags);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("EINTR");
        } catch (IOException e) {
            return failed("ECHILD"); // somebody else in this JVM has waited for it
        }
    }

    private static int failed(String errno) {
        lastError(OS.errno(errno));
        return -1;
    }

    /// Returns the child `pid`; for -1 all of them, for 0 those of our process group, and for another
    /// negative number those of that group.
    private static List<Child> named(int pid) {
        if (pid == -1) {
            return UNWAITED.all();
        }
        if (pid > 0) {
            return UNWAITED.of(pid);
        }
        int own = Processes.groupOf(0);
        int wanted = pid == 0 ? own : -pid;
        return UNWAITED.all().stream()
                .filter(child -> groupOf(child, own) == wanted)
                .toList();
    }

    /// One that has ended is reaped already, and in the group that it was made in, as far as anybody knows.
    private static int groupOf(Child child, int own) {
        int group = child.isAlive() ? Processes.groupOf((int) child.pid()) : own;
        return group < 0 ? own : group;
    }

    static boolean isUnwaited(int pid) {
        return !UNWAITED.of(pid).isEmpty();
    }

    /// Sends a signal to a child that nobody has waited for yet.
    ///
    /// @return zero, or `-errno`
    static int signal(int pid, int number) throws IOException {
        if (number < 0 || number > HIGHEST_SIGNAL) {
            return -OS.errno("EINVAL");
        }
        Child child =
                UNWAITED.of(pid).stream().filter(Child::isAlive).findFirst().orElse(null);
        if (child == null || number == 0) {
            return 0; // it was there when this began
        }
        for (Signal signal : Signal.values()) {
            if (signal.number() == number) {
                boolean _ = child.signal(signal);
                return 0;
            }
        }
        return signalByDescriptor(child, number);
    }

    /// The number of the process may be another's by now; its descriptor is not.
    private static int signalByDescriptor(Child child, int number) throws IOException {
        int answer;
        try (Descriptor pidfd = child.pidfd();
                BorrowedFd fd = pidfd.borrow();
                var call = CallState.open()) {
            answer = OS.signalProcess(call, fd.fd(), number);
        } catch (SystemCallException e) {
            answer = -e.errno().code();
        }
        return answer == -OS.errno("ESRCH") ? 0 : answer; // it has ended meanwhile
    }

    private static int find(List<Child> children, Ref<Integer> status, int flags)
            throws IOException, InterruptedException {
        for (Child child : children) {
            int pid = (int) child.pid();
            if (!child.isAlive() && UNWAITED.remove(pid, child)) {
                status.value = WaitStatus.of(child.waitFor());
                child.close();
                return pid;
            }
            int news = news(pid, flags & (Pcntl.WUNTRACED | Pcntl.WCONTINUED));
            if (news != WaitStatus.NONE) {
                status.value = news;
                return pid;
            }
        }
        return 0;
    }

    /// Takes the news that a child was stopped, or goes on.
    private static int news(int pid, int wanted) {
        if (wanted == 0) {
            return WaitStatus.NONE;
        }
        try (var call = CallState.open()) {
            var info = call.allocate(SigInfo.LAYOUT);
            int answer = SysWait.waitid(call, OS.P_PID(), pid, info, wanted | OS.WNOHANG());
            return answer < 0 || SigInfo.pid(info) == 0
                    ? WaitStatus.NONE
                    : WaitStatus.ofNews(SigInfo.code(info), SigInfo.status(info));
        }
    }

    private static void await(List<Child> children, int flags) throws InterruptedException {
        if ((flags & (Pcntl.WUNTRACED | Pcntl.WCONTINUED)) != 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(GLANCE_MILLIS));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return;
        }
        try {
            Object _ = CompletableFuture.anyOf(
                            children.stream().map(Child::onExit).toArray(CompletableFuture[]::new))
                    .get();
        } catch (ExecutionException e) {
            // The next look at the child finds out what this was.
        }
    }
}
