package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Timeval;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interruption;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A socket of any domain and type, on which system calls are made as they are: they answer `-errno`, and nothing
/// is thrown.
///
/// It is what a face stands on that promises the semantics of calls on a descriptor, as PHP's does; for
/// everybody else there are the ends. What it adds is the house's: a number that is closed once and never under
/// a call, and a wait that a close ends (`EBADF`), that an interrupt ends (`EINTR`, the socket stays open), and
/// that holds no carrier of virtual threads. Whether a call waits, and for how long, the descriptor says itself
/// at that moment, as it may be shared: by its `O_NONBLOCK`, and by `SO_RCVTIMEO` or `SO_SNDTIMEO`.
///
/// Any thread may use it; those that have to wait in one direction do so one after the other. The code that made
/// it closes it, and no cleaner does.
public final class RawSocket implements DescriptorSource, Closeable {

    private static final Platform OS = Platforms.current();
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EBADF = Errno.EBADF.code();
    private static final long EINTR = Errno.EINTR.code();
    private static final long EINPROGRESS = Errno.EINPROGRESS.code();
    private static final long EALREADY = OS.errno("EALREADY");
    private static final long EISCONN = OS.errno("EISCONN");

    private final Fd ends;
    private final FdMutex fd;
    private final SharedAcceptor backlog;
    private volatile boolean shared;
    private volatile boolean receivesAtOnce;
    private volatile boolean sendsAtOnce;
    private volatile @Nullable Membership latest; // of those below
    private final List<Membership> memberships = new ArrayList<>(0); // guarded by itself

    private RawSocket(Fd ends, boolean shared) {
        this.ends = ends;
        this.shared = shared;
        fd = ends.fd;
        ends.tellOfShutdown();
        backlog = new SharedAcceptor(ends);
    }

    /// A system call, told not to block where it can be told. It may be made again.
    @FunctionalInterface
    public interface Call {

        /// Makes the call.
        ///
        /// @param state room for its `errno`
        /// @param fd the descriptor
        /// @param room memory for it to use, with anything in it
        /// @return what it answers, or `-errno`; after `-EAGAIN` and `-EINTR` it is made again
        long make(CallState state, int fd, MemorySegment room);
    }

    /// Becomes the owner of a socket's number that nobody else owns, and that is close-on-exec.
    ///
    /// @param fd the number
    /// @param family its address family
    /// @return the socket
    public static RawSocket own(int fd, int family) {
        return new RawSocket(new Fd(fd, family, 0, true, true), false);
    }

    /// Becomes the owner of a number that came from outside: another process may have the socket, too.
    ///
    /// @param fd the number, which stays the caller's if this fails
    /// @return the socket
    /// @throws SystemCallException if it is none
    public static RawSocket adopt(int fd) throws IOException {
        int family = SocketCalls.intOption(fd, OS.SO_DOMAIN());
        SocketCalls.closeOnExec(fd);
        return new RawSocket(new Fd(fd, family, 0, true, true), true);
    }

    /// Opens one more descriptor of a socket that somebody else keeps open.
    ///
    /// @param fd its number
    /// @return a socket with a number of its own
    /// @throws SystemCallException if it is none, or no descriptor is left
    public static RawSocket duplicateOf(int fd) throws IOException {
        int copy = SocketCalls.duplicate(fd);
        try {
            return adopt(copy);
        } catch (Throwable failed) {
            SocketCalls.closeNow(copy);
            throw failed;
        }
    }

    /// Returns the address family.
    ///
    /// @return its number
    public int family() {
        return ends.family();
    }

    /// Makes a call that has nothing to wait for.
    ///
    /// @param call the call
    /// @return what it answers, or `-errno`
    public long call(Call call) {
        try {
            int raw = fd.acquire();
            try {
                return attempt(call, raw);
            } finally {
                fd.release();
            }
        } catch (ClosedChannelException closed) {
            return -EBADF;
        }
    }

    /// Makes a call that receives, and waits where the descriptor says so.
    ///
    /// @param call the call
    /// @return what it answers, or `-errno`
    public long receiving(Call call) {
        return perform(ends.reading, OS.SO_RCVTIMEO(), call, true);
    }

    /// Makes a call that sends, and waits where the descriptor says so.
    ///
    /// @param call the call
    /// @return what it answers, or `-errno`
    public long sending(Call call) {
        return perform(ends.writing, OS.SO_SNDTIMEO(), call, true);
    }

    /// Makes a call that sends to an address of the UNIX domain: no event tells when a full receiver has room.
    ///
    /// @param call the call
    /// @return what it answers, or `-errno`
    public long sendingTo(Call call) {
        return perform(
                ends.writing,
                OS.SO_SNDTIMEO(),
                (state, raw, room) -> {
                    long answer = call.make(state, raw, room);
                    if (answer == -EAGAIN && ends.writing.isEntered()) {
                        ends.writing.noEvent();
                    }
                    return answer;
                },
                true);
    }

