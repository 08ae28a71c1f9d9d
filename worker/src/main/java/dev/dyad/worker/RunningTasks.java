package dev.dyad.worker;

import dev.dyad.socket.thread.LibraryThreads;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tasks on virtual threads of their own, for whose end one can wait.
final class RunningTasks {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int running;

    /// Starts one; on this thread, where there is no other.
    void start(String name, Runnable task) {
        count(1);
        Runnable counted = () -> {
            try {
                task.run();
            } finally {
                count(-1);
            }
        };
        try {
            LibraryThreads.startVirtual(name, counted);
        } catch (OutOfMemoryError noThread) {
            counted.run();
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
