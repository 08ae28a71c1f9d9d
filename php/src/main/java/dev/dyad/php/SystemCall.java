package dev.dyad.php;

import dev.dyad.posix.CallState;
import java.lang.foreign.MemorySegment;

/// A system call on the descriptor of a [Socket], told not to block where it can be told. It may be made again.
@FunctionalInterface
interface SystemCall {

    /// Makes the call.
    ///
    /// @param state room for its `errno`
    /// @param fd the descriptor
    /// @param room memory for it to use, with anything in it
    /// @return what it answers, or `-errno`; after `-EAGAIN` and `-EINTR` it is made again
    long make(CallState state, int fd, MemorySegment room);
}
