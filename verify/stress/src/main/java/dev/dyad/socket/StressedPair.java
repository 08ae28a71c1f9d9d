package dev.dyad.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Supplier;

/// A pair, and how a call on one of its ends comes out.
class StressedPair {

    /// What is lost becomes a result, not a hang.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final SocketPair<StreamSocket> pair;

    StressedPair() {
        try {
            pair = SocketPair.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final String read() {
        return outcome(() -> pair.left().read(ByteBuffer.allocate(1), Deadline.after(PATIENCE)));
    }

    /// Writes more than there is room for.
    final String write() {
        return outcome(() -> pair.left().write(ByteBuffer.allocate(1 << 20), Deadline.after(PATIENCE)));
    }

    final String readOnVirtualThread() {
        return onVirtualThread(this::read);
    }

    final String writeOnVirtualThread() {
        return onVirtualThread(this::write);
    }

    final void close() {
        try {
            pair.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void end(Call call) {
        try {
            call.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String onVirtualThread(Supplier<String> call) {
        var outcome = new String[1];
        try {
            Thread.ofVirtual().start(() -> outcome[0] = call.get()).join();
        } catch (InterruptedException e) {
            return "interrupted";
        }
        return outcome[0];
    }

    @FunctionalInterface
    interface Call {
        void make() throws IOException;
    }

    @FunctionalInterface
    interface Waiting {
        int make() throws IOException;
    }

    static String outcome(Waiting call) {
        try {
            return Integer.toString(call.make());
        } catch (SocketTimeoutException e) {
            return "lost";
        } catch (AsynchronousCloseException e) {
            return "closed meanwhile";
        } catch (ClosedChannelException e) {
            return "closed";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
