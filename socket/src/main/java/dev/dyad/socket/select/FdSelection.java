package dev.dyad.socket.select;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.PollFd;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.FdWaitStrategy;
import dev.dyad.socket.fd.Membership;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.thread.IdlePool;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What `select(2)` does, for any number of [RawSocket]s of any numbers.
///
/// The sockets stay registered when a select is over, and most programs ask for the same ones again: then a select
/// costs what those cost that are ready, and a look at each of the others in memory. What is ready is what
/// `select(2)` says of it, by what the event tells.
///
/// It is borrowed for one select and used by one thread.
public final class FdSelection {

    /// Something is there to be received, or its end, or an error.
    public static final int READ = WakeableQueue.READ;

    /// There is room to send, or an error.
    public static final int WRITE = WakeableQueue.WRITE;

    /// There are urgent data.
    public static final int URGENT = WakeableQueue.URGENT;

    private static final Platform OS = Platforms.current();
    private static final int KEPT = 8;
    private static final int FIRST_ROOM = 16;
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EBADF = Errno.EBADF.code();

    private static final IdlePool<FdSelection> IDLE = new IdlePool<>(KEPT, FdSelection::close);

    private final @Nullable WakeableQueue queue; // null where there is no descriptor left for one
    private final Direction waits;
    private final RawSocket.Making adding = this::add;
    private final List<@Nullable Member> members = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<Member> active = new ArrayList<>();
    private final List<Member> changing = new ArrayList<>();
    private final Queue<Member> gone = new ConcurrentLinkedQueue<>(); // whose sockets were closed
    private volatile boolean inUse;
    private boolean lost; // whether a socket of this round was closed
    private boolean told; // whether the last look found events of sockets of this round
    private long round;
    private long look;
    private int stillActive; // of this round
    private @Nullable Member[] wanted = new @Nullable Member[FIRST_ROOM]; // of this round, in the order of the asking
    private int places; // of that

    /// A [RawSocket] in a [FdSelection], in which it stays when a select is over.
    private static final class Member extends Membership {

        private final FdSelection selection;

        // -- used by the thread that has the selection
        private int index;
        private int interest; // what the queue watches for
        private int wanted;
        private long wantedIn; // the round
        private int ready;
        private long readyIn;
        private long toldIn; // the look
        private boolean changing;

        Member(FdSelection selection, RawSocket socket, int fd) {
            super(selection, socket, fd);
            this.selection = selection;
        }

        @SuppressWarnings("ReferenceEquality") // the one socket
        boolean isOf(RawSocket other) {
            return socket == other;
        }

        boolean isReady(int what) {
            return readyIn == selection.round && (ready & what) != 0;
        }

        @Override
        protected void lost() {
            selection.lose(this);
        }
    }

    private FdSelection(@Nullable WakeableQueue queue) {
        this.queue = queue;
        waits = queue != null
                ? queue.waits
                : new Direction(new FdMutex(-1, _ -> {}), FdMutex.Turn.READING, FdWaitStrategy::of);
    }

    /// Borrows a selection: the one in which `first` is already, if nobody uses it.
    ///
    /// @param first one of the sockets
    /// @return the selection, which the caller gives back
    public static FdSelection borrow(RawSocket first) {
        FdSelection idle = IDLE.take(one -> first.membership(one, null) != null);
        FdSelection borrowed = idle != null ? idle : open();
        borrowed.begin();
        return borrowed;
    }

    /// Forgets what was asked for before, also what was then not selected.
    private void begin() {
        inUse = true;
        lost = false;
        round++;
        stillActive = 0;
        places = 0;
        for (Member member : changing) {
            member.changing = false;
        }
        changing.clear();
    }

    private static FdSelection open() {
        try {
            return new FdSelection(WakeableQueue.open());
        } catch (IOException noDescriptorLeft) {
            return new FdSelection(null);
        }
    }

    /// Gives the selection back, for the next select.
    public void giveBack() {
        inUse = false;
        if (queue != null) {
            IDLE.giveBack(this);
        } else {
            leaveAll();
        }
    }

    private void close() {
        if (queue != null) {
            queue.close();
        }
        leaveAll();
    }

    private void leaveAll() {
        for (Member member : members) {
            if (member != null) {
                member.socket.leave(member);
            }
        }
    }

