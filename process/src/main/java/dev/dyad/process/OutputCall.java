package dev.dyad.process;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.SystemCallException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One call of [Command#output()]: runs the command to its end and keeps what it writes.
///
/// The reaper's thread reads what the command writes while the caller's thread writes its input, so that neither waits
/// for the other.
final class OutputCall {

    private static final int ERROR_LINES = 100;
    private static final int PIECE = 1 << 16;

    /// How long one waits for an input that has nothing: twice as long each time, and no longer than that.
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(16);

    private final Command command;
    private final int most;

    /// @param most how many bytes of output there may be
    OutputCall(Command command, int most) {
        this.command = command;
        this.most = most;
    }

    static ReadableByteChannel input(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    /// @param input what the command reads from its standard input, or null where that is empty
    Output output(@Nullable ReadableByteChannel input, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        Map<Integer, Stdio> given = given(input != null);
        requireBlocking(input);
        long begun = System.nanoTime();
        try (Child child = command.spawn(given)) {
            boolean over = false;
            try {
                if (input != null) {
                    write(input, child, deadline);
                }
                Exit exit = child.waitFor(deadline);
                over = true;
                return output(child, exit, child.bytes(1));
            } catch (TimeoutException late) {
                Duration time = Duration.ofNanos(System.nanoTime() - begun);
                end(child);
                over = true;
                throw late(child, time, late);
            } finally {
                if (!over) {
                    end(child);
                }
            }
        }
    }

    private Map<Integer, Stdio> given(boolean isRead) {
        var given = new TreeMap<>(command.streams());
        if (given.containsKey(1)) {
            throw new IllegalStateException(
                    "output() reads the standard output, and with(1, …) or stdout(…) has sent it"
                            + " elsewhere: leave that out");
        }
        if (isRead && given.containsKey(0)) {
            throw new IllegalStateException(
                    "output(input) writes to the standard input, and with(0, …) or stdin(…) has it"
                            + " come from elsewhere: leave that out");
        }
        given.forEach((number, what) -> what.requireUnattended(number));
        given.putIfAbsent(0, isRead ? Stdio.pipe() : Stdio.ignore());
        given.put(1, Stdio.all(most));
        given.putIfAbsent(2, Stdio.lastLines(ERROR_LINES));
        return given;
    }

    private static void requireBlocking(@Nullable ReadableByteChannel input) {
        if (input instanceof SelectableChannel channel && !channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    /// Writes all that the child wants.
    private static void write(ReadableByteChannel input, Child child, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        var piece = ByteBuffer.allocate(PIECE);
        // Left open on a failure, or an interrupt: the child, not killed yet, would take a close for the end of its
        // input.
        PipeEnd stdin = child.stdin();
        stdin.keepOpenWhenInterrupted();
        try {
            while (isRead(input, piece.clear(), child, deadline) && isTaken(stdin, piece.flip(), deadline)) {
                // and so on
            }
            stdin.close();
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedException interrupted(IOException cause) {
        boolean _ = Thread.interrupted();
        var interrupted = new InterruptedException();
        interrupted.initCause(cause);
        return interrupted;
    }

    /// Reads until there is something, and looks after each read at whether that still matters: an input that
    /// gives a little at a time may never fill the pipe, and only a full pipe would let a write find out.
    ///
    /// @return `false` at the end, or where the child has ended
    private static boolean isRead(ReadableByteChannel input, ByteBuffer piece, Child child, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        Duration pause = SHORTEST_PAUSE;
        int length;
        do {
            length = input.read(piece);
            if (length == 0) {
                requireBlocking(input); // if it has become another since
                boolean _ = child.endsBy(Deadline.after(pause)); // and an interrupt stays set
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (length < 0 || !child.isAlive()) {
                return false;
            }
            if (deadline.hasPassed()) {
                throw new TimeoutException();
            }
        } while (length == 0);
        return true;
    }

    /// @return `false` if nobody reads any more
    private static boolean isTaken(PipeEnd stdin, ByteBuffer piece, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        try {
            while (piece.hasRemaining()) {
                int _ = stdin.write(piece, deadline);
            }
            return true;
        } catch (SocketTimeoutException e) { // and not one of the input, which is not the command's
            var late = new TimeoutException();
            late.initCause(e);
            throw late;
        } catch (InterruptedIOException e) {
            throw interrupted(e);
        } catch (ChildEndedException e) {
            return false;
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EPIPE)) {
                return false;
            }
            throw e;
        }
    }

    /// Ends it at once, or in the time that was said.
    private void end(Child child) throws IOException {
        if (!command.hasStopTimeouts()) {
            child.kill();
        }
    }

    private Output output(Child child, Exit exit, byte[] bytes) {
        return new Output(exit, bytes, child.errorLines());
    }

    private OutputTimeoutException late(Child child, Duration time, Exception cause)
            throws IOException, InterruptedException {
        child.close(); // our ends too: what was kept can be read all the same
        Exit exit = child.waitForEnd();
        byte[] bytes;
        String amount;
        try {
            bytes = child.bytes(1);
            amount = bytes.length + " bytes of output";
        } catch (IOException lost) {
            cause.addSuppressed(lost);
            bytes = new byte[0];
            amount = "its output lost (" + lost.getMessage() + ")";
        }
        Output output = output(child, exit, bytes);
        var late = new OutputTimeoutException(
                command.words().getFirst() + " had not ended after "
                        + time.plusNanos(999_999).toMillis() + " ms, and was ended with " + amount + ": " + output,
                output);
        late.initCause(cause);
        return late;
    }
}
