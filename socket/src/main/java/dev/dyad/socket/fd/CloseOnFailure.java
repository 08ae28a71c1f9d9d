package dev.dyad.socket.fd;

import java.io.Closeable;
import java.io.IOException;

/// Closes what was opened where the next step fails, whatever it throws.
public final class CloseOnFailure {

    private CloseOnFailure() {}

    /// What has to be done before that which was opened is the caller's.
    @FunctionalInterface
    public interface Step<C> {
        void take(C opened) throws IOException;
    }

    /// Takes the step, and returns what was opened.
    public static <C extends Closeable> C of(C opened, Step<? super C> step) throws IOException {
        boolean done = false;
        try {
            step.take(opened);
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }
}
