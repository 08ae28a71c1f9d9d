package dev.dyad.socket.waiting;

/// What the interrupt of a thread does to the call that it waits in.
public enum Interrupts {
    /// It closes what the call is made on, as that of an interruptible channel. A call is not even tried by a
    /// thread that is interrupted already.
    CLOSE,
    /// Nothing: the thread waits on, and finds its interrupt flag set when the call is over.
    KEEP,
    /// It ends the call where that would have to wait, but not while it waits for its turn.
    END,
    /// It ends the call where that would have to wait, or waits for its turn.
    RETURN;

    /// Returns what a [java.net.Socket] makes of one in this thread.
    public static Interrupts ofSocket() {
        return Thread.currentThread().isVirtual() ? END : KEEP;
    }
}
