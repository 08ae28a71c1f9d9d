package dev.dyad.socket.thread;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes every thread that Dyad starts for itself.
///
/// Such a thread serves everybody and outlives the caller that happened to need it first. So it takes nothing over
/// from the thread that starts it: no context class loader, no inheritable thread-locals, no thread group,
/// no priority. It is a daemon, and it ends a little after there is no more to do, so that a class loader in
/// which Dyad was loaded can go.
public final class LibraryThreads {

    /// For how long a thread without work waits for more.
    public static final Duration IDLE = Duration.ofMillis(100);

    private static final ThreadGroup ROOT = root();

    /// What runs the actions of those that are lost without being closed. Its thread ends with the class
    /// loader. Not made when a class is loaded, which would never be tried again where no thread is left.
    private static volatile @Nullable Cleaner cleaner; // written under the class

    private LibraryThreads() {}

    /// Returns a thread that has not been started.
    ///
    /// @param name its name
    /// @param body what it does; the body deals with what it throws
    /// @return the thread
    public static Thread unstarted(String name, Runnable body) {
        return prepared(new Thread(ROOT, body, name, 0, false));
    }

    /// Returns a shutdown hook. Where the system has no thread left for it, the thread that ends the JVM runs it.
    ///
    /// @param name its name
    /// @param body what it does; the body deals with what it throws
    /// @return the thread, to be given to [Runtime#addShutdownHook]
    public static Thread hook(String name, Runnable body) {
        return prepared(new Hook(name, body));
    }

    /// Takes away what a thread has of the one that makes it.
    @SuppressWarnings("ThreadPriorityCheck") // a user's thread would hand its own down
    private static Thread prepared(Thread thread) {
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(null); // which code that looks for services takes for the system's
        return thread;
    }

    /// A class of ours, which the thread keeps loaded: not for one that outlives its use, as the cleaner's does.
    private static final class Hook extends Thread {

        Hook(String name, Runnable body) {
            super(ROOT, body, name, 0, false);
        }

        @Override
        @SuppressWarnings("DoNotCall") // on this thread, since there is no other
        public void start() {
            try {
                super.start();
            } catch (OutOfMemoryError noThread) {
                run();
            }
        }
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

    /// Starts a virtual thread, for what may wait and has nobody's thread to do so.
    ///
    /// @param name its name
    /// @param body what it does; the body deals with what it throws, and has an end
    /// @return the thread
    public static Thread startVirtual(String name, Runnable body) {
        Thread thread = unstartedVirtual(name, body);
        thread.start();
        return thread;
    }

    /// Returns a virtual thread that has not been started.
    ///
    /// @param name its name
    /// @param body what it does; the body deals with what it throws, and has an end
    /// @return the thread
    public static Thread unstartedVirtual(String name, Runnable body) {
        Thread thread = Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .unstarted(body);
        thread.setContextClassLoader(null);
        return thread;
    }

    /// Has something done once: by [Cleaner.Cleanable#clean], or when `object` is lost before that.
    ///
    /// Where the system has no thread left for it, nobody notices that the object is lost.
    ///
    /// @param object what may be lost without being closed
    /// @param action what is done, which must not lead back to the object
    /// @return what does it, and ends the watch
    public static Cleaner.Cleanable whenLost(Object object, Runnable action) {
        try {
            Cleaner made = cleaner;
            return (made != null ? made : makeCleaner()).register(object, action);
        } catch (OutOfMemoryError noThread) {
            return new Unwatched(action);
        }
    }

    private static final class Unwatched implements Cleaner.Cleanable {

        private final AtomicReference<@Nullable Runnable> action;

        Unwatched(Runnable action) {
            this.action = new AtomicReference<>(action);
        }

        @Override
        public void clean() {
            Runnable first = action.getAndSet(null);
            if (first != null) {
                first.run();
            }
        }
    }

    private static synchronized Cleaner makeCleaner() {
        Cleaner made = cleaner;
        if (made == null) {
            made = Cleaner.create(body -> unstarted("dyad-cleaner", body));
            cleaner = made;
        }
        return made;
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
