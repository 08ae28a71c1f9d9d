package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// What a command wrote, and how it ended: see [Command#output].
///
/// Does not change; any thread may use it.
///
/// {@snippet file="dev/dyad/process/examples/OutputExamplesTest.java" region="output"}
public final class Output implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    /// How the command ended.
    private final Exit exit;

    /// What it wrote to its standard output.
    private final byte[] bytes;

    /// The last lines of its standard error.
    private final ArrayList<String> errorLines;

    Output(Exit exit, byte[] bytes, List<String> errorLines) {
        this.exit = exit;
        this.bytes = bytes;
        this.errorLines = new ArrayList<>(errorLines);
    }

    /// Returns how the command ended.
    ///
    /// @return its code, or the signal
    public Exit exit() {
        return exit;
    }

    /// Returns whether it ended with 0.
    ///
    /// @return `false` for another code, and for a signal
    public boolean isSuccess() {
        return exit.equals(new Exit.Exited(0));
    }

    /// Returns what it wrote to its standard output.
    ///
    /// @return a copy of the bytes
    public byte[] bytes() {
        return bytes.clone();
    }

    /// Returns what it wrote to its standard output, as text.
    ///
    /// @return the bytes, taken to be UTF-8
    public String text() {
        return new String(bytes, UTF_8);
    }

    /// Returns the last lines of what it wrote to its standard error.
    ///
    /// @return 100 lines at most, or as many as [Stdio#lastLines] says, the oldest first, without their ends; none
    ///     where that went elsewhere
    public List<String> errorLines() {
        return List.copyOf(errorLines);
    }

    /// Says how it ended, and the last lines of its standard error, for messages to people.
    @Override
    public String toString() {
        return errorLines.isEmpty() ? exit.toString() : exit + ": " + String.join("\n", errorLines);
    }
}
