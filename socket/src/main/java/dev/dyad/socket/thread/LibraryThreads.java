package dev.dyad.socket.thread;

import java.lang.ref.Cleaner;
import java.time.Duration;

/// Makes every thread that Dyad starts for itself.
///
/// Such a thread serves everybody and outlives whoever happened to need it first. So it takes nothing over
/// from the thread that starts it: no context class loader, no inheritable thread-locals, no thread group,
/// no priority. It is a daemon, and it ends a little after there is no more to do, so that a class loader in
/// which Dyad was loaded can go.
public final class LibraryThreads {

    /// For how long a thread without work waits for more.
    public static final Duration IDLE = Duration.ofMillis(100);

    private static final ThreadGroup ROOT = root();

    private LibraryThreads() {}

    /// What runs the actions of those that are lost without being closed. Its thread ends with the class
    /// loader.
    private static final class Lost {
        static final Cleaner CLEANER = Cleaner.create(body -> unstarted("dyad-cleaner", body));
    }

    /// Returns a thread that has not been started, as shutdown hooks are.
    ///
    /// @param name its name
    /// @param body what it does; the body deals with what it throws
    /// @return the thread
    @SuppressWarnings("ThreadPriorityCheck") // a user's thread would hand its own down
    public static Thread unstarted(String name, Runnable body) {
        Thread thread = Thread.ofPlatform()
                .group(ROOT)
                .name(name)
                .daemon()
                .priority(Thread.NORM_PRIORITY)
                .inheritInheritableThreadLocals(false)
                .unstarted(body);
        thread.setContextClassLoader(null); // which those who look for services take for the system's
        return thread;
    }

    /// Starts a thread.
    ///
    /// @param name its name
    /// @param body what it does
    /// @return the thread
    /// @throws OutOfMemoryError if the system has no thread left
    public static Thread start(String name, Runnable body) {
        Thread thread = unstarted(name, body);
        thread.start();
        return thread;
    }

    /// Returns the cleaner of all that may be lost without being closed.
    ///
    /// @return the cleaner, the same one each time
    public static Cleaner cleaner() {
        return Lost.CLEANER;
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
