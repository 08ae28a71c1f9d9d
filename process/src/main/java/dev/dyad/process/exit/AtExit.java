package dev.dyad.process.exit;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Ends the children that are alive when the JVM ends, all of them at once and each as `Child.close` does.
///
/// A JVM that is killed comes to no such end: its children find the end of their streams, and those that do
/// not read need `Command.parentDeathSignal`.
public final class AtExit {

    private static final Set<ChildLifecycle> ALIVE = ConcurrentHashMap.newKeySet();
    private static final Set<Listener> LISTENERS = ConcurrentHashMap.newKeySet();

    /// How long the end of the JVM waits for a spawn that is under way, and for what got SIGKILL: the kernel
    /// may be waiting for a file system that is gone.
    private static final Duration LAST = Duration.ofSeconds(10);

    private static final int MOST_TRIES = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private static boolean begun; // guarded by the class

    /// A hook while there is a child or a listener: its class loader could not go as long as it is one.
    private static final Thread HOOK = LibraryThreads.hook("dyad-at-exit", AtExit::endAll);

    static {
        ClassPreloader.from(AtExit.class);
    }

    private AtExit() {}

    /// The JVM ends, and nothing would end a child that is started now.
    public static final class Begun extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Hears that the JVM ends.
    @FunctionalInterface
    public interface Listener {

        /// Is told before children are ended, once or more. Waits for nothing.
        void jvmEnds();

        /// Returns for how long at most all children are to live on, as if the JVM did not end; zero if they need not.
        default Duration within() {
            return Duration.ZERO;
        }

        /// Waits until this needs them no longer, or the deadline has passed.
        default void awaitLeave(Deadline deadline) {}
    }

    /// Returns whether the JVM ends.
    public static synchronized boolean hasBegun() {
        return begun;
    }

    /// Has a listener told before children are ended because the JVM ends. Where that has begun, it is told
    /// nothing: what is started then is ended only by the kernel, once the JVM is gone.
    public static void listen(Listener listener) {
        boolean _ = hasAdded(LISTENERS, listener);
    }

    /// Has a listener told no more.
    public static void forget(Listener listener) {
        remove(LISTENERS, listener);
    }

    /// Adds a child that is about to be started.
    ///
    /// @throws Begun if it is too late for that
    static void add(ChildLifecycle child) {
        if (!hasAdded(ALIVE, child)) {
            throw new Begun();
        }
    }

    static void remove(ChildLifecycle child) {
        remove(ALIVE, child);
    }

    /// @return false where the JVM ends already
    private static synchronized <T> boolean hasAdded(Set<T> all, T one) {
        begun = begun || (isForNobody() && !hooks());
        return !begun && all.add(one);
    }

    private static synchronized <T> void remove(Set<T> all, T one) {
        if (all.remove(one) && isForNobody() && !begun) {
            unhook();
        }
    }

    private static boolean isForNobody() {
        return ALIVE.isEmpty() && LISTENERS.isEmpty();
    }

    private static boolean hooks() {
        try {
            Runtime.getRuntime().addShutdownHook(HOOK);
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private static void unhook() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(HOOK);
        } catch (IllegalStateException ending) {
            // it runs, or is about to
        }
    }

    /// Waits for those that want children to live on. The others are told at once.
    private static void awaitLeave() {
        Map<Listener, Deadline> deadlines = LISTENERS.stream()
                .filter(AtExit::isToBeAwaited)
                .collect(Collectors.toMap(listener -> listener, listener -> Deadline.after(listener.within())));
        if (!deadlines.isEmpty()) {
            LISTENERS.stream()
                    .filter(listener -> !isToBeAwaited(listener))
                    .forEach(listener -> insist(listener::jvmEnds));
        }
        deadlines.forEach((listener, deadline) -> insist(() -> listener.awaitLeave(deadline)));
    }

    private static boolean isToBeAwaited(Listener listener) {
        return listener.within().isPositive();
    }

    private static synchronized List<ChildLifecycle> begin() {
        begun = true;
        return List.copyOf(ALIVE);
    }

    private interface Step {
        void take() throws IOException;
    }

    /// A child, what ends it, and when it gets which signal.
    private record Ending(ChildLifecycle child, ChildEnding step, Deadline term, Deadline kill) {

        static Ending of(ChildLifecycle child) {
            ChildEnding step = child.ending();
            return new Ending(child, step, step.term(), step.killed());
        }
    }

    private static void endAll() {
        if (Thread.currentThread().equals(HOOK)) { // or it is the thread that starts the hooks that would be awaited
            insist(AtExit::awaitLeave);
        }
        insist(AtExit::endAllInOrder);
    }

    private static void endAllInOrder() {
        List<ChildLifecycle> children = begin();
        LISTENERS.forEach(listener -> insist(listener::jvmEnds));
        Deadline last = Deadline.after(LAST);
        List<Ending> endings = children.stream()
                .filter(child -> child.isStartedBy(last))
                .map(Ending::of)
                .toList();
        endings.forEach(ending -> insist(ending.step::ask));
        for (Ending ending : inOrder(endings, Ending::term)) {
            if (!ending.child.endsBy(ending.term)) {
                insist(ending.step::terminate);
            }
        }
        for (Ending ending : inOrder(endings, Ending::kill)) {
            if (!ending.child.endsBy(ending.kill)) {
                insist(ending.step::kill);
            }
        }
        Deadline gone = Deadline.after(LAST);
        endings.forEach(ending -> ending.step.awaitGone(gone));
    }

    private static List<Ending> inOrder(List<Ending> endings, Function<Ending, Deadline> moment) {
        return endings.stream()
                .sorted(Comparator.comparingLong(ending -> moment.apply(ending).remainingNanos()))
                .toList();
    }

    /// Takes a step, and takes it again where this process has no memory for it at the moment. What cannot be told to
    /// one child does not keep the others from hearing it.
    private static void insist(Step step) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                step.take();
                return;
            } catch (IOException | RuntimeException told) {
                return; // as with a program that changed its user; there is nobody left to be told
            } catch (Error noMemory) {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
