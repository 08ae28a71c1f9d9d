package dev.dyad.process.exit;

import dev.dyad.process.Exit;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/// What is thrown to threads that wait for a child, or for something from it, and do not get it.
final class ExitFailures {

    private ExitFailures() {}

    /// Returns what to throw to a thread that waits for an exit that nobody will know.
    static IOException unknown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof SystemCallException failure
                ? new SystemCallException(
                        failure.call(),
                        failure.errno(),
                        failure.errno().equals(Errno.ECHILD)
                                ? "the exit was taken by somebody else"
                                : "how the child ended cannot be known, as the system refuses it")
                : new IOException(e.getCause());
    }

    /// Returns what to throw to a thread that waits for lines that were not delivered.
    static IOException undelivered(ExecutionException e) {
        String what = "the child has ended, and lines of it were not delivered";
        return e.getCause() instanceof SystemCallException failure
                ? new SystemCallException(failure.call(), failure.errno(), what)
                : new IOException(what + ": " + e.getCause(), e.getCause());
    }

    /// Returns what to throw to a thread that waits for a child that has ended to say something.
    ///
    /// @param ended how it ended, which is known, or will never be
    /// @param whenOver what is thrown where that is known
    static IOException gone(CompletableFuture<Exit> ended, Function<Exit, IOException> whenOver) {
        if (ended.state() == Future.State.SUCCESS) {
            return whenOver.apply(ended.resultNow());
        }
        String what = "the child has ended, nobody knows how";
        return ended.exceptionNow() instanceof SystemCallException e
                ? new SystemCallException(e.call(), e.errno(), what)
                : new IOException(what, ended.exceptionNow());
    }
}
