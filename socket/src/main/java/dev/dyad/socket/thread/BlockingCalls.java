package dev.dyad.socket.thread;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs blocking system calls off virtual threads' carriers, on platform threads of its own.
///
/// Each call has a thread for itself as long as there are no more than `most` at once; further ones wait for
/// one of those to return. A thread that has nothing to do waits a little for the next call, and then ends.
public final class BlockingCalls implements Executor {

    private static final long IDLE_NANOS = LibraryThreads.IDLE.toNanos();

    private final String name;
    private final int most;

    // -- guarded by this
    private final Deque<Task<?>> waiting = new ArrayDeque<>();
    private int threads;
    private int idle;

    /// A system call.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws
    public interface Call<T extends @Nullable Object, X extends Exception> {

        /// Makes the call.
        ///
        /// @return what it answered
        /// @throws X if it fails
        T run() throws X;
    }

    /// A call whose thread stays.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws
    public interface StayingCall<T extends @Nullable Object, X extends Exception> {

        /// Makes the call.
        ///
        /// @param leave what has to be run, once and by any thread, when the thread need not stay any longer
        /// @return what it answered
        /// @throws X if it fails: then the thread need not stay
        T run(Runnable leave) throws X;
    }

    /// Makes one that has no thread yet.
    ///
    /// @param name the name of the threads
    /// @param most how many there may be
    public BlockingCalls(String name, int most) {
        this.name = name;
        this.most = most;
    }

    /// Makes a call, or for a virtual thread has it made, and waits for it whether interrupted or not.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws
    /// @param call the call
    /// @return what it answered
    /// @throws X what it threw
    /// @throws OutOfMemoryError if no thread can be started; the call is not made
    @SuppressWarnings("NullAway") // the call says what it returns
    public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> call) throws X {
        return Thread.currentThread().isVirtual() ? make(call, null) : call.run();
    }

    /// Has a call made, by a thread that does not end before it is told to: what the system does when it ends
    /// is not to happen.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws
    /// @param call the call
    /// @return what it answered
    /// @throws X what it threw
    /// @throws OutOfMemoryError if no thread can be started; the call is not made
    public <T extends @Nullable Object, X extends Exception> T callAndStay(StayingCall<T, X> call) throws X {
        var stay = new Stay();
        return make(() -> call.run(() -> leave(stay)), stay);
    }

    /// Has something of a user's run that nobody waits for, with the system's class loader as in the common
    /// pool, and by a thread that is not interrupted; what it throws is lost. Where no further thread can be
    /// started, it waits for one that is there.
    ///
    /// @throws OutOfMemoryError if there is none and none can be started; it is not run
    @Override
    @SuppressWarnings("NullAway") // nobody asks for what it returns
    public void execute(Runnable command) {
        var task = new Task<@Nullable Object>(
                () -> {
                    boolean _ = Thread.interrupted();
                    Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
                    command.run();
                    return null;
                },
                null);
        submit(task, true);
    }

    private <T extends @Nullable Object, X extends Exception> T make(Call<T, X> call, @Nullable Stay stay) throws X {
        var task = new Task<>(call, stay);
        submit(task, false);
        return task.result();
    }

    /// @param mayWait whether it may wait for a thread that is there, if no other can be started
    private synchronized void submit(Task<?> task, boolean mayWait) {
        waiting.add(task);
        if (idle >= waiting.size()) {
            notify();
        } else if (threads < most) {
            try {
                LibraryThreads.start(name, new Worker(this)::run);
                threads++;
            } catch (Throwable noThread) {
                if (!mayWait || threads == 0) {
                    waiting.remove(task);
                    throw noThread;
                }
            }
        }
    }

    private synchronized void leave(Stay stay) {
        Worker worker = stay.worker;
        if (worker != null) {
            stay.worker = null;
            worker.stays--;
            notifyAll();
        }
    }

    private synchronized void stay(Worker worker, @Nullable Stay stay) {
        if (stay != null) {
            stay.worker = worker;
            worker.stays++;
        }
    }

    /// Returns the next task of a thread, or `null` where it has waited for long enough.
    private synchronized @Nullable Task<?> next(Worker worker) {
        long since = System.nanoTime();
        idle++;
        try {
            while (waiting.isEmpty()) {
                long left = IDLE_NANOS - (System.nanoTime() - since);
                if (worker.stays > 0) {
                    await(0);
                    since = System.nanoTime();
                } else if (left > 0) {
                    await(TimeUnit.NANOSECONDS.toMillis(left) + 1);
                } else {
                    threads--;
                    return null;
                }
            }
            return waiting.poll();
        } finally {
            idle--;
        }
    }

    /// An interrupt of a thread of ours asks it to end, which it does by itself.
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private synchronized void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException _) {
            // as above
        }
    }

    /// Why a thread stays. Its field is guarded by the pool.
    private static final class Stay {
        private @Nullable Worker worker;
    }

    /// One of the threads.
    private static final class Worker {

        private final BlockingCalls calls;
        private int stays; // guarded by the pool

        Worker(BlockingCalls calls) {
            this.calls = calls;
        }

        void run() {
            while (takesOne()) {
                // until there is no more
            }
        }

        /// Keeps nothing of what it has run in a local variable while it waits for more.
        private boolean takesOne() {
            Task<?> task = calls.next(this);
            if (task == null) {
                return false;
            }
            calls.stay(this, task.stay);
            task.run(calls);
            return true;
        }
    }

    /// A call that another thread waits for.
    private static final class Task<T extends @Nullable Object> {

        private final Call<T, ?> call;
        private final @Nullable Stay stay;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable T result; // set before it is done
        private @Nullable Throwable failure; // set before it is done

        Task(Call<T, ?> call, @Nullable Stay stay) {
            this.call = call;
            this.stay = stay;
        }

        /// What it throws is for the caller.
        void run(BlockingCalls calls) {
            try {
                result = call.run();
            } catch (Throwable thrown) {
                failure = thrown;
                if (stay != null) {
                    calls.leave(stay);
                }
            } finally {
                done.countDown();
            }
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // the call declares what it throws, and says what it returns
        <X extends Exception> T result() throws X {
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (failure) {
                case null -> {}
                case Error e -> throw e;
                case RuntimeException e -> throw e;
                case Throwable e -> throw (X) e;
            }
            return result;
        }
    }
}
