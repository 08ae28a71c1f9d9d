package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Opening, adopting and closing sockets by native calls.
final class NativeSocket {

    private static final Platform OS = Platform.current();

    private NativeSocket() {}

    /// Opens two connected sockets, both close-on-exec from the start.
    static SocketPair<StreamSocket> pair(int domain, int type, int protocol) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            int answer = SysSocket.socketpair(state, domain, type | OS.SOCK_CLOEXEC(), protocol, fds);
            if (answer < 0) {
                throw new SystemCallException("socketpair", Errno.of(answer));
            }
            int left = fds.getAtIndex(ValueLayout.JAVA_INT, 0);
            int right = fds.getAtIndex(ValueLayout.JAVA_INT, 1);
            if (type != OS.SOCK_STREAM() && type(state, arena, left) != OS.SOCK_STREAM()) {
                closeNow(left);
                closeNow(right);
                throw new UnsupportedOperationException("only stream pairs, not type " + type);
            }
            return new SocketPair<>(stream(left, false), stream(right, false));
        }
    }

    static StreamSocket adopt(int fd) throws IOException {
        String reason = OS.whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int type = type(state, arena, fd);
            if (type < 0) {
                throw new SystemCallException("getsockopt", Errno.of(type), describe(fd));
            }
            if (type != OS.SOCK_STREAM()) {
                throw new SystemCallException("getsockopt", Errno.EPROTOTYPE, describe(fd) + " is not a stream socket");
            }
            int answer = Fcntl.fcntl(state, fd, OS.F_SETFD(), OS.FD_CLOEXEC());
            if (answer < 0) {
                throw new SystemCallException("fcntl", Errno.of(answer), describe(fd));
            }
            return stream(fd, true);
        }
    }

    private static StreamSocket stream(int fd, boolean adopted) {
        return new NativeStreamSocket(new NativeEnds(fd, adopted));
    }

    /// Closes a number for good. There is no second try: the number is free whatever the kernel answers.
    static void closeNow(int fd) {
        try (var arena = Arena.ofConfined()) {
            int answer = Unistd.close(new CallState(arena), fd);
            if (answer < 0 && Errno.of(answer).equals(Errno.EBADF)) {
                throw new AssertionError("closed twice: " + describe(fd));
            }
        }
    }

    private static int type(CallState state, Arena arena, int fd) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) ValueLayout.JAVA_INT.byteSize());
        int answer = SysSocket.getsockopt(state, fd, OS.SOL_SOCKET(), OS.SO_TYPE(), value, length);
        return answer < 0 ? answer : value.get(ValueLayout.JAVA_INT, 0);
    }

    private static String describe(int fd) {
        return "descriptor " + fd;
    }
}
