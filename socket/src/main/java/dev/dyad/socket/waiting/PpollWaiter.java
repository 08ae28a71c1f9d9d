package dev.dyad.socket.waiting;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Poll;
import dev.dyad.posix.PollFd;
import dev.dyad.posix.Timespec;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.thread.IdlePool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// A platform thread in `ppoll` on the end and on a wake descriptor.
///
/// Wake descriptors are kept for the next wait, a few of them, and for a while. A wake that comes late makes the
/// next wait return early, which does no harm: it tries, and waits again.
public final class PpollWaiter implements Waiter {

    private static final int KEPT = 16;
    private static final Platform OS = Platforms.current();
    private static final IdlePool<PpollWaiter> IDLE = new IdlePool<>(KEPT, waiter -> waiter.wake.close());

    private final FdMutex wake;
    private final Arena arena = Arena.ofAuto();
    private final CallState state = new CallState(arena);
    private final MemorySegment fds = arena.allocate(PollFd.LAYOUT, 2);
    private final MemorySegment timeout = arena.allocate(Timespec.LAYOUT);
    private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);

    private int events;

    private PpollWaiter(int wakeFd) {
        wake = new FdMutex(wakeFd, SocketCalls::closeNow);
    }

    /// Returns a waiter for `events`, or `null` where there is no descriptor left to wake it with.
    public static @Nullable PpollWaiter borrow(int events) throws IOException {
        PpollWaiter waiter = IDLE.take();
        if (waiter == null) {
            waiter = open();
        }
        if (waiter != null) {
            waiter.events = events;
        }
        return waiter;
    }

    private static @Nullable PpollWaiter open() throws IOException {
        try (var call = CallState.open()) {
            int answer = OS.openWakeDescriptor(call);
            if (answer >= 0) {
                return new PpollWaiter(answer);
            }
            Errno errno = Errno.of(answer);
            if (BackoffWaiter.helps(errno)) {
                return null;
            }
            throw new SystemCallException("eventfd", errno);
        }
    }

    @Override
    public long await(int fd, Deadline deadline, Holder holder) throws IOException {
        int wakeFd = wake.acquire();
        try {
            PollFd.set(fds, 0, fd, events);
            PollFd.set(fds, 1, wakeFd, OS.POLLIN());
            int answer = Poll.ppoll(state, fds, 2, timeout(deadline));
            if (answer < 0 && !Errno.of(answer).equals(Errno.EINTR)) {
                throw new SystemCallException("ppoll", Errno.of(answer));
            }
            if (answer > 0 && PollFd.returned(fds, 1) != 0) {
                long _ = Unistd.read(state, wakeFd, count); // back to zero; EAGAIN if it was there already
            }
            return -Errno.EAGAIN.code();
        } finally {
            wake.release();
        }
    }

    private MemorySegment timeout(Deadline deadline) {
        if (!deadline.isLimited()) {
            return MemorySegment.NULL;
        }
        Timespec.set(timeout, deadline.remainingNanos());
        return timeout;
    }

    @Override
    public void wake() {
        try (var call = CallState.open()) {
            int wakeFd = wake.acquire();
            try {
                long _ = CallState.retry(() -> Unistd.write(call, wakeFd, one(call))); // EAGAIN: it is set already
            } finally {
                wake.release();
            }
        } catch (ClosedChannelException over) {
            // Its thread has long gone on, and the pool had enough.
        }
    }

    /// Returns the borrower's room for the `errno` of a call that waits.
    CallState state() {
        return state;
    }

    /// Returns a little memory of the borrower's.
    MemorySegment room() {
        return count;
    }

    private static MemorySegment one(SegmentAllocator memory) {
        return memory.allocateFrom(ValueLayout.JAVA_LONG, 1L);
    }

    @Override
    public void done() {
        IDLE.giveBack(this);
    }
}
