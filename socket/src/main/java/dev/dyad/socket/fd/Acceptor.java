package dev.dyad.socket.fd;

import dev.dyad.posix.Platform;
import dev.dyad.socket.Errno;
import dev.dyad.socket.transfer.CallMemory;
import dev.dyad.socket.waiting.Attempt;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The connections of a listener that nobody has accepted yet.
///
/// Used by one thread at a time.
public sealed interface Acceptor permits OwnAcceptor, SharedAcceptor {

    /// Takes the first connection, without waiting.
    ///
    /// @return its descriptor, which is the caller's, or [Attempt#WOULD_BLOCK]
    int take() throws IOException;

    /// Takes the first connection for somebody who will not wait for another try.
    ///
    /// @return as [#take]
    int takeNow() throws IOException;

    /// Takes nothing more until the next call, which a call that ends has to say.
    void rest();

    /// Returns whether no call is under way by a thread of its own.
    boolean isIdle();

    /// Closes what was taken for nobody, after the descriptor was marked closed.
    void close();

    /// Makes it fit for a listener that other processes are to have as well.
    void share() throws IOException;

    /// `accept4(2)`, which blocks where the descriptor does.
    ///
    /// @param again whether a signal makes no difference
    /// @return a descriptor, or [Attempt#WOULD_BLOCK], also after a signal that makes one
    static int accept(Fd ends, boolean again) throws IOException {
        int raw = ends.fd.acquire();
        var scratch = CallMemory.borrow();
        try {
            while (true) {
                int answer = Platform.current().accept(scratch.state, raw);
                if (answer >= 0) {
                    return answer;
                }
                Errno errno = Errno.of(answer);
                if (errno.equals(Errno.EAGAIN) || (!again && errno.equals(Errno.EINTR))) {
                    return (int) Attempt.WOULD_BLOCK;
                }
                if (!Numbers.OF_THE_CONNECTION.contains(errno)) {
                    throw ends.fd.isClosed() ? new AsynchronousCloseException() : ends.failure("accept4", errno);
                }
            }
        } finally {
            scratch.giveBack();
            ends.fd.release();
        }
    }

    /// What [#accept] goes by.
    final class Numbers {

        /// Errors that tell of a connection which is gone, as `accept(2)` lists them: the next one may be better.
        private static final Set<Errno> OF_THE_CONNECTION = Stream.of(
                        "EINTR",
                        "ECONNABORTED",
                        "ENETDOWN",
                        "EPROTO",
                        "ENOPROTOOPT",
                        "EHOSTDOWN",
                        "ENONET",
                        "EHOSTUNREACH",
                        "EOPNOTSUPP",
                        "ENETUNREACH")
                .map(name -> new Errno(Platform.current().errno(name)))
                .collect(Collectors.toUnmodifiableSet());

        private Numbers() {}
    }
}