    /// Says whether calls that receive or accept wait for no time at all, as after a timeout of less than zero, of
    /// which the descriptor tells as of none.
    ///
    /// @param atOnce whether they do
    public void receiveAtOnce(boolean atOnce) {
        receivesAtOnce = atOnce;
    }

    /// Returns what was said of calls that receive or accept.
    ///
    /// @return whether they wait for no time at all
    public boolean receivesAtOnce() {
        return receivesAtOnce;
    }

    /// Says of calls that send or connect what [#receiveAtOnce(boolean)] says of others.
    ///
    /// @param atOnce whether they wait for no time at all
    public void sendAtOnce(boolean atOnce) {
        sendsAtOnce = atOnce;
    }

    /// Returns what was said of calls that send or connect.
    ///
    /// @return whether they wait for no time at all
    public boolean sendsAtOnce() {
        return sendsAtOnce;
    }

    /// `accept4(2)`, close-on-exec, waiting where the descriptor says so.
    ///
    /// @return a descriptor, which is the caller's, or `-errno`
    public long accept() {
        try {
            return perform(ends.reading, OS.SO_RCVTIMEO(), this::accept, false);
        } finally {
            backlog.rest();
        }
    }

    /// `connect(2)`, waiting where the descriptor says so.
    ///
    /// @param address where to
    /// @param length how long the address is
    /// @return zero, or `-errno`
    public long connect(MemorySegment address, int length) {
        try {
            int raw = fd.acquire();
            try {
                return connect(raw, address, length);
            } finally {
                fd.release();
            }
        } catch (IOException failed) {
            return answer(failed);
        }
    }

    /// `shutdown(2)`, after which those that wait here try again: the kernel does not wake our own writer.
    ///
    /// @param how which directions
    /// @return zero, or `-errno`
    public long shutdown(int how) {
        long answer = call((state, raw, room) -> SysSocket.shutdown(state, raw, how));
        ends.reading.tell();
        ends.writing.tell();
        return answer;
    }

    /// Keeps the descriptor open and tells its number, to a call that hands it on to another process for one.
    @Override
    public BorrowedFd borrow() throws IOException {
        shared = true;
        return ends.lendToShare();
    }

    /// Returns whether nobody has closed it.
    ///
    /// @return whether calls can be made
    public boolean isOpen() {
        return !fd.isClosed();
    }

    /// Returns how many threads wait in this socket now, which is for tests.
    ///
    /// @return zero to two
    public int waiters() {
        return (ends.reading.isWaiting() ? 1 : 0) + (ends.writing.isWaiting() ? 1 : 0);
    }

    /// Returns its place in something that watches many, or makes one.
    ///
    /// @param watcher what watches
    /// @param make what makes the place, or `null` for nothing
    /// @return `null` if it is closed, or there is none and none is to be made
    @SuppressWarnings("ReferenceEquality") // what watches is itself
    public @Nullable Membership membership(Object watcher, @Nullable Making make) {
        Membership last = latest;
        if (last != null && last.watcher == watcher) {
            return last.gone ? null : last;
        }
        synchronized (memberships) {
            for (Membership member : memberships) {
                if (member.watcher == watcher) {
                    latest = member;
                    return member;
                }
            }
            if (make == null || fd.isClosed()) {
                return null;
            }
            Membership made = make.make(this, fd.number());
            memberships.add(made);
            latest = made;
            return made;
        }
    }

    /// What makes a place in something that watches.
    @FunctionalInterface
    public interface Making {

        /// Makes the place of a socket.
        Membership make(RawSocket socket, int fd);
    }

    /// Leaves what watches no longer.
    @SuppressWarnings("ReferenceEquality") // the one place
    public void leave(Membership left) {
        synchronized (memberships) {
            memberships.remove(left);
            if (latest == left) {
                latest = null;
            }
        }
    }

    /// The lock of the places: while it is held, and a place not gone, the number is ours.
    public Object memberships() {
        return memberships;
    }

    /// Keeps the descriptor open for a look at it.
    public BorrowedFd look() throws IOException {
        return fd.lend();
    }

    /// Closes it when the last call under way has left, and ends those that wait; the second time without effect.
    @Override
    public void close() {
        synchronized (memberships) { // while the number is still ours
            for (Membership member : memberships) {
                member.end();
            }
            memberships.clear();
        }
        if (fd.close()) {
            ends.reading.wake();
            ends.writing.wake();
            backlog.close();
        }
    }

    private static long attempt(Call call, int raw) {
        var scratch = CallMemory.borrow();
        try {
            long answer;
            do {
                answer = call.make(scratch.state, raw, scratch.transfer());
            } while (answer == -EINTR);
            return answer;
        } finally {
            scratch.giveBack();
        }
    }

