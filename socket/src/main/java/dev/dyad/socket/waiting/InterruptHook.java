package dev.dyad.socket.waiting;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/// Wakes a thread that waits when it is interrupted.
///
/// The JDK only tells channels of an interrupt, by closing them; this is one that has nothing to close. It
/// serves for one wait.
public final class InterruptHook extends AbstractInterruptibleChannel implements Interruption {

    private final Runnable wake;

    public InterruptHook(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public void begins(Interrupts interrupts) {
        begins();
    }

    public void begins() {
        begin();
    }

    @Override
    public void ends(boolean completed) {
        ends();
    }

    /// The thread keeps its interrupt flag, and that is all there is to tell.
    public void ends() {
        try {
            end(true);
        } catch (AsynchronousCloseException interrupted) {
            // the thread that waited goes on because of the wake
        }
    }

    @Override
    protected void implCloseChannel() {
        wake.run();
    }
}
