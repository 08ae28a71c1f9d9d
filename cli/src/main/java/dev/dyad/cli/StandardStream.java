package dev.dyad.cli;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Poll;
import dev.dyad.posix.PollFd;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Our own standard input or output by its number: as fast as the system call, and with its error.
///
/// It waits also where another process that shares it has made it non-blocking. For one thread; nobody
/// closes it.
final class StandardStream {

    private static final Platform OS = Platforms.current();

    private static volatile boolean read;

    private final int fd;
    private final Arena arena = Arena.ofAuto();
    private final CallState state = new CallState(arena);
    private final MemorySegment poll = arena.allocate(PollFd.LAYOUT);

    StandardStream(int fd) {
        this.fd = fd;
    }

    /// Says whether a thread is about to read our standard input.
    static void reads(boolean now) {
        read = now;
    }

    /// Returns whether a thread is in a read of our standard input now, which nothing but its end could end.
    static boolean isRead() {
        return read;
    }

    /// Reads some bytes into the direct buffer `target`.
    ///
    /// @return how many, or `-1` at the end
    int read(ByteBuffer target) throws SystemCallException {
        while (true) {
            long answer = Unistd.read(state, fd, MemorySegment.ofBuffer(target));
            if (answer >= 0) {
                target.position(target.position() + (int) answer);
                return answer == 0 ? -1 : (int) answer;
            }
            again("read", answer, OS.POLLIN());
        }
    }

    /// Writes all of the direct buffer `source`.
    void write(ByteBuffer source) throws SystemCallException {
        while (source.hasRemaining()) {
            long answer = Unistd.write(state, fd, MemorySegment.ofBuffer(source));
            if (answer >= 0) {
                source.position(source.position() + (int) answer);
            } else {
                again("write", answer, OS.POLLOUT());
            }
        }
    }

    private void again(String call, long answer, int events) throws SystemCallException {
        Errno errno = Errno.of(answer);
        if (errno.equals(Errno.EAGAIN)) {
            PollFd.set(poll, 0, fd, events);
            Poll.ppoll(state, poll, 1, MemorySegment.NULL);
        } else if (!errno.equals(Errno.EINTR)) {
            throw new SystemCallException(call, errno, fd == 0 ? "standard input" : "standard output");
        }
    }
}
