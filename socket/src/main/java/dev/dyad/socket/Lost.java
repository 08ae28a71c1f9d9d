package dev.dyad.socket;

import java.lang.ref.Cleaner;

/// Closes the descriptors of sockets that were lost without being closed, and says so.
final class Lost {

    private static final Cleaner CLEANER = Cleaner.create(task -> {
        var thread = new Thread(task, "dyad-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    private Lost() {}

    /// Watches `socket`; `fd` must not lead back to it.
    ///
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed long ago
    static Cleaner.Cleanable closeWhenLost(StreamSocket socket, OwnedFd fd) {
        return CLEANER.register(socket, () -> {
            if (fd.close()) {
                System.getLogger("dev.dyad.socket")
                        .log(System.Logger.Level.WARNING, "a socket was lost without being closed");
            }
        });
    }
}
