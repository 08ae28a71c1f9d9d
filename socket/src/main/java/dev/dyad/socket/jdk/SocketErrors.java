package dev.dyad.socket.jdk;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/// The limits and errors of [java.net.Socket] and [java.net.ServerSocket], in which clients know them.
public final class SocketErrors {

    private SocketErrors() {}

    /// Returns the end of a wait; zero milliseconds mean no limit, as everywhere there.
    public static Deadline deadline(int millis) {
        return millis == 0 ? Deadline.never() : Deadline.after(Duration.ofMillis(millis));
    }

    public static SocketTimeoutException timedOut(String message, IOException cause) {
        return (SocketTimeoutException) new SocketTimeoutException(message).initCause(cause);
    }

    public static SocketException asSocketException(IOException e) {
        return switch (e) {
            case SocketException told -> told;
            case InterruptedIOException interrupted -> new SocketException("Closed by interrupt", interrupted);
            case ClosedChannelException closed -> new SocketException("Socket closed", closed);
            default -> new SocketException(e.getMessage(), e);
        };
    }

    /// Returns a timeout or a buffer size that may be set.
    ///
    /// @throws IllegalArgumentException if it is less than `least`
    public static int atLeast(int least, int value, String what) {
        if (value < least) {
            throw new IllegalArgumentException("a " + what + " of " + value);
        }
        return value;
    }
}
