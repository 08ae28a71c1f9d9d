package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SigInfo;
import dev.dyad.posix.SysWait;
import dev.dyad.process.Child;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The children of `pcntl_fork` that nobody has waited for yet.
final class Children {

    private static final ConcurrentMap<Integer, Child> UNWAITED = new ConcurrentHashMap<>();

    /// How often to look whether a child was stopped, of which nothing tells.
    private static final long GLANCE_MILLIS = 10;

    /// What PHP keeps apart from the errors of sockets; one per thread.
    private static final ThreadLocal<Integer> LAST_ERROR = ThreadLocal.withInitial(() -> 0);

    private Children() {}

    static int lastError() {
        return LAST_ERROR.get();
    }

    static void lastError(int errno) {
        LAST_ERROR.set(errno);
    }

    static void add(Child child) {
        UNWAITED.put((int) child.pid(), child);
    }

    /// Waits as `waitpid` does.
    ///
    /// @return the pid of a child of which there was something to say, `0` if there is none yet, `-1` on
    ///     failure
    static int waitFor(int pid, Ref<Integer> status, int flags) {
        if (status.value == null) {
            status.value = 0;
        }
        try {
            while (true) {
                List<Child> children = named(pid);
                if (children.isEmpty()) {
                    return failed("ECHILD");
                }
                int found = find(children, status, flags);
                if (found != 0 || (flags & Sockets.WNOHANG) != 0) {
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
        lastError(Platform.current().errno(errno));
        return -1;
    }

    /// Returns the child `pid`; for -1 all of them, and for 0 too, for they are all of our process group.
    private static List<Child> named(int pid) {
        if (pid == -1 || pid == 0) {
            return List.copyOf(UNWAITED.values());
        }
        Child child = UNWAITED.get(pid);
        return child == null ? List.of() : List.of(child);
    }

    private static int find(List<Child> children, Ref<Integer> status, int flags)
            throws IOException, InterruptedException {
        for (Child child : children) {
            int pid = (int) child.pid();
            if (!child.isAlive() && UNWAITED.remove(pid, child)) {
                status.value = Status.of(child.waitFor());
                child.close();
                return pid;
            }
            int news = news(pid, flags & (Sockets.WUNTRACED | Sockets.WCONTINUED));
            if (news != Status.NONE) {
                status.value = news;
                return pid;
            }
        }
        return 0;
    }

    /// Takes the news that a child was stopped, or goes on.
    private static int news(int pid, int wanted) {
        if (wanted == 0) {
            return Status.NONE;
        }
        Platform os = Platform.current();
        try (var arena = Arena.ofConfined()) {
            var info = arena.allocate(SigInfo.LAYOUT);
            int answer = SysWait.waitid(new CallState(arena), os.P_PID(), pid, info, wanted | os.WNOHANG());
            return answer < 0 || SigInfo.pid(info) == 0
                    ? Status.NONE
                    : Status.ofNews(SigInfo.code(info), SigInfo.status(info));
        }
    }

    private static void await(List<Child> children, int flags) throws InterruptedException {
        var first = CompletableFuture.anyOf(children.stream().map(Child::onExit).toArray(CompletableFuture[]::new));
        try {
            if ((flags & (Sockets.WUNTRACED | Sockets.WCONTINUED)) == 0) {
                first.get();
            } else {
                first.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException | ExecutionException e) {
            // The next look at the child finds out what this was.
        }
    }
}
