package dev.dyad.socket;

import dev.dyad.socket.thread.LibraryThreads;
import java.lang.ref.Cleaner;

/// Closes the descriptor of what was lost without being closed, and says so.
final class Lost implements Runnable {

    private final Closing owner;
    private final String what;

    private Lost(Closing owner, String what) {
        this.owner = owner;
        this.what = what;
    }

    /// What owns a descriptor.
    interface Closing {

        /// Closes it.
        ///
        /// @return whether it was open
        boolean close();
    }

    /// Watches `object`; `owner` must not lead back to it.
    ///
    /// @param what what it is, with an article, for the warning
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed
    ///     long ago
    static Cleaner.Cleanable closeWhenLost(Object object, Closing owner, String what) {
        return LibraryThreads.whenLost(object, new Lost(owner, what));
    }

    @Override
    public void run() {
        if (owner.close()) {
            System.getLogger("dev.dyad.socket")
                    .log(System.Logger.Level.WARNING, what + " was lost without being closed");
        }
    }
}