    /// Asks for something of a socket, in addition to what was asked for before.
    ///
    /// @param socket the socket
    /// @param what [#READ], [#WRITE] or [#URGENT]
    /// @return its place: how many times something was asked for before
    public int want(RawSocket socket, int what) {
        var member = (Member) socket.membership(this, adding);
        if (member == null) {
            lost = true; // closed meanwhile
        } else {
            want(member, what);
        }
        if (places == wanted.length) {
            wanted = Arrays.copyOf(wanted, 2 * places);
        }
        wanted[places] = member;
        return places++;
    }

    private void want(Member member, int what) {
        if (member.wantedIn != round) {
            member.wantedIn = round;
            member.wanted = 0;
            stillActive += member.interest != 0 ? 1 : 0;
        }
        member.wanted |= what;
        if (member.wanted != member.interest && !member.changing) {
            member.changing = true;
            changing.add(member);
        }
    }

    /// Waits until one of the sockets is ready for what was asked of it.
    ///
    /// @param deadline until when
    /// @return how much is ready, a socket counted once for each thing; zero when the time is up; or `-errno`:
    ///     `EBADF` where another thread closed one of them, `EINTR` where this one was interrupted
    public long select(Deadline deadline) {
        try {
            forgetGone();
            forgetOthers();
            register();
            long answer = lost ? -EBADF : look(deadline);
            return answer == -EAGAIN ? 0 : answer;
        } catch (SystemCallException e) {
            return -e.errno().code();
        } catch (IOException closed) {
            return -EBADF;
        }
    }

    /// Returns whether the last select found a socket ready.
    ///
    /// @param place a place of the socket, or any number
    /// @param socket one of the sockets
    /// @param what [#READ], [#WRITE] or [#URGENT]
    /// @return whether it is ready for that
    public boolean isReady(int place, RawSocket socket, int what) {
        Member member = place < places ? wanted[place] : null;
        return (member != null && member.isOf(socket)) ? member.isReady(what) : isReady(socket, what);
    }

    /// Returns whether the last select found a socket ready, which takes longer than by its place.
    ///
    /// @param socket one of the sockets
    /// @param what [#READ], [#WRITE] or [#URGENT]
    /// @return whether it is ready for that
    public boolean isReady(RawSocket socket, int what) {
        Member member = memberOf(socket);
        return member != null && member.isReady(what);
    }

    private @Nullable Member memberOf(RawSocket socket) {
        return (Member) socket.membership(this, null);
    }

    /// Ends a wait that is under way since one of the sockets is closed; its lock is held, and its number ours.
    private void lose(Member member) {
        gone.add(member);
        if (queue != null) {
            queue.remove(member.fd);
            if (inUse) {
                queue.wake();
            }
        }
    }

    private Member add(RawSocket socket, int fd) {
        var member = new Member(this, socket, fd);
        Integer index = free.poll();
        if (index != null) {
            member.index = index;
            members.set(index, member);
        } else {
            member.index = members.size();
            members.add(member);
        }
        return member;
    }

    private void forgetGone() {
        Member member = gone.poll();
        while (member != null) {
            lost |= member.wantedIn == round;
            active.remove(member);
            members.set(member.index, null);
            free.push(member.index);
            member = gone.poll();
        }
    }

    /// Ends the watch of those that were asked for earlier and are not now.
    private void forgetOthers() throws IOException {
        if (stillActive == active.size()) {
            return;
        }
        for (Iterator<Member> all = active.iterator(); all.hasNext(); ) {
            Member member = all.next();
            if (member.wantedIn != round) {
                all.remove();
                watch(member, 0);
            }
        }
    }

    private void register() throws IOException {
        for (Member member : changing) {
            member.changing = false;
            if (member.wanted != member.interest && queue != null) {
                boolean isNew = member.interest == 0;
                watch(member, member.wanted);
                if (isNew) {
                    active.add(member);
                }
            }
        }
        changing.clear();
    }

    /// The lock of the socket is what keeps its number ours.
    private void watch(Member member, int interest) throws IOException {
        WakeableQueue watching = queue;
        synchronized (member.socket.memberships()) {
            if (!member.isGone() && watching != null) {
                watching.watch(member.fd, interest, member.index);
            }
            member.interest = interest;
        }
    }

    /// Looks, and waits where there is nothing yet and still time.
    private long look(Deadline deadline) throws IOException {
        WakeableQueue watching = queue;
        if (watching == null) {
            return perform(new Looking(), deadline);
        }
        long answer = take(watching, watching.look());
        return answer == -EAGAIN && !deadline.hasPassed() ? perform(new Taking(watching), deadline) : answer;
    }

    private long perform(Attempt attempt, Deadline deadline) throws IOException {
        return waits.perform(attempt, TimeLimit.of(deadline), Interrupts.RETURN, new InterruptHook(waits::wake));
    }

