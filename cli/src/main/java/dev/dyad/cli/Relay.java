package dev.dyad.cli;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.process.ChildEndedException;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Copies our standard input to an end and the end to our standard output, both at once, in constant memory.
final class Relay {

    /// Larger ones were no faster: a socket's own buffer holds less.
    private static final int SIZE = 256 * 1024;

    private final StreamSocket end;
    private final Thread outward;
    private volatile @Nullable IOException failure;

    private Relay(StreamSocket end) {
        this.end = end;
        this.outward = LibraryThreads.unstarted("end to stdout", () -> run(this::copyOutward));
    }

    static Relay start(StreamSocket end) {
        var relay = new Relay(end);
        relay.outward.start();
        LibraryThreads.start("stdin to end", () -> relay.run(relay::copyInward));
        return relay;
    }

    /// Waits until everything that has come by now is written, after the child has ended.
    ///
    /// @throws Problem if our own input or output failed
    void finish() throws Exception {
        endBehindWhatIsThere();
        outward.join();
        @Nullable IOException failed = failure;
        if (failed != null) {
            throw new Problem(Problem.IO, String.valueOf(failed.getMessage()));
        }
    }

    private void copyInward() throws IOException {
        var stdin = new StandardStream(0);
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        try {
            while (read(stdin, buffer) >= 0 && writeUnlessGone(buffer.flip())) {
                buffer.clear();
            }
        } finally {
            end.shutdownOutput();
        }
    }

    private static int read(StandardStream stdin, ByteBuffer buffer) throws IOException {
        StandardStream.reads(true);
        try {
            return stdin.read(buffer);
        } finally {
            StandardStream.reads(false);
        }
    }

    private boolean writeUnlessGone(ByteBuffer buffer) throws IOException {
        try {
            end.write(buffer);
            return true;
        } catch (ChildEndedException e) {
            return false; // a process that it left behind may never read
        } catch (SystemCallException e) {
            requirePeerGone(e);
            return false;
        }
    }

    private void copyOutward() throws IOException {
        var stdout = new StandardStream(1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        while (readOrEnd(buffer) >= 0) {
            try {
                stdout.write(buffer.flip());
            } catch (SystemCallException e) {
                end.shutdownInput(); // so that the child learns it
                requirePeerGone(e);
                return;
            }
            buffer.clear();
        }
    }

    private int readOrEnd(ByteBuffer buffer) throws IOException {
        try {
            return end.read(buffer);
        } catch (SystemCallException e) {
            requirePeerGone(e); // it went without reading everything that we had written
            return -1;
        }
    }

    private static void requirePeerGone(SystemCallException e) throws SystemCallException {
        if (!e.errno().equals(Errno.EPIPE) && !e.errno().equals(Errno.ECONNRESET)) {
            throw e;
        }
    }

    /// Makes the kernel end the stream behind what is in it, so that a grandchild that keeps its end open
    /// holds nobody.
    ///
    /// Not by [StreamSocket#shutdownInput], after which nothing more is read.
    private void endBehindWhatIsThere() throws IOException {
        try (BorrowedFd fd = end.borrow();
                var arena = Arena.ofConfined()) {
            SysSocket.shutdown(
                    new CallState(arena), fd.fd(), Platforms.current().SHUT_RD());
        }
    }

    private void run(Copying copying) {
        try {
            copying.run();
        } catch (ClosedChannelException e) {
            // The command is over, and the end was closed under a copy that nobody needs any more.
        } catch (IOException e) {
            failure = e;
        }
    }

    private interface Copying {
        void run() throws IOException;
    }
}
