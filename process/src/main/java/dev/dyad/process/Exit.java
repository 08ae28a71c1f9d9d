package dev.dyad.process;

import java.io.Serializable;

/// How a child ended.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="exit"}
///
/// @see <a href="https://man7.org/linux/man-pages/man2/wait.2.html">wait(2)</a>
public sealed interface Exit extends Serializable {

    /// It ended by itself.
    ///
    /// @param code what it gave to `exit`, 0 to 255
    record Exited(int code) implements Exit {}

    /// A signal ended it.
    ///
    /// @param signal the number of the signal
    /// @param coreDumped whether it left a core file
    record Signaled(int signal, boolean coreDumped) implements Exit {}

    /// Returns what a shell has in `$?`: the code, or 128 and the signal's number.
    ///
    /// @return 0 to 255
    default int shellCode() {
        return switch (this) {
            case Exited exited -> exited.code();
            case Signaled signaled -> 128 + signaled.signal();
        };
    }
}
