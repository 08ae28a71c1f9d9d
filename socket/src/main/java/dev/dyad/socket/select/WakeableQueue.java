package dev.dyad.socket.select;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.FdWaitStrategy;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.QueueWaiter;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The event queue of a selector and the descriptor that wakes it, which are closed together.
///
/// A thread waits for events as for a call of an end, in the loop of all calls: the attempt is to take those that there
/// are.
public final class WakeableQueue implements FdMutex.Closer {

    /// The key of the wake descriptor, which no registration has.
    public static final long WAKE = -1;

    /// The bit of what is there to be received or accepted, or has ended.
    public static final int READ = 1;

    /// The bit of room to send.
    public static final int WRITE = 2;

    /// The bit of urgent data, of which no registration asks.
    public static final int URGENT = 4;

    private static final Platform OS = Platforms.current();

    public final FdMutex fd;

    /// In which one thread at a time waits for events.
    public final Direction waits;

    private final EventQueue queue;
    private final QueueWaiter waiter;
    private final int wakeFd;
    private final AtomicBoolean woken = new AtomicBoolean();

    private WakeableQueue(EventQueue queue, int queueFd, int wakeFd) {
        this.queue = queue;
        this.wakeFd = wakeFd;
        fd = new FdMutex(queueFd, this);
        waits = new Direction(fd, FdMutex.Turn.READING, FdWaitStrategy::of);
        waiter = new QueueWaiter(queue, this::signal);
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
        try (var call = CallState.open()) {
            int queueFd = checked(OS.eventQueueCall(), OS.openEventQueue(call));
            int wakeFd = OS.openWakeDescriptor(call);
            if (wakeFd < 0) {
                SocketCalls.closeNow(queueFd);
            }
            int _ = checked("eventfd", wakeFd);
            return new WakeableQueue(OS.eventQueue(Arena.ofAuto(), queueFd), queueFd, wakeFd);
        }
    }

    /// Closes both descriptors when the last call under way has left; a [#wake] before has ended the wait of a platform
    /// thread.
    public void close() {
        boolean _ = fd.close();
        waits.wake(); // one that is parked has let go of them, and nothing tells of events any more
    }

    /// Closes both descriptors, once the last call under way has left.
    @Override
    public void closeNumber(int raw) {
        waits.forget(raw);
        try (var call = CallState.open()) {
            int _ = queue.close(call);
        }
        SocketCalls.closeNow(wakeFd);
    }

    /// Begins to watch a descriptor, or changes what it is watched for.
    public void watch(int raw, int interest, long key) throws IOException {
        try {
            int _ = fd.acquire();
        } catch (ClosedChannelException e) {
            throw (ClosedSelectorException) new ClosedSelectorException().initCause(e);
        }
        try (var call = CallState.open()) {
            int answer = queue.watch(
                    call, raw, (interest & READ) != 0, (interest & WRITE) != 0, (interest & URGENT) != 0, key);
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
        try (var call = CallState.open()) {
            int _ = queue.remove(call, raw); // ENOENT where it was watched for nothing
        } finally {
            fd.release();
        }
    }

    /// Makes an attempt to take events, by a thread whose turn it is, and again and again until it need not wait.
    ///
    /// @return what it answers, or `-errno`, as [Direction#perform]
    public long performInTurn(Attempt taking, TimeLimit until) throws IOException {
        if (until.hasPassed()) {
            return waits.performNow(taking);
        }
        waitForEvents();
        return waits.performInTurn(taking, until, Interrupts.RETURN, new InterruptHook(waits::wake));
    }

    /// Says that the attempt under way waits for an event: a platform thread in the queue itself, a virtual one for
    /// the queue's descriptor, where that tells of events.
    void waitForEvents() {
        int _ = waiter.take(); // which belongs to an earlier wait
        boolean parks = Thread.currentThread().isVirtual();
        waits.waitBy(parks ? null : waiter);
        if (parks && !queue.isPollable()) {
            waits.noEvent();
        }
    }

    /// Returns how many events there are: those that the wait has left, or else as [#look].
    public int take() {
        int left = waiter.take();
        return left == QueueWaiter.NOTHING ? look() : left;
    }

    /// Returns how many events there are now, or `-errno`.
    public int look() {
        return CallState.retry(queue::look);
    }

    /// Returns what to throw for a call of the queue that failed.
    public SystemCallException failure(long answer) {
        return new SystemCallException(queue.waitingCall(), Errno.of(answer));
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

    /// Returns all that the descriptor of an event is ready for, as `poll(2)` says it.
    int returned(int event) {
        return queue.returned(event);
    }

    /// Ends the wait that is under way, or else the next one; from any thread.
    public void wake() {
        signal();
        waits.wake(); // one that is parked goes on sooner than the poller's thread would tell it
    }

    /// Makes an event, unless there is one that nobody has taken notice of.
    private void signal() {
        try {
            int _ = fd.acquire(); // before the mark: a thread that finds it relies on the write
        } catch (ClosedChannelException over) {
            return;
        }
        try {
            if (woken.compareAndSet(false, true)) {
                signalNow();
            }
        } finally {
            fd.release();
        }
    }

    private void signalNow() {
        try (var call = CallState.open()) {
            MemorySegment one = call.allocateFrom(ValueLayout.JAVA_LONG, 1L);
            long _ = CallState.retry(() -> Unistd.write(call, wakeFd, one));
        }
    }

    /// Takes notice of a wake; those after it are for the next wait.
    public void reset() throws IOException {
        try (var call = CallState.open()) {
            MemorySegment count = call.allocate(ValueLayout.JAVA_LONG);
            long answer = CallState.retry(() -> Unistd.read(call, wakeFd, count));
            if (answer < 0 && !Errno.of(answer).equals(Errno.EAGAIN)) {
                throw new SystemCallException("read", Errno.of(answer));
            }
        }
        woken.set(false); // last: a wake before this writes nothing, and the caller is about to see to it
    }

    private static int checked(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
        return answer;
    }
}
