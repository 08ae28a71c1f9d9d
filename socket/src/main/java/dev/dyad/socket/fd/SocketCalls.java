package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Poll;
import dev.dyad.posix.PollFd;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.SysStat;
import dev.dyad.posix.Timespec;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Opening, adopting and closing sockets by native calls.
public final class SocketCalls {

    private static final Platform OS = Platforms.current();
    private static final int STANDARD_STREAMS = 3;
    private static final String PAIRS = "AF_UNIX with SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET";

    private SocketCalls() {}

    /// Says that what is wanted cannot be had without native calls, where there are none.
    public static void requireNative() {
        String reason = OS.whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
    }

    /// What makes a socket of the ends of one.
    @FunctionalInterface
    public interface Kind<S> {
        S of(Fd ends) throws IOException;
    }

    /// What makes a pair of two sockets.
    @FunctionalInterface
    public interface Pairing<S, P> {
        P of(S left, S right);
    }

    /// Opens two connected sockets of a type that is known, both close-on-exec from the start.
    public static <S, P> P pair(int domain, int type, int protocol, Kind<S> kind, Pairing<S, P> pairing)
            throws IOException {
        int[] fds = openPair(domain, type, protocol);
        return pair(fds[0], fds[1], domain, type, kind, pairing);
    }

    /// Opens two connected sockets, both close-on-exec, which nobody owns yet.
    private static int[] openPair(int domain, int type, int protocol) throws IOException {
        var fds = new int[2];
        int answer = socketpair(domain, type, protocol, fds);
        if (answer < 0) {
            throw new SocketKind(domain, type, protocol).pairRefused(Errno.of(answer), PAIRS);
        }
        return fds;
    }

    /// Takes over a number. If it throws, the number is still the caller's to close.
    @FunctionalInterface
    public interface Owner {
        void own(int fd) throws IOException;
    }

    /// Opens two connected byte streams, both close-on-exec, of which only one is used here.
    ///
    /// @param other takes over the number of the other one
    public static StreamSocket halfPair(Owner other) throws IOException {
        requireNative();
        int[] fds = openPair(OS.AF_UNIX(), OS.SOCK_STREAM(), 0);
        StreamSocket end = null;
        boolean done = false;
        try {
            end = StreamSocket.adopt(fds[0]);
            ((AdoptedSocket) end).setUnshared();
            other.own(fds[1]);
            done = true;
            return end;
        } finally {
            if (!done) {
                closeHalfPair(end, fds);
            }
        }
    }

    private static void closeHalfPair(@Nullable StreamSocket end, int[] fds) throws IOException {
        try {
            if (end == null) {
                closeNow(fds[0]);
            } else {
                end.close();
            }
        } finally {
            closeNow(fds[1]);
        }
    }

    /// `socketpair(2)`, close-on-exec.
    ///
    /// @param fds are told the two numbers
    /// @return zero, or `-errno`
    public static int socketpair(int domain, int type, int protocol, int[] fds) {
        try (var call = CallState.open()) {
            MemorySegment both = call.allocate(ValueLayout.JAVA_INT, 2);
            int answer = SysSocket.socketpair(call, domain, type | OS.SOCK_CLOEXEC(), protocol, both);
            MemorySegment.copy(both, ValueLayout.JAVA_INT, 0, fds, 0, 2);
            return answer;
        }
    }

    private static <S, P> P pair(int one, int other, int domain, int type, Kind<S> kind, Pairing<S, P> pairing)
            throws IOException {
        int real = Types.known(type) ? type : typeOf(one, other);
        var left = new Fd(one, domain, real, false, true);
        var right = new Fd(other, domain, real, false, true);
        try {
            return pairing.of(kind.of(left), kind.of(right));
        } catch (Throwable failed) {
            left.fd.close();
            right.fd.close();
            throw failed;
        }
    }

    /// Returns the type of two sockets that nobody owns yet, which are closed if that fails.
    private static int typeOf(int one, int other) throws IOException {
        try {
            return intOption(one, OS.SO_TYPE());
        } catch (Throwable failed) {
            closeNow(one);
            closeNow(other);
            throw failed;
        }
    }

    /// Opens a socket that is not connected, close-on-exec from the start.
    ///
    /// @param flags what to add to the type
    public static <S> S open(int domain, int type, int flags, Kind<S> kind) throws IOException {
        requireNative();
        int answer = socket(domain, type | flags, 0);
        if (answer < 0) {
            throw new SocketKind(domain, type, 0).socketRefused(Errno.of(answer));
        }
        return made(new Fd(answer, domain, type, false, false), kind);
    }

    /// `socket(2)`, close-on-exec.
    ///
    /// @return its number, or `-errno`
    public static int socket(int domain, int type, int protocol) {
        try (var call = CallState.open()) {
            return SysSocket.socket(call, domain, type | OS.SOCK_CLOEXEC(), protocol);
        }
    }