    /// @param atOnce whether the first try needs no turn
    private long perform(Direction direction, int timeoutOption, Call call, boolean atOnce) {
        try {
            TimeLimit until;
            int raw = fd.acquire();
            try {
                long answer = atOnce ? attempt(call, raw) : -EAGAIN;
                if (answer != -EAGAIN) {
                    return answer;
                }
                if (isAtOnce(direction) || SocketCalls.isNonBlocking(raw)) {
                    return attempt(call, raw);
                }
                until = limit(raw, timeoutOption);
            } finally {
                fd.release();
            }
            return direction.perform(new InTurn(call), until, Interrupts.RETURN, hook(direction));
        } catch (IOException failed) {
            return answer(failed);
        }
    }

    private boolean isAtOnce(Direction direction) {
        return direction == ends.reading ? receivesAtOnce : sendsAtOnce;
    }

    private static Interruption hook(Direction direction) {
        return new InterruptHook(direction::wake);
    }

    /// A call that is made in turn.
    private final class InTurn implements Attempt {
        private final Call call;

        InTurn(Call call) {
            this.call = call;
        }

        @Override
        public long make() {
            var scratch = CallMemory.borrow();
            try {
                return call.make(scratch.state, fd.number(), scratch.transfer());
            } finally {
                scratch.giveBack();
            }
        }
    }

    /// Returns what the descriptor says of its waits.
    private static TimeLimit limit(int raw, int option) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment time = call.allocate(Timeval.LAYOUT);
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) time.byteSize());
            int answer = SysSocket.getsockopt(call, raw, OS.SOL_SOCKET(), option, time, length);
            if (answer < 0) {
                throw new SystemCallException("getsockopt", Errno.of(answer));
            }
            Duration limit = Duration.ofSeconds(Timeval.seconds(time)).plusNanos(1000 * Timeval.micros(time));
            return TimeLimit.of(limit.isZero() ? Deadline.never() : Deadline.after(limit));
        }
    }

    /// There is no flag that says that `accept4` must not block, so that a look goes before it.
    ///
    /// Where another process has the listener and may be faster than we after the look, a thread of its own makes
    /// the call.
    private long accept(CallState state, int raw, MemorySegment room) {
        try {
            if (SocketCalls.isNonBlocking(raw) || SocketCalls.intOption(raw, OS.SO_ACCEPTCONN()) == 0) {
                return OS.accept(state, raw);
            }
            if (shared) {
                return backlog.take();
            }
            return SocketCalls.isReadable(raw) ? OS.accept(state, raw) : -EAGAIN;
        } catch (IOException failed) {
            return answer(failed);
        }
    }

    private long connect(int raw, MemorySegment address, int length) throws IOException {
        boolean waits = !sendsAtOnce && !SocketCalls.isNonBlocking(raw) && isOfConnections(raw);
        if (!waits) {
            return attempt((state, number, room) -> SysSocket.connect(state, number, address, length), raw);
        }
        TimeLimit until = limit(raw, OS.SO_SNDTIMEO());
        int entered = ends.writing.enter(until, Interrupts.RETURN);
        return entered < 0 ? entered : connectInTurn(until, new Connection(address, length));
    }

    private long connectInTurn(TimeLimit until, Connection connection) throws IOException {
        Direction direction = ends.writing;
        try {
            int flags = SocketCalls.setNonBlocking(ends);
            try {
                long answer =
                        direction.performInTurn(new InTurn(connection), until, Interrupts.RETURN, hook(direction));
                return answer == -EAGAIN && connection.begun ? -EINPROGRESS : answer;
            } finally {
                SocketCalls.setFlags(ends, flags);
            }
        } finally {
            direction.leave();
        }
    }

    private static boolean isOfConnections(int raw) throws IOException {
        int type = SocketCalls.intOption(raw, OS.SO_TYPE());
        return type == OS.SOCK_STREAM() || type == OS.SOCK_SEQPACKET();
    }

    /// One connection, from the call that begins it until it is there; the descriptor does not block meanwhile.
    private final class Connection implements Call {

        private final MemorySegment address;
        private final int length;
        private boolean begun;

        Connection(MemorySegment address, int length) {
            this.address = address;
            this.length = length;
        }

        /// A second call tells how the first one ended, and leaves the socket as new where it failed.
        @Override
        public long make(CallState state, int raw, MemorySegment room) {
            long answer = SysSocket.connect(state, raw, address, length);
            if (answer == -EINPROGRESS || answer == -EALREADY) {
                begun = true;
                return -EAGAIN;
            }
            if (answer == -EAGAIN) { // of a UNIX listener whose backlog is full
                ends.writing.noEvent();
            }
            return begun && answer == -EISCONN ? 0 : answer;
        }
    }

    private static long answer(IOException failed) {
        return switch (failed) {
            case SystemCallException e -> -e.errno().code();
            default -> -EBADF; // closed meanwhile
        };
    }
}
