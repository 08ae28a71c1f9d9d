package dev.dyad.worker;

import dev.dyad.socket.thread.LibraryThreads;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/// Tasks on virtual threads of their own, for whose end one can wait.
final class RunningTasks {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final BiConsumer<String, Runnable> threads;
    private int running;

    RunningTasks() {
        this(LibraryThreads::startVirtual);
    }

    /// @param threads starts a thread of a name
    RunningTasks(BiConsumer<String, Runnable> threads) {
        this.threads = threads;
    }

    /// Starts one; on this thread, where there is no other.
    void start(String name, Runnable task) {
        try {
            begin(name, task);
        } catch (OutOfMemoryError noThread) {
            task.run();
        }
    }

    /// Starts one that lasts.
    ///
    /// @throws OutOfMemoryError if there is no thread for it
    void begin(String name, Runnable task) {
        boolean begun = false;
        count(1);
        try {
            threads.accept(name, () -> {
                try {
                    task.run();
                } finally {
                    count(-1);
                }
            });
            begun = true;
        } finally {
            count(begun ? 0 : -1);
        }
    }

    private void count(int change) {
        lock.lock();
        try {
            running += change;
            if (running == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until none runs, however this thread is interrupted.
    void awaitAll() {
        lock.lock();
        try {
            while (running > 0) {
                none.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
