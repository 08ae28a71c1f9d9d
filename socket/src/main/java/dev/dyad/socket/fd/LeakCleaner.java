package dev.dyad.socket.fd;

import dev.dyad.posix.Setting;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.thread.LibraryThreads;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/// Closes the descriptor of what was lost without being closed, and says which one it was.
///
/// `-Ddyad.lost=stack` has it say where that was opened, too. The price is a stack trace of each that is opened.
public final class LeakCleaner implements Runnable {

    private static final boolean STACKS = Setting.of("dyad.lost", "stack").equals("stack");

    private final Closing owner;
    private final OpenKind kind;
    private final @Nullable Throwable opened;
    private final Runnable countClosed;

    private LeakCleaner(Closing owner, OpenKind kind, @Nullable Throwable opened) {
        this.owner = owner;
        this.kind = kind;
        this.opened = opened;
        countClosed = kind.count.closing();
    }

    /// What owns a descriptor.
    interface Closing {

        /// Returns whether it is closed.
        boolean isClosed();

        /// Says which one it is, for messages to people, while it is open.
        String describe();

        /// Closes it.
        ///
        /// @return whether it was open
        boolean close();
    }

    /// Watches `object`, and counts it as open until it is closed or lost; `owner` must not lead back to it.
    ///
    /// @param kind what it is
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed
    ///     long ago
    public static Cleaner.Cleanable closeWhenLost(Object object, Closing owner, OpenKind kind) {
        Throwable opened = STACKS ? new Throwable("opened by " + Thread.currentThread()) : null;
        Cleaner.Cleanable watch = LibraryThreads.whenLost(object, new LeakCleaner(owner, kind, opened));
        kind.count.open();
        return watch;
    }

    @Override
    public void run() {
        countClosed.run();
        if (owner.isClosed()) {
            return; // as usual: by its owner
        }
        String which = "";
        boolean lost;
        try {
            which = owner.describe();
        } finally {
            lost = owner.close();
        }
        if (lost) {
            String hint = opened == null ? " (-Ddyad.lost=stack says where it was opened)" : "";
            System.getLogger("dev.dyad.socket")
                    .log(
                            System.Logger.Level.WARNING,
                            kind.article() + " was lost without being closed: " + which + hint,
                            opened);
        }
    }
}
