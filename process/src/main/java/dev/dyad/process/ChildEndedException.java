package dev.dyad.process;

import java.io.IOException;

/// It is of no use to wait for data from a child any more: the child has ended, and left its end to another process.
///
/// What had come was read before. Nobody knows whether the other process would ever send anything.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="child-ended"}
public final class ChildEndedException extends IOException {

    private static final long serialVersionUID = 1L;

    /// The code of the exit, or the number of the signal: [Exit] itself is no [java.io.Serializable].
    private final int number;

    /// Whether the number is that of a signal.
    private final boolean signaled;

    /// Whether that signal left a core dump.
    private final boolean coreDumped;

    ChildEndedException(Exit exit) {
        super("the child has ended (" + exit + ") and left its end to another process");
        number = switch (exit) {
            case Exit.Exited(int code) -> code;
            case Exit.Signaled(int signal, boolean _) -> signal;
        };
        signaled = exit instanceof Exit.Signaled;
        coreDumped = exit instanceof Exit.Signaled(int _, boolean dumped) && dumped;
    }

    /// Returns how the child ended.
    ///
    /// @return the exit, as of [Child#waitFor()]
    public Exit exit() {
        return signaled ? new Exit.Signaled(number, coreDumped) : new Exit.Exited(number);
    }
}
