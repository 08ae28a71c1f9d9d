package dev.dyad.socket;

import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.select.RegistrationSlab;
import dev.dyad.socket.select.WakeableQueue;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches many ends at once, and tells which of them are ready.
///
/// Every select reports all that is ready, until it is read, written or accepted: what one select leaves undone,
/// the next one reports again. An end whose peer has gone, or that has failed, is ready for all that it is
/// watched for, and what came before is there to be read. That something is ready is no promise that a call will
/// not wait, as another thread may be faster; `tryReceive` and its like never wait.
///
/// The ends stay what they are: other threads may read and write them meanwhile, and they may be in several
/// selectors. Watching an end neither owns nor closes it, and keeps it from being lost. The cost of a select
/// depends only on the ends that are ready; the others cost nothing.
///
/// One thread at a time selects, on a platform or on a virtual thread; others wait their turn. All else may be
/// done from any thread at any time, and also counts for a select that is under way. The opener closes the
/// selector.
///
/// {@snippet file="dev/dyad/socket/examples/SelectorExamplesTest.java" region="selector"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
public final class SocketSelector implements Closeable {

    private static final Deadline NOW = Deadline.after(Duration.ZERO);
    private static final int FIRST_ROOM = 16;
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EINTR = Errno.EINTR.code();

    private final WakeableQueue queue;
    private final RegistrationSlab<Registration> slots = new RegistrationSlab<>();
    private final Cleaner.Cleanable watch;
    private final Gathering gathering = new Gathering();
    private volatile boolean closed;
    private volatile long round; // written by the thread whose turn it is

    // -- of the thread whose turn it is: what this round has found
    private boolean woken;
    private @Nullable Registration[] found = new @Nullable Registration[FIRST_ROOM];
    private int[] readiness = new int[FIRST_ROOM];
    private int count;

    private SocketSelector(WakeableQueue queue) {
        this.queue = queue;
        watch = LeakCleaner.closeWhenLost(this, queue.fd, OpenKind.SELECTOR);
    }

    /// What is done about an end that is ready.
    @FunctionalInterface
    public interface Action {

        /// Does what is to be done.
        ///
        /// It may do anything but select in the same selector. Where it throws, the select ends with that
        /// exception, and the next select reports the ends that were not reached.
        ///
        /// @param registration the end that is ready, which says for what
        /// @throws IOException as the calls on the end do
        void accept(Registration registration) throws IOException;
    }

    /// Opens a selector, in which there is nothing yet.
    ///
    /// It takes two descriptors, whatever is registered.
    ///
    /// @return the selector
    /// @throws SystemCallException if no descriptor is left
    /// @throws UnsupportedOperationException where there is no native access
    public static SocketSelector open() throws IOException {
        SocketCalls.requireNative();
        return new SocketSelector(WakeableQueue.open());
    }

    /// Begins to watch an end, also for a select that is under way.
    ///
    /// @param end any end that is a descriptor, which need not be connected or bound yet
    /// @param interest what to watch for, which may be nothing
    /// @param attachment what [Registration#attachment] shall return
    /// @return the registration
    /// @throws IllegalStateException if the end is in this selector already
    /// @throws java.nio.channels.ClosedChannelException if the end is closed
    /// @throws ClosedSelectorException if this is closed
    /// @throws UnsupportedOperationException if the end is no descriptor
    /// @throws SystemCallException if the system refuses, as where it has no room for more
    public Registration register(Endpoint end, Set<Readiness> interest, @Nullable Object attachment)
            throws IOException {
        int bits = Registration.bits(interest);
        requireOpen();
        try (BorrowedFd borrowed = end.look()) {
            var registration = new Registration(this, end, borrowed.fd(), bits, attachment);
            end.watchers().add(registration.entry());
            return registration;
        }
    }

    /// Waits until an end is ready, and runs `action` for each that is.
    ///
    /// @param action what is done about each of them, by this thread
    /// @return how many there were, or zero after a [#wakeup], and after an interrupt, with the interrupt flag
    ///     set
    /// @throws ClosedSelectorException if this is closed, before or meanwhile
    /// @throws IllegalStateException if this is called by an action
    /// @throws IOException what the action throws
    public int select(Action action) throws IOException {
        return select(action, Deadline.never());
    }

    /// Waits until an end is ready or `deadline` has come, and runs `action` for each that is ready.
    ///
    /// @param action what is done about each of them, by this thread
    /// @param deadline until when to wait, which may take a millisecond longer; one that has passed waits for
    ///     nothing
    /// @return how many there were, or zero if it was too late, after a [#wakeup], when the deadline was moved, and
    ///     after an interrupt, with the interrupt flag set
    /// @throws ClosedSelectorException if this is closed, before or meanwhile
    /// @throws IllegalStateException if this is called by an action
    /// @throws IOException what the action throws
    public int select(Action action, Deadline deadline) throws IOException {
        Objects.requireNonNull(action, "action");
        requireOpen();
        if (queue.waits.isEntered()) {
            throw new IllegalStateException("an action of this selector selects in it");
        }
        TimeLimit until = deadline.limit();
        if (queue.waits.enter(until, Interrupts.RETURN) < 0) {
            requireOpen(); // or it was too late, or interrupted
            return 0;
        }
        try {
            return selecting(action, deadline.limitUntilMoved());
        } finally {
            queue.waits.leave();
        }
    }

