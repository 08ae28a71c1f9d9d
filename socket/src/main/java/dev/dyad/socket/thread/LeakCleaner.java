package dev.dyad.socket.thread;

import dev.dyad.socket.jfr.OpenKind;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Closes the descriptor of what was lost without being closed, and says which one it was.
///
/// `-Ddyad.lost=stack` has it say where that was opened, too. The price is a stack trace of each that is opened.
public final class LeakCleaner implements Runnable {

    private static final boolean STACKS = wantsStacks(System.getProperty("dyad.lost", ""));

    /// What runs the actions of those that are lost. Not made when the class is loaded, which would never be tried
    /// again where no thread is left.
    private static volatile @Nullable Cleaner cleaner; // written under the class

    private final Closing owner;
    private final OpenKind kind;
    private final @Nullable Throwable opened;

    @SuppressWarnings("UnusedVariable") // it is held
    private final Object holder;

    private LeakCleaner(Closing owner, OpenKind kind, @Nullable Throwable opened) {
        this.owner = owner;
        this.kind = kind;
        this.opened = opened;
        holder = kind.count.holder();
    }

    /// What owns a descriptor.
    public interface Closing {

        /// Returns whether it is closed.
        ///
        /// @return whether nothing is left to close
        boolean isClosed();

        /// Says which one it is, for messages to people, while it is open.
        ///
        /// @return its number and what it is
        String describe();

        /// Closes it.
        ///
        /// @return whether it was open
        boolean close();
    }

    /// Watches `object`, and counts it as open until it is closed or lost.
    ///
    /// @param object what may be lost without being closed
    /// @param owner what has its descriptor, and must not lead back to it
    /// @param kind what it is
    /// @return what ends the watch: the collector would otherwise have to follow a socket that was closed
    ///     long ago
    public static Cleaner.Cleanable closeWhenLost(Object object, Closing owner, OpenKind kind) {
        Throwable opened = STACKS ? new Throwable("opened by " + Thread.currentThread()) : null;
        Cleaner.Cleanable watch = whenLost(object, new LeakCleaner(owner, kind, opened));
        kind.count.open();
        return watch;
    }

    /// Has something done once: by [Cleaner.Cleanable#clean], or when `object` is lost before that.
    ///
    /// Where the system has no thread left for it, nobody notices that the object is lost.
    ///
    /// @param object what may be lost without being closed
    /// @param action what is done, which must not lead back to the object
    /// @return what does it, and ends the watch
    public static Cleaner.Cleanable whenLost(Object object, Runnable action) {
        try {
            Cleaner made = cleaner;
            return (made != null ? made : makeCleaner()).register(object, action);
        } catch (OutOfMemoryError noThread) {
            return new Unwatched(action);
        }
    }

    private static synchronized Cleaner makeCleaner() {
        Cleaner made = cleaner;
        if (made == null) {
            made = LibraryThreads.cleaner();
            cleaner = made;
        }
        return made;
    }

    private static final class Unwatched implements Cleaner.Cleanable {

        private final AtomicReference<@Nullable Runnable> action;

        Unwatched(Runnable action) {
            this.action = new AtomicReference<>(action);
        }

        @Override
        public void clean() {
            Runnable first = action.getAndSet(null);
            if (first != null) {
                first.run();
            }
        }
    }

    @Override
    public void run() {
        kind.count.close();
        if (owner.isClosed()) {
            return; // as it is by who has it
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

    private static boolean wantsStacks(String wanted) {
        return switch (wanted) {
            case "" -> false;
            case "stack" -> true;
            default -> throw new IllegalArgumentException("dyad.lost is \"stack\" or not set, not \"" + wanted + "\"");
        };
    }
}