    /// Makes a socket of a number that is ours, which is closed if that fails.
    public static <S> S made(Fd ends, Kind<S> kind) throws IOException {
        try {
            return kind.of(ends);
        } catch (Throwable failed) {
            ends.fd.close();
            throw failed;
        }
    }

    /// Takes over a number of a socket, which stays the caller's if that fails.
    public static <S> S adopt(int fd, Kind<S> kind, Types types) throws IOException {
        return adopt(fd, types, false, kind);
    }

    /// Takes over a number of a socket that listens, or of one that does not.
    public static <S> S adopt(int fd, Types types, boolean listening, Kind<S> kind) throws IOException {
        requireNative();
        int type = intOption(fd, OS.SO_TYPE());
        if (!types.include(type)) {
            throw new SystemCallException(
                    "getsockopt", Errno.EPROTOTYPE, describe(fd) + " is not a " + types.text + " socket");
        }
        if (isListening(fd) != listening) {
            String not = listening ? " does not listen" : " listens";
            throw new SystemCallException("getsockopt", Errno.EINVAL, describe(fd) + not + " for connections");
        }
        closeOnExec(fd);
        return kind.of(new Fd(fd, intOption(fd, OS.SO_DOMAIN()), type, true, true));
    }

    /// Opens one more descriptor of what `raw` is open on, close-on-exec, which takes no standard stream's number.
    public static int duplicate(int raw) throws IOException {
        try (var call = CallState.open()) {
            int answer = Fcntl.fcntl(call, raw, OS.F_DUPFD_CLOEXEC(), STANDARD_STREAMS);
            if (answer < 0) {
                throw new SystemCallException("fcntl", Errno.of(answer), describe(raw));
            }
            return answer;
        }
    }

    /// Returns whether calls on a descriptor never block.
    public static boolean isNonBlocking(int fd) throws IOException {
        try (var call = CallState.open()) {
            int flags = Fcntl.fcntl(call, fd, OS.F_GETFL(), 0);
            if (flags < 0) {
                throw new SystemCallException("fcntl", Errno.of(flags), describe(fd));
            }
            return (flags & OS.O_NONBLOCK()) != 0;
        }
    }

    /// The types of socket that one kind stands for.
    public enum Types {
        STREAM("stream"),
        MESSAGE("message"),
        SEQPACKET("sequenced packet");

        private final String text;

        Types(String text) {
            this.text = text;
        }

        /// Linux makes a datagram socket of a raw one of the UNIX domain.
        static boolean known(int type) {
            return STREAM.include(type) || MESSAGE.include(type);
        }

        public boolean include(int type) {
            return switch (this) {
                case STREAM -> type == OS.SOCK_STREAM();
                case MESSAGE -> type == OS.SOCK_DGRAM() || type == OS.SOCK_SEQPACKET();
                case SEQPACKET -> type == OS.SOCK_SEQPACKET();
            };
        }
    }

    /// Makes calls on the descriptor block that have no flag to say otherwise.
    static void setBlocking(Fd ends) throws IOException {
        setFlags(ends, setNonBlocking(ends) & ~OS.O_NONBLOCK());
    }

    /// Makes calls on the descriptor never block, for those that have no flag to say so.
    ///
    /// @return the flags it had
    public static int setNonBlocking(Fd ends) throws IOException {
        int raw = ends.fd.acquire();
        try {
            return setNonBlocking(ends, raw);
        } finally {
            ends.fd.release();
        }
    }

    /// Does so for a caller that has acquired the descriptor, whose number is `raw`.
    ///
    /// @return the flags it had
    public static int setNonBlocking(Fd ends, int raw) throws IOException {
        try (var call = CallState.open()) {
            int flags = setNonBlocking(call, raw, true);
            if (flags < 0) {
                throw ends.failure("fcntl", Errno.of(flags));
            }
            return flags;
        }
    }

    /// Makes calls on a stream socket never block, for a program that gets it and expects that.
    ///
    /// @return false if it is no stream socket, and is as it was
    public static boolean setStreamNonBlocking(int fd) throws IOException {
        if (!isStreamSocket(fd)) {
            return false;
        }
        try (var call = CallState.open()) {
            int answer = setNonBlocking(call, fd, true);
            if (answer < 0) {
                throw new SystemCallException("fcntl", Errno.of(answer), describe(fd));
            }
        }
        return true;
    }

    /// Says whether a socket listens for connections.
    public static boolean isListening(int fd) throws IOException {
        return intOption(fd, OS.SO_ACCEPTCONN()) != 0;
    }

