package dev.dyad.php;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/// Waiting for many sockets at once, by PHP's rules.
final class Select {

    private static final String FUNCTION = "socket_select";

    private Select() {}

    /// One of the three arrays.
    private record Wanted(
            int position, String name, int what, @Nullable Collection<Socket> sockets) {

        /// Returns the first socket, or `null` if there is none.
        @Nullable
        RawSocket first() {
            return sockets == null || sockets.isEmpty()
                    ? null
                    : system(((Collection<?>) sockets).iterator().next());
        }

        void ask(FdSelection selection) {
            if (sockets != null) {
                for (Object element : (Collection<?>) sockets) {
                    selection.want(system(element), what);
                }
            }
        }

        /// Looks at an element as what it is: a collection may hold other things than it says.
        private RawSocket system(@Nullable Object element) {
            if (!(element instanceof Socket socket)) {
                throw wrong("must only have elements of type Socket, " + Arguments.typeName(element) + " given");
            }
            if (!socket.isOpen()) {
                throw wrong("contains a closed socket");
            }
            return socket.system(FUNCTION);
        }

        void requireModifiable() {
            if (sockets != null && !sockets.isEmpty() && !isModifiable(sockets)) {
                throw new PhpError(
                        FUNCTION + "(): Argument #" + position + " ($" + name + ") could not be passed by reference");
            }
        }

        void keepReady(FdSelection selection) {
            if (sockets != null) {
                sockets.removeIf(socket -> !selection.isReady(socket.system(FUNCTION), what));
            }
        }

        private TypeError wrong(String text) {
            return Arguments.typeError(FUNCTION, position, name, text);
        }

        /// Asks in ways that change nothing. Copies on write take nothing out by their iterators, but otherwise.
        private static boolean isModifiable(Collection<Socket> sockets) {
            if (sockets.getClass() == ArrayList.class) {
                return true;
            }
            try {
                boolean _ = sockets.removeIf(socket -> false);
                if (!(sockets instanceof CopyOnWriteArrayList || sockets instanceof CopyOnWriteArraySet)) {
                    sockets.iterator().remove();
                }
                return true;
            } catch (UnsupportedOperationException fixed) {
                return false;
            } catch (IllegalStateException nothingWasNext) {
                return true;
            }
        }
    }

    /// @param seconds `null` to wait for ever
    static int select(
            @Nullable Collection<Socket> read,
            @Nullable Collection<Socket> write,
            @Nullable Collection<Socket> except,
            @Nullable Integer seconds,
            int microseconds) {
        var all = List.of(
                new Wanted(1, "read", FdSelection.READ, read),
                new Wanted(2, "write", FdSelection.WRITE, write),
                new Wanted(3, "except", FdSelection.URGENT, except));
        var selection = FdSelection.borrow(first(all));
        try {
            all.forEach(wanted -> wanted.ask(selection));
            all.forEach(Wanted::requireModifiable);
            return select(all, selection, seconds, microseconds);
        } finally {
            selection.giveBack();
        }
    }

    private static RawSocket first(List<Wanted> all) {
        for (Wanted wanted : all) {
            RawSocket first = wanted.first();
            if (first != null) {
                return first;
            }
        }
        throw new ValueError(FUNCTION + "(): At least one array argument must be passed");
    }

    private static int select(List<Wanted> all, FdSelection selection, @Nullable Integer seconds, int microseconds) {
        if (seconds != null && (seconds < 0 || microseconds < 0)) {
            return failed(-Sockets.SOCKET_EINVAL);
        }
        long answer = selection.select(deadline(seconds, microseconds));
        if (answer < 0) {
            return failed(answer);
        }
        last(all).forEach(wanted -> wanted.keepReady(selection));
        return (int) answer;
    }

    /// One variable that is passed twice ends as the last of its sets.
    @SuppressWarnings("ReferenceEquality") // equal sets are not one variable
    private static List<Wanted> last(List<Wanted> all) {
        var last = new ArrayList<Wanted>(all);
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                if (all.get(i).sockets() != null
                        && all.get(i).sockets() == all.get(j).sockets()) {
                    last.remove(all.get(i));
                }
            }
        }
        return last;
    }

    private static Deadline deadline(@Nullable Integer seconds, int microseconds) {
        return seconds == null
                ? Deadline.never()
                : Deadline.after(Duration.ofSeconds(seconds).plusNanos(1000L * microseconds));
    }

    private static int failed(long answer) {
        Errors.noteLoudly(FUNCTION, "Unable to select", answer);
        return -1;
    }
}