    /// Runs `action` for each end that is ready now, without waiting.
    ///
    /// @param action what is done about each of them, by this thread
    /// @return how many there were, or zero if another thread selects
    /// @throws ClosedSelectorException if this is closed
    /// @throws IllegalStateException if this is called by an action
    /// @throws IOException what the action throws
    public int selectNow(Action action) throws IOException {
        return select(action, NOW);
    }

    /// Ends the select that is under way; where there is none, the next one does not wait.
    ///
    /// Several wake-ups before that one count as one. Once this is closed, it does nothing.
    ///
    /// @return this
    public SocketSelector wakeup() {
        queue.wake();
        return this;
    }

    /// Returns what is registered now.
    ///
    /// @return a set that does not change
    /// @throws ClosedSelectorException if this is closed
    public Set<Registration> registrations() {
        requireOpen();
        return Set.copyOf(slots.all());
    }

    /// Returns how many threads wait in this selector now, for tests and for monitoring.
    ///
    /// @return zero or one: those that wait for their turn are not counted
    public int waiters() {
        return queue.waits.isWaiting() ? 1 : 0;
    }

    /// Returns whether this is not closed.
    ///
    /// @return whether it can be used
    public boolean isOpen() {
        return !closed;
    }

    /// Ends all registrations, and a select that is under way; the second time does nothing.
    ///
    /// The ends stay open. The descriptors of the selector are closed when a select that is under way has ended.
    @Override
    public void close() {
        if (slots.close()) {
            closed = true;
            queue.wake();
            slots.all().forEach(Registration::cancel);
            queue.close();
            watch.clean();
        }
    }

    WakeableQueue queue() {
        return queue;
    }

    RegistrationSlab<Registration> slots() {
        return slots;
    }

    /// Returns the number of the last round, of which a select takes one or more.
    long round() {
        return round;
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedSelectorException();
        }
    }

    /// Begins anew where all that was found has been cancelled by the time that it is told.
    @SuppressWarnings("NonAtomicVolatileUpdate") // in its turn
    private int selecting(Action action, TimeLimit until) throws IOException {
        boolean over;
        int told;
        do {
            requireOpen(); // once more, in its turn: the wake of a close is for the one thread that was in
            round++;
            long answer = queue.performInTurn(gathering, until);
            requireOpen();
            over = woken || isOver(answer);
            told = tell(action);
        } while (told == 0 && !over);
        return told;
    }

    /// Returns whether the time was up or this thread interrupted.
    private boolean isOver(long answer) throws SystemCallException {
        if (answer >= 0) {
            return false;
        }
        if (answer != -EAGAIN && answer != -EINTR) {
            throw queue.failure(answer);
        }
        return true;
    }

    /// An attempt to find events; where the last one had to wait, the wait finds them.
    private final class Gathering implements Attempt {

        /// @return how many ends are to be told of, which is none after a wake, or `-errno`
        @Override
        public long make() throws IOException {
            int events = queue.take();
            woken = false;
            gather(Math.max(0, events));
            return events < 0 ? events : count > 0 || woken ? count : -EAGAIN;
        }

        @Override
        public boolean waitsFirst() {
            return true;
        }
    }

    /// Takes down whose events there are, each once.
    ///
    /// Where there are more than fit, it looks again: those that were told go to the end of the system's list, so
    /// that all have been seen when the first comes again.
    private void gather(int events) throws IOException {
        count = 0;
        boolean more = events > 0;
        int left = events;
        while (more) {
            more = queue.isFull(left);
            for (int i = 0; i < left; i++) {
                if (queue.key(i) == WakeableQueue.WAKE) {
                    woken = true;
                } else {
                    more &= gather(queue.key(i), queue.readiness(i));
                }
            }
            left = more ? queue.look() : 0;
        }
        if (woken) {
            queue.reset();
        }
    }

    /// @return whether that was its first event in this round
    private boolean gather(long key, int ready) {
        Registration registration = slots.at(key);
        if (registration == null) {
            return true; // it ended after the event was found
        }
        if (!registration.gather(round)) {
            return false;
        }
        if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
            readiness = Arrays.copyOf(readiness, 2 * count);
        }
        found[count] = registration;
        readiness[count++] = ready;
        return true;
    }

    private int tell(Action action) throws IOException {
        int told = 0;
        try {
            for (int i = 0; i < count; i++) {
                Registration registration = Objects.requireNonNull(found[i]);
                if (registration.tell(round, readiness[i])) {
                    action.accept(registration);
                    requireOpen();
                    told++;
                }
            }
            return told;
        } finally {
            Arrays.fill(found, 0, count, null);
            count = 0;
        }
    }
}
