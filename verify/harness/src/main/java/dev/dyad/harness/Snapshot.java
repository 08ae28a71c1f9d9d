package dev.dyad.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a test may leave behind, at one moment.
record Snapshot(Map<Integer, Descriptor> descriptors, Map<Long, String> children, Map<Long, String> threads) {

    /// A read and a write poller for each processor and one above them: what the JDK opens for virtual threads.
    private static final int OF_THE_JDK = 2 * Runtime.getRuntime().availableProcessors() + 1;

    /// Wake descriptors are pooled, selections too, each of which has two; event queues are never closed: so many may
    /// stay, and no more.
    private static final Map<String, Integer> POOLED =
            Map.of("anon_inode:[eventfd]", 24 + OF_THE_JDK, "anon_inode:[eventpoll]", 12 + OF_THE_JDK);

    private static final int KEPT = 2;

    /// Threads that belong to the JDK, to JUnit, to the build or to a library, and stay or end when they like.
    private static final List<String> RESIDENTS = List.of(
            "Common-Cleaner",
            "process reaper",
            "ForkJoinPool",
            "DestroyJavaVM",
            "junit-",
            "surefire-",
            "OkHttp ",
            "Okio ",
            "Attach Listener",
            "Signal Dispatcher",
            "Finalizer",
            "Reference Handler",
            "Notification Thread",
            "VirtualThread-unblocker",
            "VirtualThread-unparker",
            "Read-Poller",
            "Write-Poller",
            "MasterPoller",
            "JFR ", // once there was a recording
            "SIG"); // handles a signal

    /// Dyad's own threads end a little after their work: so many may be about to.
    private static final String LIBRARY = "dyad-";

    private static final int RESTING = 16;

    static Snapshot take() {
        return new Snapshot(Descriptors.open(), Children.now(), threadsNow());
    }

    /// Returns what is here and was not there, in words.
    List<String> since(Snapshot before) {
        var left = new ArrayList<String>();
        descriptors.values().stream()
                .filter(now -> !isSame(now, before.descriptors.get(now.fd())))
                .filter(now -> !isTolerated(now))
                .forEach(now -> left.add(now.toString()));
        children.forEach((pid, text) -> {
            if (!before.children.containsKey(pid)) {
                left.add(text);
            }
        });
        threads.forEach((id, name) -> {
            if (!before.threads.containsKey(id) && !isResting(name)) {
                left.add("thread " + name);
            }
        });
        return left;
    }

    private boolean isResting(String name) {
        return name.startsWith(LIBRARY)
                && threads.values().stream()
                                .filter(other -> other.startsWith(LIBRARY))
                                .count()
                        <= RESTING;
    }

    private static boolean isSame(Descriptor now, @Nullable Descriptor then) {
        return then != null && then.target().equals(now.target());
    }

    private boolean isTolerated(Descriptor descriptor) {
        String target = descriptor.target();
        Integer most = POOLED.get(target);
        return most != null
                ? count(target) <= most
                : isOpenedByClassLoading(target) || isRandom(target) || isKeptListener(target);
    }

    /// One listener, and what stands for its file, are kept for what turns ends into channels of the JDK.
    private boolean isKeptListener(String target) {
        return UnixNames.isListener(target)
                && descriptors.values().stream()
                                .filter(descriptor -> UnixNames.isListener(descriptor.target()))
                                .count()
                        <= KEPT;
    }

    private long count(String target) {
        return descriptors.values().stream()
                .filter(descriptor -> descriptor.target().equals(target))
                .count();
    }

    private static boolean isOpenedByClassLoading(String target) {
        return Stream.of(".jar", ".class", "/lib/modules").anyMatch(target::endsWith);
    }

    private static boolean isRandom(String target) {
        return target.equals("/dev/random") || target.equals("/dev/urandom");
    }

    /// Returns the platform threads, daemons among them.
    private static Map<Long, String> threadsNow() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        var all = new Thread[root.activeCount() + 64]; // those that start meanwhile want room too
        root.enumerate(all);
        return Arrays.stream(all)
                .filter(Objects::nonNull)
                .filter(Thread::isAlive)
                .filter(thread -> RESIDENTS.stream().noneMatch(thread.getName()::startsWith))
                .collect(Collectors.toMap(Thread::threadId, Thread::getName));
    }
}