    /// An attempt to take the events of a queue, for which the first look was in vain.
    ///
    /// Where an event tells of what nobody asked for, as of a peer that is gone where urgent data are waited for,
    /// it tells so again and again: then there are pauses between the looks.
    private final class Taking implements Attempt {

        private final WakeableQueue watching;
        private boolean waited;

        Taking(WakeableQueue watching) {
            this.watching = watching;
        }

        @Override
        public long make() throws IOException {
            if (!waited) {
                waited = true;
                watching.waitForEvents();
                return -EAGAIN;
            }
            long answer = take(watching, watching.take());
            if (answer == -EAGAIN && told) {
                waits.waitBy(null);
                waits.noEvent();
            }
            return answer;
        }
    }

    /// An attempt to find one that is ready, where there is no descriptor left for a queue.
    private final class Looking implements Attempt {

        private final List<Member> asked = new ArrayList<>();

        Looking() {
            for (Member member : members) {
                if (member != null && member.wantedIn == round) {
                    asked.add(member);
                }
            }
        }

        @Override
        public long make() throws IOException {
            waits.noEvent();
            long ready = poll(asked);
            forgetGone();
            return lost ? -EBADF : ready == 0 ? -EAGAIN : ready;
        }
    }

    /// Takes the events of a queue.
    ///
    /// @param events how many, or `-errno`
    /// @return how much is ready, or `-errno`: `-EAGAIN` for nothing
    private long take(WakeableQueue watching, int events) throws IOException {
        long ready = events < 0 ? events : gather(watching, events);
        forgetGone();
        return lost ? -EBADF : ready == 0 ? -EAGAIN : ready;
    }

    /// Takes down what is ready, each socket once, and looks again where there may be more.
    ///
    /// @return how much is ready
    private long gather(WakeableQueue watching, int events) throws IOException {
        told = false;
        look++;
        long ready = 0;
        int left = events;
        while (left > 0) {
            boolean more = false;
            for (int i = 0; i < left; i++) {
                long key = watching.key(i);
                Member member = key == WakeableQueue.WAKE ? null : members.get((int) key);
                if (key == WakeableQueue.WAKE) {
                    watching.reset();
                } else if (member != null && member.wantedIn == round && member.toldIn != look) {
                    more = true;
                    ready += tell(member, watching.returned(i));
                }
            }
            told |= more;
            left = more && watching.isFull(left) ? watching.look() : 0;
        }
        return ready;
    }

    /// Takes down what the system says of a socket.
    ///
    /// @return how much of that was asked for
    private int tell(Member member, int returned) {
        member.toldIn = look;
        member.ready = ready(returned) & member.wanted;
        member.readyIn = round;
        return Integer.bitCount(member.ready);
    }

    private long poll(List<Member> asked) throws IOException {
        var borrowed = new ArrayList<BorrowedFd>(asked.size());
        try (var call = CallState.open()) {
            MemorySegment fds = call.allocate(PollFd.LAYOUT, asked.size());
            for (int i = 0; i < asked.size(); i++) {
                Member member = asked.get(i);
                BorrowedFd number = member.socket.look();
                borrowed.add(number);
                PollFd.set(fds, i, number.fd(), events(member.wanted));
            }
            int answer = SocketCalls.look(call, fds, asked.size());
            return answer < 0 ? answer : tell(asked, fds);
        } finally {
            borrowed.forEach(BorrowedFd::close);
        }
    }

    private long tell(List<Member> asked, MemorySegment fds) {
        long ready = 0;
        for (int i = 0; i < asked.size(); i++) {
            ready += tell(asked.get(i), PollFd.returned(fds, i));
        }
        return ready;
    }

    private static int events(int wanted) {
        return ((wanted & READ) != 0 ? OS.POLLIN() : 0)
                | ((wanted & WRITE) != 0 ? OS.POLLOUT() : 0)
                | ((wanted & URGENT) != 0 ? OS.POLLPRI() : 0);
    }

    /// A peer that is gone is something to read, and an error is something to read and to write, for `select`.
    private static int ready(int returned) {
        int readable = OS.POLLIN() | OS.POLLHUP() | OS.POLLERR();
        int writable = OS.POLLOUT() | OS.POLLERR();
        return ((returned & readable) != 0 ? READ : 0)
                | ((returned & writable) != 0 ? WRITE : 0)
                | ((returned & OS.POLLPRI()) != 0 ? URGENT : 0);
    }
}
