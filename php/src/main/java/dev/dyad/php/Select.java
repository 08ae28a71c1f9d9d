package dev.dyad.php;

import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/// Waiting for many sockets at once, by PHP's rules: an object for each call.
final class Select {

    private static final String FUNCTION = "socket_select";
    private static final Deadline NOW = Deadline.after(Duration.ZERO);

    private @Nullable FdSelection selection; // once there is a socket
    private int place; // of the next socket, in the selection

    /// One variable that is passed twice ends as the last of its sets.
    ///
    /// @param seconds `null` to wait for ever
    @SuppressWarnings("ReferenceEquality") // equal sets are not one variable
    int select(
            @Nullable Collection<Socket> read,
            @Nullable Collection<Socket> write,
            @Nullable Collection<Socket> except,
            @Nullable Integer seconds,
            int microseconds) {
        try {
            int firstRead = ask(1, "read", FdSelection.READ, read);
            int firstWrite = ask(2, "write", FdSelection.WRITE, write);
            int firstExcept = ask(3, "except", FdSelection.URGENT, except);
            FdSelection asked = selection;
            if (asked == null) {
                throw new ValueError(FUNCTION + "(): At least one array argument must be passed");
            }
            requireModifiable(1, "read", read);
            requireModifiable(2, "write", write);
            requireModifiable(3, "except", except);
            boolean isNegative = seconds != null && (seconds < 0 || microseconds < 0);
            long answer = isNegative ? -Sockets.SOCKET_EINVAL : asked.select(deadline(seconds, microseconds));
            if (answer < 0) {
                return Errors.noteLoudly(FUNCTION, "Unable to select", answer);
            }
            keepReady(read == write || read == except ? null : read, asked, FdSelection.READ, firstRead);
            keepReady(write == except ? null : write, asked, FdSelection.WRITE, firstWrite);
            keepReady(except, asked, FdSelection.URGENT, firstExcept);
            return (int) answer;
        } finally {
            if (selection != null) {
                selection.giveBack();
            }
        }
    }

    /// Asks for something of each socket of an array.
    ///
    /// @return the place of the first one
    private int ask(int position, String name, int what, @Nullable Collection<Socket> sockets) {
        int first = place;
        if (sockets != null) {
            for (Object element : (Collection<?>) sockets) { // which may hold other things than it says
                RawSocket socket = element instanceof Socket it ? it.php.openSystem(FUNCTION) : null;
                if (socket == null) {
                    throw wrong(position, name, element);
                }
                if (selection == null) {
                    selection = FdSelection.borrow(socket);
                }
                place = selection.want(socket, what) + 1;
            }
        }
        return first;
    }

    private static TypeError wrong(int position, String name, @Nullable Object element) {
        String text = element instanceof Socket
                ? "contains a closed socket"
                : "must only have elements of type Socket, " + Arguments.typeName(element) + " given";
        return Arguments.typeError(FUNCTION, position, name, text);
    }

    private static void requireModifiable(int position, String name, @Nullable Collection<Socket> sockets) {
        if (sockets != null && !sockets.isEmpty() && !isModifiable(sockets)) {
            throw new PhpError(
                    FUNCTION + "(): Argument #" + position + " ($" + name + ") could not be passed by reference");
        }
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

    private static Deadline deadline(@Nullable Integer seconds, int microseconds) {
        if (seconds == null) {
            return Deadline.never();
        }
        return seconds == 0 && microseconds == 0
                ? NOW
                : Deadline.after(Duration.ofSeconds(seconds).plusNanos(1000L * microseconds));
    }

    /// Takes the sockets out of an array that are not ready, in the order in which they were asked for.
    private void keepReady(@Nullable Collection<Socket> sockets, FdSelection selected, int what, int first) {
        if (sockets != null) {
            place = first;
            boolean _ = sockets.removeIf(socket -> !selected.isReady(place++, socket.php.system(FUNCTION), what));
        }
    }
}
