package dev.dyad.socket;

import java.lang.ref.Cleaner;

/// Closes the descriptors of sockets that were lost without being closed, and says so.
final class Lost {

    private static final System.Logger LOG = System.getLogger("dev.dyad.socket");
    private static final Cleaner CLEANER = Cleaner.create(task -> {
        var thread = new Thread(task, "dyad-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    private Lost() {}

    /// Watches `socket`; `fd` must not lead back to it.
    static void closeWhenLost(StreamSocket socket, OwnedFd fd) {
        CLEANER.register(socket, () -> {
            if (fd.close()) {
                LOG.log(System.Logger.Level.WARNING, "a socket was lost without being closed");
            }
        });
    }
}
