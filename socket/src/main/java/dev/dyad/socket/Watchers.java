package dev.dyad.socket;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.util.ArrayList;
import java.util.List;

/// The registrations of one end, in as many selectors as it likes.
///
/// A close takes them all out of their selectors before the descriptor is closed. So whoever holds the lock and
/// finds a registration listed knows that the number in it is still the end's.
final class Watchers {

    // -- guarded by this
    private List<Registration> listed = List.of(); // most ends are in no selector
    private boolean closed;

    /// Lists a registration, and begins it.
    synchronized void add(Registration added) throws IOException {
        if (closed) {
            throw added.endpoint().closed();
        }
        if (listed.stream().anyMatch(other -> other.selector() == added.selector())) {
            throw new IllegalStateException("registered with this selector already");
        }
        added.begin();
        var more = new ArrayList<Registration>(listed.size() + 1);
        more.addAll(listed);
        more.add(added);
        listed = more;
    }

    /// Changes what a registration asks for.
    synchronized void change(Registration changed, int interest) throws IOException {
        if (!listed.contains(changed)) {
            throw new CancelledKeyException();
        }
        changed.change(interest);
    }

    /// Ends a registration, if it is listed.
    synchronized void remove(Registration removed) {
        if (listed.contains(removed)) {
            listed = listed.stream().filter(other -> other != removed).toList();
            removed.end();
        }
    }

    /// Ends all registrations, for good.
    synchronized void close() {
        closed = true;
        List<Registration> ended = listed;
        listed = List.of();
        ended.forEach(Registration::end);
    }
}
