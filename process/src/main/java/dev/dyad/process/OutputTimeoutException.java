package dev.dyad.process;

import java.io.Serial;
import java.util.concurrent.TimeoutException;

/// A command that ran for its output had not ended by its deadline: see [Command#output(dev.dyad.socket.Deadline)].
///
/// The message says which program, how long it had, how it ended then, and the last lines of its standard error.
///
/// {@snippet file="dev/dyad/process/examples/OutputExamplesTest.java" region="output-timeout"}
public final class OutputTimeoutException extends TimeoutException {

    @Serial
    private static final long serialVersionUID = 1;

    /// What the command wrote until then, and how it ended.
    private final Output output;

    OutputTimeoutException(String message, Output output) {
        super(message);
        this.output = output;
    }

    /// Returns what the command wrote until it was ended, and how it ended.
    ///
    /// @return its output; without bytes where it wrote more than [Command#maxOutput] allows, as the message says
    public Output output() {
        return output;
    }
}
