package dev.dyad.socket;

import dev.dyad.socket.select.WakeableQueue;

/// What an end can be ready for.
///
/// {@snippet file="dev/dyad/socket/examples/SelectorExamplesTest.java" region="registration"}
public enum Readiness {

    /// Something is there to be received or accepted, or nothing more will ever come: a read would not wait.
    READ(WakeableQueue.READ),

    /// There is room to send, a connection was made or has failed: a write would not wait, unless it is a long
    /// one.
    WRITE(WakeableQueue.WRITE);

    private final int bit;

    Readiness(int bit) {
        this.bit = bit;
    }

    /// Returns what stands for this in a set that is a number, which a registration can change at once.
    int bit() {
        return bit;
    }
}
