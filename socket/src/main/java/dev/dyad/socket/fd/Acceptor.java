package dev.dyad.socket.fd;

import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.transfer.CallMemory;
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
    /// @return its descriptor, which is the caller's, or `-errno`
    int take() throws IOException;

    /// Takes the first connection for a caller that will not wait for another try.
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
    /// @return a descriptor, or `-errno`: `-EINTR` after a signal that makes a difference
    static int accept(Fd ends, boolean again) throws IOException {
        int raw = ends.fd.acquire();
        var scratch = CallMemory.borrow();
        try {
            int answer;
            do {
                answer = Platforms.current().accept(scratch.state, raw);
            } while (answer < 0 && Numbers.isOfTheConnection(Errno.of(answer), again));
            return answer;
        } finally {
            scratch.giveBack();
            ends.fd.release();
        }
    }

    /// Returns what to throw where that answers an error.
    static IOException failure(Fd ends, Errno errno) {
        return ends.fd.isClosed() ? new AsynchronousCloseException() : ends.failure("accept4", errno);
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
                .map(name -> new Errno(Platforms.current().errno(name)))
                .collect(Collectors.toUnmodifiableSet());

        private Numbers() {}

        private static boolean isOfTheConnection(Errno errno, boolean again) {
            return OF_THE_CONNECTION.contains(errno) && (again || !errno.equals(Errno.EINTR));
        }
    }
}
