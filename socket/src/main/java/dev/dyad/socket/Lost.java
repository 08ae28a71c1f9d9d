package dev.dyad.socket;

import java.lang.ref.Cleaner;

/// Closes the descriptor of what was lost without being closed, and says so.
final class Lost implements Runnable {

    private static final Cleaner CLEANER = Cleaner.create();

    private final OwnedFd fd;
    private final String what;

    private Lost(OwnedFd fd, String what) {
        this.fd = fd;
        this.what = what;
    }

    /// Watches `object`; `fd` must not lead back to it.
    ///
    /// @param what what it is, with an article, for the warning
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed long
    ///     ago
    static Cleaner.Cleanable closeWhenLost(Object object, OwnedFd fd, String what) {
        return CLEANER.register(object, new Lost(fd, what));
    }

    @Override
    public void run() {
        if (fd.close()) {
            System.getLogger("dev.dyad.socket")
                    .log(System.Logger.Level.WARNING, what + " was lost without being closed");
        }
    }
}
