package dev.dyad.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// `poll(2)`: the second choice, which every system has.
///
/// The descriptors are in a table, out of which each round of a wait makes the array for the kernel: a round
/// costs what all of them cost, not what those cost that are ready. A change from another thread ends the
/// round that is under way, by a wake descriptor.
public final class PollQueue implements EventQueue {

    private static final int ROOM = 64;

    private final Platform os;
    private final int wakeFd;
    private final int failed;
    private final int enoent;
    private final int eintr;

    // -- used by the thread that waits
    private final CallState waiting;
    private final MemorySegment timeout;
    private final MemorySegment count;
    private MemorySegment fds;
    private @Nullable Interest[] asked = new @Nullable Interest[ROOM];
    private long[] keys = new long[ROOM];
    private int[] events = new int[ROOM];

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roundEnded = lock.newCondition();

    // -- guarded by the lock
    private final Map<Integer, Interest> interests = new LinkedHashMap<>();
    private long round;
    private boolean polling;
    private boolean woken;

    /// What is to be told of a descriptor. What changes is guarded by the lock.
    private static final class Interest {

        final int fd;
        final int events;
        final boolean once;
        final long key;
        boolean armed = true;
        long round; // the last one in which the kernel was asked for this number

        Interest(int fd, int events, boolean once, long key) {
            this.fd = fd;
            this.events = events;
            this.once = once;
            this.key = key;
        }
    }

    /// @param wakeFd a descriptor from [Platform#openWakeDescriptor], which is closed with the queue
    public PollQueue(Platform os, Arena arena, int wakeFd) {
        this.os = os;
        this.wakeFd = wakeFd;
        failed = os.POLLERR() | os.POLLHUP();
        enoent = os.errno("ENOENT");
        eintr = os.errno("EINTR");
        waiting = new CallState(arena);
        timeout = arena.allocate(Timespec.LAYOUT);
        count = arena.allocate(ValueLayout.JAVA_LONG);
        fds = arena.allocate(PollFd.LAYOUT, ROOM);
    }

    @Override
    public int armReadable(CallState state, int fd, long key) {
        return put(state, new Interest(fd, os.POLLIN(), true, key));
    }

    @Override
    public int armWritable(CallState state, int fd, long key) {
        return put(state, new Interest(fd, os.POLLOUT(), true, key));
    }

    @Override
    public int armAgain(CallState state, int fd, boolean forWriting, long key) {
        lock.lock();
        try {
            boolean known = interests.containsKey(fd);
            return known ? put(state, new Interest(fd, forWriting ? os.POLLOUT() : os.POLLIN(), true, key)) : -enoent;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int watch(CallState state, int fd, boolean readable, boolean writable, boolean urgent, long key) {
        int wanted = (readable ? os.POLLIN() : 0) | (writable ? os.POLLOUT() : 0) | (urgent ? os.POLLPRI() : 0);
        if (wanted != 0) {
            return put(state, new Interest(fd, wanted, false, key));
        }
        int answer = remove(state, fd);
        return answer == -enoent ? 0 : answer;
    }

    /// Asks whether there is such a descriptor, as the kernel would say so only later.
    private int put(CallState state, Interest interest) {
        int answer = Fcntl.fcntl(state, interest.fd, os.F_GETFD(), 0);
        if (answer < 0) {
            return answer;
        }
        lock.lock();
        try {
            Interest before = interests.put(interest.fd, interest);
            if (before != null) {
                interest.round = before.round;
            }
            wake(state);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the end of a round that has the descriptor: until then the kernel holds what it stands for,
    /// so that a close of it would not be seen by its peer.
    @Override
    public int remove(CallState state, int fd) {
        lock.lock();
        try {
            Interest gone = interests.remove(fd);
            if (gone == null) {
                return -enoent;
            }
            while (polling && gone.round == round) {
                wake(state);
                roundEnded.awaitUninterruptibly();
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /// The lock is held.
    private void wake(CallState state) {
        if (polling && !woken) {
            woken = true;
            try (var arena = Arena.ofConfined()) {
                MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
                long answer;
                do {
                    answer = Unistd.write(state, wakeFd, one); // EAGAIN: it is set already
                } while (answer == -eintr);
            }
        }
    }

    @Override
    public String changingCall() {
        return "fcntl";
    }

    @Override
    public int await(long timeoutNanos) {
        long start = System.nanoTime();
        while (true) {
            int size = begin();
            int answer = -eintr;
            int ready;
            try {
                answer = Poll.ppoll(waiting, fds, size, timeout(timeoutNanos, start));
            } finally { // whatever is thrown: others wait for the end of the round
                ready = end(size, answer);
            }
            if (ready != 0 || answer == 0) {
                return ready;
            }
        }
    }

    private MemorySegment timeout(long nanos, long start) {
        if (nanos < 0) {
            return MemorySegment.NULL;
        }
        Timespec.set(timeout, Math.max(0, nanos - (System.nanoTime() - start)));
        return timeout;
    }

    /// Begins a round, with the wake descriptor and all that is armed.
    ///
    /// @return how many descriptors the array has
    private int begin() {
        lock.lock();
        try {
            makeRoom(interests.size() + 1);
            round++;
            polling = true;
            PollFd.set(fds, 0, wakeFd, os.POLLIN());
            int size = 1;
            for (Interest interest : interests.values()) {
                if (interest.armed) {
                    PollFd.set(fds, size, interest.fd, interest.events);
                    interest.round = round;
                    asked[size++] = interest;
                }
            }
            return size;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(int needed) {
        if (needed > asked.length) {
            int room = Math.max(needed, 2 * asked.length);
            fds = Arena.ofAuto().allocate(PollFd.LAYOUT, room);
            asked = Arrays.copyOf(asked, room);
            keys = new long[room];
            events = new int[room];
        }
    }

    /// Ends a round, and takes down what it found of those that are still wanted.
    ///
    /// @return how many are ready, or `answer` where that is an error
    private int end(int size, int answer) {
        lock.lock();
        try {
            polling = false;
            roundEnded.signalAll();
            if (woken) {
                woken = false;
                long got;
                do {
                    got = Unistd.read(waiting, wakeFd, count); // back to zero
                } while (got == -eintr);
            }
            return answer < 0 ? answer : collect(size);
        } finally {
            lock.unlock();
        }
    }

    private int collect(int size) {
        int ready = 0;
        for (int i = 1; i < size; i++) {
            Interest interest = asked[i];
            int returned = PollFd.returned(fds, i);
            if (returned == 0 || interest == null || interests.get(interest.fd) != interest) {
                continue;
            }
            if ((returned & os.POLLNVAL()) != 0) {
                interests.remove(interest.fd); // closed without a word: epoll forgets it by itself, too
                continue;
            }
            interest.armed = !interest.once;
            keys[ready] = interest.key;
            events[ready++] = returned;
        }
        return ready;
    }

    @Override
    public long key(int index) {
        return keys[index];
    }

    @Override
    public boolean isReadable(int index) {
        return (events[index] & (os.POLLIN() | failed)) != 0;
    }

    @Override
    public boolean isWritable(int index) {
        return (events[index] & (os.POLLOUT() | failed)) != 0;
    }

    @Override
    public int returned(int index) {
        return events[index];
    }

    @Override
    public String waitingCall() {
        return "ppoll";
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isPollable() {
        return false; // it is the descriptor that ends a round
    }

    @Override
    public int close(CallState state) {
        return Unistd.close(state, wakeFd);
    }
}
