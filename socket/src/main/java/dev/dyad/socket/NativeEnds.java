package dev.dyad.socket;

import java.io.IOException;
import java.util.function.IntConsumer;

/// The descriptor of a socket with its two directions, which know each other before there is a socket.
final class NativeEnds implements IntConsumer {

    final OwnedFd fd;
    final NativeDirection reading;
    final NativeDirection writing;
    private final boolean adopted;

    /// @param adopted whether the number came from outside, so that an error of ours is not the only way to a bad
    ///     one
    NativeEnds(int raw, boolean adopted) {
        fd = new OwnedFd(raw, this);
        reading = new NativeDirection(fd, false);
        writing = new NativeDirection(fd, true);
        this.adopted = adopted;
    }

    /// Closes the descriptor, once the last call under way has left.
    @Override
    public void accept(int raw) {
        reading.forget(raw);
        writing.forget(raw);
        NativeSocket.closeNow(raw);
    }

    BorrowedFd borrow() throws IOException {
        return new BorrowedFd(fd, fd.acquire());
    }

    /// Returns what an answer of a call that was told not to block means to its caller.
    ///
    /// @return the answer, or [Endpoint#WOULD_BLOCK]
    long result(String call, long answer) throws IOException {
        if (answer >= 0) {
            return answer;
        }
        Errno errno = Errno.of(answer);
        if (errno.equals(Errno.EAGAIN)) {
            return Endpoint.WOULD_BLOCK;
        }
        throw failure(call, errno);
    }

    /// Returns what to throw for a call that failed.
    IOException failure(String call, Errno errno) {
        if (!adopted && (errno.equals(Errno.EBADF) || errno.equals(Errno.EFAULT) || errno.equals(Errno.ENOTSOCK))) {
            throw new AssertionError(call + ": " + errno);
        }
        return new SystemCallException(call, errno);
    }

    static boolean interrupted(long answer) {
        return answer < 0 && Errno.of(answer).equals(Errno.EINTR);
    }
}
