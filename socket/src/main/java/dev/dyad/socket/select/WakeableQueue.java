package dev.dyad.socket.select;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.waiting.BackoffWaiter;
import dev.dyad.socket.waiting.ParkedWaiter;
import dev.dyad.socket.waiting.Poller;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The event queue of a selector and the descriptor that wakes it, which are closed together.
public final class WakeableQueue implements IntConsumer {

    /// The key of the wake descriptor, which no registration has.
    public static final long WAKE = -1;

    /// The bit of what is there to be received or accepted, or has ended.
    public static final int READ = 1;

    /// The bit of room to send.
    public static final int WRITE = 2;

    /// The bit of urgent data, of which no registration asks.
    public static final int URGENT = 4;

    private static final Platform OS = Platform.current();

    public final FdMutex fd;
    private final EventQueue queue;
    private final int wakeFd;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean parkedOn; // once the poller knows the queue's descriptor
    private volatile @Nullable Waiter parked;

    private WakeableQueue(EventQueue queue, int queueFd, int wakeFd) {
        this.queue = queue;
        this.wakeFd = wakeFd;
        fd = new FdMutex(queueFd, this);
    }

    public static WakeableQueue open() throws IOException {
        WakeableQueue opened = openBoth();
        try {
            opened.watch(opened.wakeFd, READ, WAKE);
            return opened;
        } catch (Throwable failed) {
            boolean _ = opened.fd.close();
            throw failed;
        }
    }

    private static WakeableQueue openBoth() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int queueFd = checked(OS.eventQueueCall(), OS.openEventQueue(state));
            int wakeFd = OS.openWakeDescriptor(state);
            if (wakeFd < 0) {
                SocketCalls.closeNow(queueFd);
            }
            int _ = checked("eventfd", wakeFd);
            return new WakeableQueue(OS.eventQueue(Arena.ofAuto(), queueFd), queueFd, wakeFd);
        }
    }

    /// Closes both descriptors, once the last call under way has left.
    @Override
    public void accept(int raw) {
        if (parkedOn) {
            Poller.forget(false, raw);
        }
        try (var arena = Arena.ofConfined()) {
            int _ = queue.close(new CallState(arena));
        }
        SocketCalls.closeNow(wakeFd);
    }

    /// Begins to watch a descriptor, or changes what it is watched for.
    public void watch(int raw, int interest, long key) throws IOException {
        acquire();
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int answer = queue.watch(
                    state, raw, (interest & READ) != 0, (interest & WRITE) != 0, (interest & URGENT) != 0, key);
            int _ = checked(queue.changingCall(), answer);
        } finally {
            fd.release();
        }
    }

    /// Ends the watch of a descriptor, which is still open.
    public void remove(int raw) {
        try {
            int _ = fd.acquire();
        } catch (ClosedChannelException gone) {
            return; // and everything that was in it
        }
        try (var arena = Arena.ofConfined()) {
            int _ = queue.remove(new CallState(arena), raw); // ENOENT where it was watched for nothing
        } finally {
            fd.release();
        }
    }

    /// Keeps the descriptors open until the [release][FdMutex#release].
    public void acquire() {
        try {
            int _ = fd.acquire();
        } catch (ClosedChannelException e) {
            throw (ClosedSelectorException) new ClosedSelectorException().initCause(e);
        }
    }

    /// Waits until something is ready, until the deadline, until a [#wake], or for no reason.
    ///
    /// The caller has acquired the descriptors, and is the only one that waits.
    ///
    /// @return how many events there are
    public int await(Deadline deadline) throws IOException {
        if (deadline.hasPassed()) {
            return look(0);
        }
        return Thread.currentThread().isVirtual()
                ? awaitParked(deadline)
                : look(deadline.isLimited() ? deadline.remainingNanos() : -1);
    }

    /// Returns how many events there are now.
    public int look() throws IOException {
        return look(0);
    }

    /// Returns whether there may be more events than the last look has found.
    public boolean isFull(int found) {
        return found == queue.capacity();
    }

    public long key(int event) {
        return queue.key(event);
    }

    /// Returns what the descriptor of an event is ready for, as bits.
    public int readiness(int event) {
        return (queue.isReadable(event) ? READ : 0) | (queue.isWritable(event) ? WRITE : 0);
    }

    /// Ends the wait that is under way, or else the next one; from any thread.
    public void wake() {
        try {
            int _ = fd.acquire(); // before the mark: who finds it relies on the write
        } catch (ClosedChannelException over) {
            return;
        }
        try {
            if (woken.compareAndSet(false, true)) {
                wakeNow();
            }
        } finally {
            fd.release();
        }
    }

    private void wakeNow() {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
            long answer;
            do {
                answer = Unistd.write(state, wakeFd, one);
            } while (Fd.interrupted(answer));
        }
        Waiter waiter = parked;
        if (waiter != null) {
            waiter.wake();
        }
    }

    /// Takes notice of a wake; those after it are for the next wait.
    public void reset() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            long answer;
            do {
                answer = Unistd.read(state, wakeFd, count);
            } while (Fd.interrupted(answer));
            if (answer < 0 && !Errno.of(answer).equals(Errno.EAGAIN)) {
                throw new SystemCallException("read", Errno.of(answer));
            }
        }
        woken.set(false); // last: a wake before this writes nothing, and the caller is about to see to it
    }

    private int look(long nanos) throws IOException {
        int answer = queue.await(nanos);
        return answer < 0 && Errno.of(answer).equals(Errno.EINTR) ? 0 : checked(queue.waitingCall(), answer);
    }

    /// Looks and parks in turn: no call of a virtual thread may block.
    private int awaitParked(Deadline deadline) throws IOException {
        Waiter waiter = newWaiter();
        parked = waiter;
        try {
            int found = look();
            while (found == 0 && !deadline.hasPassed()) {
                waiter.await(fd.number(), deadline, Waiter.Holder.OTHER);
                found = look();
            }
            return found;
        } finally {
            parked = null;
            waiter.done();
        }
    }

    /// The queue's own descriptor tells the poller when something in it is ready, where there is such a
    /// descriptor.
    private Waiter newWaiter() throws IOException {
        ParkedWaiter waiter = queue.isPollable() ? Poller.waiter(false) : null;
        if (waiter == null) {
            return new BackoffWaiter();
        }
        parkedOn = true;
        return waiter;
    }

    private static int checked(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
        return answer;
    }
}
