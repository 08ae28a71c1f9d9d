package dev.dyad.socket.select;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Poll;
import dev.dyad.posix.PollFd;
import dev.dyad.posix.Timespec;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.Membership;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.thread.IdlePool;
import dev.dyad.socket.waiting.BackoffWaiter;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What `select(2)` does, for any number of [RawSocket]s of any numbers.
///
/// The sockets stay registered when a select is over, and most programs ask for the same ones again: then a select
/// costs what those cost that are ready, and a look at each of the others in memory. What is ready is what
/// `select(2)` says of it, which the kernel is asked again of those that an event has told of.
///
/// It is borrowed for one select and used by one thread.
///
public final class FdSelection {

    /// Something is there to be received, or its end, or an error.
    public static final int READ = WakeableQueue.READ;

    /// There is room to send, or an error.
    public static final int WRITE = WakeableQueue.WRITE;

    /// There are urgent data.
    public static final int URGENT = WakeableQueue.URGENT;

    private static final Platform OS = Platform.current();
    private static final int KEPT = 8;
    private static final long EBADF = Errno.EBADF.code();
    private static final long EINTR = Errno.EINTR.code();

    private static final IdlePool<FdSelection> IDLE = new IdlePool<>(KEPT, FdSelection::close);

    private final @Nullable WakeableQueue queue; // null where there is no descriptor left for one
    private final List<@Nullable Member> members = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<Member> active = new ArrayList<>();
    private final List<Member> changing = new ArrayList<>();
    private final List<Member> told = new ArrayList<>();
    private final Queue<Member> gone = new ConcurrentLinkedQueue<>(); // whose sockets were closed
    private volatile boolean inUse;
    private boolean lost; // whether a socket of this round was closed
    private long round;
    private long look;
    private int stillActive; // of this round

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

