package dev.dyad.socket.fd;

import java.io.Serial;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Says of what is closed here that it was handed over, and where it goes on.
public final class HandedOverException extends ClosedChannelException {

    /// What is said of a number that [dev.dyad.socket.Descriptor#release] returned.
    public static final String RELEASED = "the number was given away by release(): go on with that number";

    @Serial
    private static final long serialVersionUID = 1;

    private final String how;

    private HandedOverException(String how) {
        this.how = how;
    }

    /// Returns what is said of what a method turned into something else.
    ///
    /// @param type what that method, whose name is `to` and this, returns
    public static String to(String type) {
        return "handed over by to" + type + "(): go on with the " + type + " that it returned";
    }

    /// Returns what a call throws that finds this closed.
    ///
    /// @param how how it was handed over, or `null` if it was just closed
    public static ClosedChannelException closed(@Nullable String how) {
        return how == null ? new ClosedChannelException() : new HandedOverException(how);
    }

    @Override
    public String getMessage() {
        return how;
    }
}
