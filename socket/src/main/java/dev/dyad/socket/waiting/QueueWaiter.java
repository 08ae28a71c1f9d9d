package dev.dyad.socket.waiting;

import dev.dyad.posix.EventQueue;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;

/// A platform thread that waits in an event queue for what is watched there.
///
/// It leaves how many events there are, which are then in the queue: whoever is woken with them needs no other call. A
/// queue has one of these, as one thread at a time waits there.
public final class QueueWaiter implements Waiter {

    /// What it has left where it has not waited.
    public static final int NOTHING = -1;

    private static final long EAGAIN = -Errno.EAGAIN.code(); // the attempt takes the events

    private final EventQueue queue;
    private final Runnable wake;
    private int left = NOTHING; // of the thread that has the turn

    /// @param wake makes an event in the queue
    public QueueWaiter(EventQueue queue, Runnable wake) {
        this.queue = queue;
        this.wake = wake;
    }

    /// Takes what the last wait has left.
    ///
    /// @return how many events, or [#NOTHING]
    public int take() {
        int events = left;
        left = NOTHING;
        return events;
    }

    @Override
    public long await(int fd, Deadline deadline, Holder holder) throws SystemCallException {
        int answer = deadline.isLimited() ? queue.await(deadline.remainingNanos()) : queue.await();
        if (answer < 0 && !Errno.of(answer).equals(Errno.EINTR)) {
            throw new SystemCallException(queue.waitingCall(), Errno.of(answer));
        }
        left = Math.max(0, answer);
        return EAGAIN;
    }

    @Override
    public void wake() {
        wake.run();
    }

    @Override
    public void done() {
        // The queue keeps it for the next wait.
    }
}
