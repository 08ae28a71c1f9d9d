package dev.dyad.cli;

import dev.dyad.socket.thread.LibraryThreads;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The lines of our input, each asked as soon as it is there: by a thread of its own, since nothing ends a read
/// of our standard input, and the thread that prints the answers may have to end before that.
final class AskedLines {

    static final int AHEAD = 256; // lines that are asked while the answer to the first of them is not printed

    /// A line whose answer is not printed yet.
    record Asked(long line, int bytes, CompletableFuture<ByteBuffer> answer) {}

    private final InputLines lines;
    private final Function<ByteBuffer, CompletableFuture<ByteBuffer>> asking;
    private final BlockingQueue<Optional<Asked>> asked = new ArrayBlockingQueue<>(AHEAD);
    private final Semaphore bytesAhead = new Semaphore(InputLines.LONGEST);
    private final FutureTask<@Nullable Void> reading = new FutureTask<>(this::askAll);
    private long last; // under this
    private boolean isStopped; // under this

    private AskedLines(InputStream in, Function<ByteBuffer, CompletableFuture<ByteBuffer>> asking) {
        this.lines = new InputLines(in);
        this.asking = asking;
    }

    static AskedLines start(InputStream in, Function<ByteBuffer, CompletableFuture<ByteBuffer>> asking) {
        var all = new AskedLines(in, asking);
        LibraryThreads.start("stdin to requests", all.reading);
        return all;
    }

    /// Returns the next line that was asked, or `null` behind the last.
    ///
    /// @throws Problem if our input failed behind those
    @Nullable
    Asked next() throws Exception {
        Optional<Asked> next = asked.take();
        if (next.isEmpty()) {
            requireWhole();
        }
        return next.orElse(null);
    }

    /// Lets as much more be asked.
    void printed(Asked line) {
        bytesAhead.release(line.bytes());
    }

    /// Has no further line asked.
    ///
    /// @return the last that was, or 0
    synchronized long stop() {
        isStopped = true;
        return last;
    }

    private @Nullable Void askAll() throws Problem, InterruptedException {
        try {
            ByteBuffer line = lines.next();
            while (line != null && askUnlessStopped(line)) {
                line = lines.next();
            }
            return null;
        } finally {
            asked.put(Optional.empty());
        }
    }

    private boolean askUnlessStopped(ByteBuffer line) throws InterruptedException {
        int bytes = line.remaining();
        bytesAhead.acquire(bytes);
        Optional<Asked> next = ask(line, bytes);
        if (next.isPresent()) {
            asked.put(next);
        }
        return next.isPresent();
    }

    private synchronized Optional<Asked> ask(ByteBuffer line, int bytes) {
        return isStopped ? Optional.empty() : Optional.of(new Asked(++last, bytes, asking.apply(line)));
    }

    private void requireWhole() throws Exception {
        try {
            reading.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }
}
