package dev.dyad.socket;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/// Wakes a selector when the thread that waits in it is interrupted.
///
/// The JDK tells channels alone of an interrupt, by closing them; this is one that has nothing to close. It
/// serves for one wait.
final class Interruption extends AbstractInterruptibleChannel {

    private final SelectorQueue queue;

    Interruption(SelectorQueue queue) {
        this.queue = queue;
    }

    void begins() {
        begin();
    }

    /// The thread keeps its interrupt flag, and that is all there is to tell.
    void ends() {
        try {
            end(true);
        } catch (AsynchronousCloseException interrupted) {
            // select returns because of the wake
        }
    }

    @Override
    protected void implCloseChannel() {
        queue.wake();
    }
}
