package dev.dyad.harness;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// The threads of this JVM, for tests that start virtual ones or count those of a name.
public final class Threads {

    private Threads() {}

    /// Makes a call on a new virtual thread.
    ///
    /// @return its result, once it is there
    public static <T> FutureTask<T> virtually(Callable<T> call) {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task;
    }

    /// Returns how many platform threads have a name.
    public static long named(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }
}
