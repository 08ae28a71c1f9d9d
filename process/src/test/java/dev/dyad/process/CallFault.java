package dev.dyad.process;

import dev.dyad.posix.Faults;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import java.util.List;

/// One of the ways in which a call fails in a walk of faults.
///
/// @param call its name
/// @param errno what it answers
/// @param made whether it is made all the same
record CallFault(String call, Errno errno, boolean made) {

    /// How often a run is tried that comes to another call, as where the thread that waits has not begun to.
    static final int TRIES = 100;

    private static final List<Errno> ERRORS =
            List.of(Errno.EMFILE, new Errno(Platforms.current().errno("ENOMEM")), Errno.EINTR);

    /// Returns the ways of a call.
    ///
    /// Only what wakes a thread that waits by `poll(2)` is written here, to an eventfd. By its page that is
    /// interrupted, or finds it set already, and nothing else.
    static List<CallFault> of(String call) {
        return call.equals("write")
                ? List.of(new CallFault(call, Errno.EINTR, false), new CallFault(call, Errno.EAGAIN, true))
                : ERRORS.stream()
                        .map(errno -> new CallFault(call, errno, false))
                        .toList();
    }

    /// Returns whether a run came to the call that is meant.
    boolean isMet(int index, List<String> calls) {
        return calls.size() > index && calls.get(index).equals(call);
    }

    /// Watches the calls of this thread from now on, one of which fails so, if it is the one that is meant.
    void begin(int index) {
        if (made) {
            Faults.belie(index, call, errno.code());
        } else {
            Faults.refuse(index, call, errno.code());
        }
    }
}
