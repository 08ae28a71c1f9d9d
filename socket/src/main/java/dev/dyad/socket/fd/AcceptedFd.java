package dev.dyad.socket.fd;

import dev.dyad.socket.jfr.OpenKind;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedChannelException;

/// A connection that was accepted and that nobody has asked for yet.
///
/// One that is lost is closed by a cleaner.
final class AcceptedFd {

    private final Fd ends;
    private final Cleaner.Cleanable watch;

    /// @param raw its number, which nobody else owns
    AcceptedFd(int raw) {
        ends = new Fd(raw, Fd.NO_SOCKET, 0, true, false);
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.DESCRIPTOR);
    }

    /// Gives the number away: the caller closes it.
    int release() throws ClosedChannelException {
        int raw = ends.fd.give();
        ends.fd.given();
        watch.clean();
        return raw;
    }

    void close() {
        boolean _ = ends.close();
        watch.clean();
    }
}
