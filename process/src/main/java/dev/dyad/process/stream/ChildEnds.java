package dev.dyad.process.stream;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.thread.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Our ends of what a child was given, by their numbers in the child.
///
/// Filled by one thread, before any other has it.
public final class ChildEnds implements Closeable {

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final TreeMap<Integer, StreamSocket> pairs = new TreeMap<>();
    private final TreeMap<Integer, PipeEnd> pipes = new TreeMap<>();
    private final TreeMap<Integer, CapturedPipe> kept = new TreeMap<>();
    private final TreeMap<Integer, Integer> lines = new TreeMap<>();
    private final List<LinePipe> delivered = new ArrayList<>();
    private final List<ReadPipe> read = new ArrayList<>(); // what is kept, and what is delivered
    private final List<StreamSocket> sockets = new ArrayList<>(); // the one, and those of the pairs
    private @Nullable StreamSocket socket;

    public void socket(StreamSocket end) {
        socket = end;
        sockets.add(end);
    }

    public void add(int number, StreamSocket end) {
        pairs.put(number, end);
        sockets.add(end);
    }

    public void add(int number, PipeEnd end) {
        pipes.put(number, end);
    }

    /// @param most how many lines of it there are to be told
    public void add(int number, CapturedPipe bytes, int most) {
        kept.put(number, bytes);
        lines.put(number, most);
        read.add(bytes);
    }

    public void add(LinePipe toBeDelivered) {
        delivered.add(toBeDelivered);
        read.add(toBeDelivered);
    }

    /// Returns the end that every child has, or `null` if this one was started without.
    @Nullable
    public StreamSocket socket() {
        return socket;
    }

    public StreamSocket pair(int number) {
        return required(pairs.get(number), "an end of a pair", number);
    }

    public PipeEnd pipe(int number) {
        return required(pipes.get(number), "a pipe", number);
    }

    public List<String> lines(int number) {
        return kept(number).lines(lines.getOrDefault(number, 0));
    }

    public byte[] bytes(int number) throws IOException {
        return kept(number).bytes();
    }

    /// Returns the last lines of what was written to a descriptor, or none where they are not kept.
    public List<String> linesIfKept(int number) {
        return kept.containsKey(number) ? lines(number) : List.of();
    }

    private CapturedPipe kept(int number) {
        return required(kept.get(number), "a pipe whose last lines are kept", number);
    }

    /// Begins to read what is kept or delivered.
    public void begin(EventLoop loop) throws IOException {
        for (ReadPipe pipe : read) {
            pipe.begin(loop);
        }
    }

    /// Reads what a child that has ended left in the pipes that are kept or delivered.
    public void drain() {
        read.forEach(ReadPipe::drain);
    }

    /// Has the last line delivered that a child that has ended left without an end.
    public void endLines() {
        delivered.forEach(LinePipe::childEnded);
    }

    /// Returns whether there are lines for callbacks.
    public boolean delivers() {
        return !delivered.isEmpty();
    }

    /// Returns what is done when the callbacks have returned from all lines that the child wrote before it ended.
    @SuppressWarnings("NullAway") // nobody asks for what it returns
    public CompletableFuture<@Nullable Void> delivered() {
        return CompletableFuture.allOf(
                delivered.stream().map(LinePipe::delivered).toArray(CompletableFuture<?>[]::new));
    }

    /// Returns the same, or what is done already where this thread is in one of the callbacks: that cannot wait for
    /// its own return, nor for another's, which may wait just so.
    public CompletableFuture<@Nullable Void> deliveredOrCalledHere() {
        boolean isCalledHere = delivered.stream().anyMatch(LinePipe::isCalledHere);
        return isCalledHere ? CompletableFuture.completedFuture(null) : delivered();
    }

    /// Ends all waiting for what another process may or may not say, now that the child will say nothing more.
    ///
    /// Not at once: a process that is just being started by another thread has everything until it runs its
    /// program, and one that gets the same signal as the child may end a moment later.
    public void endWaiting(Supplier<IOException> why) {
        Deadline from = Deadline.after(GRACE);
        for (PipeEnd pipe : pipes.values()) {
            pipe.endWaiting(from, why);
        }
        for (StreamSocket end : sockets) {
            end.endWaiting(from, why);
        }
    }

    /// Lets the child find the end of everything that it reads.
    public void endOutput() throws IOException {
        for (PipeEnd pipe : pipes.values()) {
            if (pipe.isSink()) {
                pipe.close();
            }
        }
        for (StreamSocket end : sockets) {
            endOutput(end);
        }
    }

    private static void endOutput(StreamSocket end) throws IOException {
        try {
            end.shutdownOutput();
        } catch (ClosedChannelException closedMeanwhile) {
            // By another thread, perhaps in here: the child has been told.
        }
    }

    @Override
    public void close() throws IOException {
        for (ReadPipe pipe : read) {
            pipe.close();
        }
        for (PipeEnd pipe : pipes.values()) {
            pipe.close();
        }
        for (StreamSocket end : sockets) {
            end.close();
        }
    }

    private static <T> T required(@Nullable T end, String what, int number) {
        if (end == null) {
            throw new IllegalStateException("this child was not given " + what + " as descriptor " + number);
        }
        return end;
    }
}
