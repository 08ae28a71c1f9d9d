package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;

/// Bare numbers of descriptors, as they come from outside.
final class Numbers {

    private static final Platform OS = Platforms.current();

    private Numbers() {}

    /// Returns one more number for the same, which the caller closes.
    static int another(DescriptorSource source) throws IOException {
        try (BorrowedFd borrowed = source.borrow();
                var arena = Arena.ofConfined()) {
            int number = Fcntl.fcntl(new CallState(arena), borrowed.fd(), OS.F_DUPFD_CLOEXEC(), 0);
            assertThat(number).isPositive();
            return number;
        }
    }

    /// Closes one that is open.
    static void close(int number) {
        try (var arena = Arena.ofConfined()) {
            assertThat(Unistd.close(new CallState(arena), number)).isZero();
        }
    }

    /// Returns whether calls on it do not block.
    static boolean isNonBlocking(DescriptorSource source) throws IOException {
        try (BorrowedFd borrowed = source.borrow();
                var arena = Arena.ofConfined()) {
            return (Fcntl.fcntl(new CallState(arena), borrowed.fd(), OS.F_GETFL(), 0) & OS.O_NONBLOCK()) != 0;
        }
    }

    /// Makes calls on it block, also for other processes that share it.
    static void setBlocking(DescriptorSource source) throws IOException {
        try (BorrowedFd borrowed = source.borrow();
                var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int flags = Fcntl.fcntl(state, borrowed.fd(), OS.F_GETFL(), 0);
            assertThat(Fcntl.fcntl(state, borrowed.fd(), OS.F_SETFL(), flags & ~OS.O_NONBLOCK()))
                    .isZero();
        }
    }
}
