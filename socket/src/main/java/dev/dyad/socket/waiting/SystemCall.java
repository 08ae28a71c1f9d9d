package dev.dyad.socket.waiting;

import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// An attempt that says which system call it makes, for who turns an error into an exception.
public interface SystemCall extends Attempt {

    /// Returns the name of the call that was made last.
    String name();

    /// Returns the address that the call names, or `null`.
    default @Nullable SocketAddress address() {
        return null;
    }

    static SystemCall of(String name, Attempt attempt) {
        return new Named(name, attempt);
    }

    /// One whose name is always the same.
    record Named(String name, Attempt attempt) implements SystemCall {
        @Override
        public long make() throws IOException {
            return attempt.make();
        }
    }
}