        @Override
        protected void lost() {
            selection.lose(this);
        }
    }

    private FdSelection(@Nullable WakeableQueue queue) {
        this.queue = queue;
    }

    /// Borrows a selection: the one in which `first` is already, if nobody uses it.
    ///
    /// @param first one of the sockets
    /// @return the selection, which the caller gives back
    public static FdSelection borrow(RawSocket first) {
        FdSelection idle = IDLE.take(one -> one.memberOf(first) != null);
        FdSelection borrowed = idle != null ? idle : open();
        borrowed.inUse = true;
        borrowed.lost = false;
        borrowed.round++;
        borrowed.stillActive = 0;
        borrowed.forgetChanges();
        return borrowed;
    }

    /// Forgets what was asked for and then not selected.
    private void forgetChanges() {
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
            queue.fd.close();
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
    public void want(RawSocket socket, int what) {
        var member = (Member) socket.membership(this, this::add);
        if (member == null) {
            lost = true; // closed meanwhile
            return;
        }
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
            boolean complete = register();
            return isLost() ? -EBADF : complete ? await(deadline) : awaitWithoutQueue(deadline);
        } catch (SystemCallException e) {
            return -e.errno().code();
        } catch (IOException closed) {
            return -EBADF;
        }
    }

    /// Returns whether the last select found a socket ready.
    ///
    /// @param socket one of the sockets
    /// @param what [#READ], [#WRITE] or [#URGENT]
    /// @return whether it is ready for that
    public boolean isReady(RawSocket socket, int what) {
        Member member = memberOf(socket);
        return member != null && member.readyIn == round && (member.ready & what) != 0;
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

    private boolean isLost() {
        forgetGone();
        return lost;
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

    /// @return whether all that is asked for is watched for
    private boolean register() throws IOException {
        boolean complete = true;
        for (Member member : changing) {
            member.changing = false;
            if (member.wanted != member.interest && queue != null) {
                boolean isNew = member.interest == 0;
                watch(member, member.wanted);
                if (isNew) {
                    active.add(member);
                }
            }
            complete &= member.wanted == member.interest;
        }
        return complete;
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

    private long await(Deadline deadline) throws IOException {
        WakeableQueue watching = queue;
        if (watching == null) {
            return awaitWithoutQueue(deadline);
        }
        watching.acquire();
        var interruption = new InterruptHook(watching::wake);
        interruption.begins();
        try {
            return await(watching, deadline);
        } finally {
            interruption.ends();
            watching.fd.release();
        }
    }

    /// Where an event tells of what nobody asked for, as of a peer that is gone where urgent data are waited for,
    /// it tells so again and again: then there are pauses between the looks.
    private long await(WakeableQueue watching, Deadline deadline) throws IOException {
        BackoffWaiter pauses = null;
        while (true) {
            gather(watching, pauses == null ? watching.await(deadline) : watching.look());
            long answer = result(told, deadline);
            if (answer != 0 || deadline.hasPassed()) {
                return answer;
            }
            if (!told.isEmpty()) {
                pauses = pauses == null ? new BackoffWaiter() : pauses;
                pauses.await(watching.fd.number(), deadline, Waiter.Holder.OTHER);
            }
        }
    }

    /// Takes down whose events there are, each once, and looks again where there may be more of them.
    private void gather(WakeableQueue watching, int events) throws IOException {
        told.clear();
        look++;
        int left = events;
        while (left > 0) {
            int before = told.size();
            for (int i = 0; i < left; i++) {
                if (watching.key(i) == WakeableQueue.WAKE) {
                    watching.reset();
                } else {
                    tell(members.get((int) watching.key(i)));
                }
            }
            left = watching.isFull(left) && told.size() > before ? watching.look() : 0;
        }
    }

    private void tell(@Nullable Member member) {
        if (member != null && member.wantedIn == round && member.toldIn != look) {
            member.toldIn = look;
            told.add(member);
        }
    }

    /// Asks the kernel what `select` would say of those that an event has told of.
    private long result(List<Member> asked, Deadline deadline) throws IOException {
        if (isLost()) {
            return -EBADF;
        }
        long answer = asked.isEmpty() ? 0 : look(asked);
        boolean isInterrupted =
                answer == 0 && !deadline.hasPassed() && Thread.currentThread().isInterrupted();
        return isInterrupted ? -EINTR : answer;
    }

    private long look(List<Member> asked) throws IOException {
        var borrowed = new ArrayList<BorrowedFd>(asked.size());
        try (var arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(PollFd.LAYOUT, asked.size());
            for (int i = 0; i < asked.size(); i++) {
                Member member = asked.get(i);
                BorrowedFd number = member.socket.look();
                borrowed.add(number);
                PollFd.set(fds, i, number.fd(), events(member.wanted));
            }
            int answer;
            do {
                answer = Poll.ppoll(new CallState(arena), fds, asked.size(), arena.allocate(Timespec.LAYOUT));
            } while (Fd.interrupted(answer));
            return answer < 0 ? answer : count(asked, fds);
        } finally {
            borrowed.forEach(BorrowedFd::close);
        }
    }

    private long count(List<Member> asked, MemorySegment fds) {
        long count = 0;
        for (int i = 0; i < asked.size(); i++) {
            Member member = asked.get(i);
            member.ready = ready(PollFd.returned(fds, i)) & member.wanted;
            member.readyIn = round;
            count += Integer.bitCount(member.ready);
        }
        return count;
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

    /// Looks again and again, where there is no descriptor left to wait with.
    private long awaitWithoutQueue(Deadline deadline) throws IOException {
        var wanted = new ArrayList<Member>();
        Consumer<@Nullable Member> add = member -> {
            if (member != null && member.wantedIn == round) {
                wanted.add(member);
            }
        };
        members.forEach(add);
        var pauses = new BackoffWaiter();
        while (true) {
            long answer = result(wanted, deadline);
            if (answer != 0 || deadline.hasPassed()) {
                return answer;
            }
            pauses.await(-1, deadline, Waiter.Holder.OTHER);
        }
    }
}
