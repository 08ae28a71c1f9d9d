package dev.dyad.socket;

import dev.dyad.posix.CallState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a platform thread needs to wait in the call that receives, and to be woken there.
///
/// Used by that thread, but for its number.
final class SleepingThread {

    /// Its number in the system.
    final int number;

    /// Room for the `errno` of the call.
    final CallState state;

    /// Memory for what the call receives.
    final MemorySegment room;

    SleepingThread(int number) {
        this.number = number;
        var arena = Arena.ofAuto();
        state = new CallState(arena);
        room = arena.allocate(Landing.ROOM);
    }
}
