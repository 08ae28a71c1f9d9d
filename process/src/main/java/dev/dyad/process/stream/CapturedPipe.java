package dev.dyad.process.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.PipeEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a child writes to a pipe, kept or some of it.
public final class CapturedPipe extends ReadPipe {

    private static final CaptureBuffer NOTHING = new TailBuffer();

    // -- guarded by this
    private CaptureBuffer kept;
    private @Nullable Throwable failure;

    public CapturedPipe(PipeEnd source, CaptureBuffer kept) {
        super(source);
        this.kept = kept;
    }

    /// Returns what is kept of what has been read.
    ///
    /// @throws IOException if reading failed
    synchronized byte[] bytes() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(failure);
        }
        return kept.bytes();
    }

    /// Returns the last lines of it, the oldest first, without their ends.
    synchronized List<String> lines(int most) {
        List<String> all = new String(kept.bytes(), UTF_8).lines().toList();
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    @Override
    void add(ByteBuffer some) throws IOException {
        kept.add(some);
    }

    @Override
    boolean hasRoom() {
        return true; // or the child would wait
    }

    /// What has come is as good as lost where something was thrown, and may be what took the memory.
    @Override
    synchronized void over(@Nullable Throwable why) {
        if (why != null) {
            failure = why;
            kept = NOTHING;
        }
    }
}