    /// Returns the inode of a socket, by which the kernel knows it, the same in every process that has it.
    ///
    /// @throws SystemCallException if the descriptor is not open, or not a socket
    public static long inode(int fd) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment stat = call.allocate(Stat.LAYOUT);
            int answer = SysStat.fstat(call, fd, stat);
            if (answer < 0) {
                throw new SystemCallException("fstat", Errno.of(answer), describe(fd));
            }
            if ((Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFSOCK()) {
                throw new SystemCallException("fstat", Errno.ENOTSOCK, describe(fd));
            }
            return Stat.inode(stat);
        }
    }

    private static boolean isStreamSocket(int fd) throws IOException {
        try {
            return intOption(fd, OS.SO_TYPE()) == OS.SOCK_STREAM();
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.ENOTSOCK)) {
                return false;
            }
            throw e;
        }
    }

    /// Says whether calls on a descriptor never block.
    ///
    /// @return the flags it had, or `-errno`
    public static int setNonBlocking(CallState state, int raw, boolean on) {
        int flags = Fcntl.fcntl(state, raw, OS.F_GETFL(), 0);
        int wanted = on ? flags | OS.O_NONBLOCK() : flags & ~OS.O_NONBLOCK();
        int answer = flags < 0 ? flags : Fcntl.fcntl(state, raw, OS.F_SETFL(), wanted);
        return answer < 0 ? answer : flags;
    }

    /// Gives the descriptor the flags back that it had, unless it was closed.
    public static void setFlags(Fd ends, int flags) throws IOException {
        int raw;
        try {
            raw = ends.fd.acquire();
        } catch (ClosedChannelException closed) {
            return;
        }
        try (var call = CallState.open()) {
            int answer = Fcntl.fcntl(call, raw, OS.F_SETFL(), flags);
            if (answer < 0) {
                throw ends.failure("fcntl", Errno.of(answer));
            }
        } finally {
            ends.fd.release();
        }
    }

    public static void closeOnExec(int fd) throws IOException {
        try (var call = CallState.open()) {
            int answer = Fcntl.fcntl(call, fd, OS.F_SETFD(), OS.FD_CLOEXEC());
            if (answer < 0) {
                throw new SystemCallException("fcntl", Errno.of(answer), describe(fd));
            }
        }
    }

    /// Returns an option of a socket that is a number.
    public static int intOption(int fd, int option) throws IOException {
        try (var call = CallState.open()) {
            int answer = intOption(call, fd, option, call.allocate(ValueLayout.JAVA_INT, 2));
            if (answer < 0) {
                throw new SystemCallException("getsockopt", Errno.of(answer), describe(fd));
            }
            return answer;
        }
    }

    /// Returns an option of a socket that is a number of zero or more, or `-errno`.
    ///
    /// @param room for two numbers
    public static int intOption(CallState state, int fd, int option, MemorySegment room) {
        MemorySegment length = room.asSlice(Integer.BYTES, Integer.BYTES);
        length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
        int answer = SysSocket.getsockopt(state, fd, OS.SOL_SOCKET(), option, room, length);
        return answer < 0 ? answer : room.get(ValueLayout.JAVA_INT, 0);
    }

    /// Puts a descriptor in the place of another one that is open, close-on-exec, by `dup3(2)`.
    public static void replace(CallState state, int from, int to) throws IOException {
        int answer = CallState.retry(() -> Unistd.dup3(state, from, to, OS.O_CLOEXEC()));
        if (answer < 0) {
            throw new SystemCallException("dup3", Errno.of(answer));
        }
    }

    /// Closes a number for good. There is no second try: the number is free whatever the kernel answers.
    public static void closeNow(int fd) {
        try (var call = CallState.open()) {
            int answer = Unistd.close(call, fd);
            if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
                throw new AssertionError("closed twice: " + describe(fd));
            }
        }
    }

    /// Sets an option of a socket that is on or off.
    public static void switchOn(Fd ends, int option) throws IOException {
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment on = call.allocateFrom(ValueLayout.JAVA_INT, 1);
            int answer = SysSocket.setsockopt(call, raw, OS.SOL_SOCKET(), option, on, (int) on.byteSize());
            if (answer < 0) {
                throw ends.failure("setsockopt", Errno.of(answer));
            }
        } finally {
            ends.fd.release();
        }
    }

    /// Returns whether a descriptor can be read now, or has failed.
    public static boolean isReadable(int fd) throws IOException {
        return happened(fd, OS.POLLIN()) != 0;
    }

    /// Returns whether nothing more will come by a descriptor, for it was shut down or the peer has ended that.
    public static boolean isReadingShut(int fd) throws IOException {
        return (happened(fd, OS.POLLRDHUP()) & OS.POLLRDHUP()) != 0;
    }

    /// Looks at descriptors by a `ppoll(2)` that does not wait.
    ///
    /// @param fds an array of `struct pollfd`
    /// @return how many have something to tell, or `-errno`
    public static int look(CallState call, MemorySegment fds, int count) {
        MemorySegment atOnce = call.allocate(Timespec.LAYOUT);
        return CallState.retry(() -> Poll.ppoll(call, fds, count, atOnce));
    }

    private static int happened(int fd, int events) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment fds = call.allocate(PollFd.LAYOUT);
            PollFd.set(fds, 0, fd, events);
            int answer = look(call, fds, 1);
            if (answer < 0) {
                throw new SystemCallException("ppoll", Errno.of(answer), describe(fd));
            }
            return answer > 0 ? PollFd.returned(fds, 0) : 0;
        }
    }

    private static String describe(int fd) {
        return "descriptor " + fd;
    }
}
