package dev.dyad.process;

import dev.dyad.posix.Platforms;

/// A signal that one sends to a child.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="signal"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
public enum Signal {
    /// The terminal is gone, or the configuration should be read again.
    HUP,
    /// Interrupt, as by Ctrl-C.
    INT,
    /// Quit, as by Ctrl-\.
    QUIT,
    /// End at once; cannot be caught.
    KILL,
    /// The program's own meaning.
    USR1,
    /// The program's own meaning.
    USR2,
    /// A write to something that nobody reads.
    PIPE,
    /// A timer.
    ALRM,
    /// End in an orderly way.
    TERM,
    /// A child has changed its state.
    CHLD,
    /// Go on after a stop.
    CONT,
    /// Stop; cannot be caught.
    STOP,
    /// Stop, as by Ctrl-Z.
    TSTP,
    /// The size of the terminal has changed.
    WINCH;

    /// Returns the number on this system.
    ///
    /// @return one or more
    public int number() {
        return Platforms.current().signal("SIG" + name());
    }
}
