package dev.dyad.socket.waiting;

/// What the interrupt of a thread does to the call that it waits in.
public enum Interrupts {
    /// It closes what the call is made on, as that of an interruptible channel.
    CLOSE,
    /// Nothing: the thread waits on, and finds its interrupt flag set when the call is over.
    KEEP,
    /// It ends the call with [java.io.InterruptedIOException], where that would have to wait.
    END;

    /// Returns what a [java.net.Socket] makes of one in this thread.
    public static Interrupts ofSocket() {
        return Thread.currentThread().isVirtual() ? END : KEEP;
    }

    /// Returns whether a call is not even tried by this thread, since it is interrupted already.
    public boolean refuse() {
        return this == CLOSE && Thread.currentThread().isInterrupted();
    }
}
