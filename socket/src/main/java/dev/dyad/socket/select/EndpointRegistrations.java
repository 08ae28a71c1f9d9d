package dev.dyad.socket.select;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/// The registrations of one end, in as many selectors as it likes.
///
/// A close takes them all out of their selectors before the descriptor is closed. So a thread that holds the
/// lock and finds a registration listed knows that the number in it is still the end's.
public final class EndpointRegistrations {

    // -- guarded by this
    private List<Entry> listed = List.of(); // most ends are in no selector
    private boolean closed;

    /// A registration, as its end knows it.
    public interface Entry {

        /// Returns where it is registered.
        Object selector();

        /// Returns what to throw where the end is closed.
        ClosedChannelException closed();

        /// Enters the selector.
        void begin() throws IOException;

        /// Watches for something else from now on.
        void change(int interest) throws IOException;

        /// Leaves the selector.
        void end();
    }

    /// Lists a registration, and begins it.
    public synchronized void add(Entry added) throws IOException {
        if (closed) {
            throw added.closed();
        }
        if (listed.stream().anyMatch(other -> other.selector().equals(added.selector()))) {
            throw new IllegalStateException("registered with this selector already");
        }
        added.begin();
        var more = new ArrayList<Entry>(listed.size() + 1);
        more.addAll(listed);
        more.add(added);
        listed = more;
    }

    /// Changes what a registration asks for.
    public synchronized void change(Entry changed, int interest) throws IOException {
        if (!listed.contains(changed)) {
            throw new CancelledKeyException();
        }
        changed.change(interest);
    }

    /// Ends a registration, if it is listed.
    public synchronized void remove(Entry removed) {
        if (listed.contains(removed)) {
            listed = listed.stream().filter(other -> !other.equals(removed)).toList();
            removed.end();
        }
    }

    /// Ends all registrations, for good.
    public synchronized void close() {
        closed = true;
        List<Entry> ended = listed;
        listed = List.of();
        ended.forEach(Entry::end);
    }
}
