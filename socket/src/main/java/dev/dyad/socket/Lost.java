package dev.dyad.socket;

import java.lang.ref.Cleaner;

/// Closes the descriptor of a socket that was lost without being closed, and says so.
final class Lost implements Runnable {

    private static final Cleaner CLEANER = Cleaner.create();

    private final OwnedFd fd;

    private Lost(OwnedFd fd) {
        this.fd = fd;
    }

    /// Watches `socket`; `fd` must not lead back to it.
    ///
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed long ago
    static Cleaner.Cleanable closeWhenLost(Endpoint socket, OwnedFd fd) {
        return CLEANER.register(socket, new Lost(fd));
    }

    @Override
    public void run() {
        if (fd.close()) {
            System.getLogger("dev.dyad.socket")
                    .log(System.Logger.Level.WARNING, "a socket was lost without being closed");
        }
    }
}
