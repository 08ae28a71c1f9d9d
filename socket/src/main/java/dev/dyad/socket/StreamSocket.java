package dev.dyad.socket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.Set;

/// A connected end of a byte stream, by which one reads what the other end writes.
///
/// It works the same on platform and on virtual threads, and may be shared between threads: one reads and one
/// writes at the same time, further ones wait their turn. Closing it, or interrupting a thread that is in a call,
/// ends the calls under way as with every [java.nio.channels.InterruptibleChannel]. A call that would wait longer
/// than its [Deadline] ends with [java.net.SocketTimeoutException], loses nothing and leaves the end as it was.
///
/// Whoever opened it closes it. One that is lost without being closed is closed by a cleaner some time later,
/// which logs a warning.
///
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
public abstract sealed class StreamSocket extends AbstractInterruptibleChannel
        implements ByteChannel, ScatteringByteChannel, GatheringByteChannel
        permits NativeStreamSocket, JdkStreamSocket {

    /// What a try answers that would have to wait.
    static final long WOULD_BLOCK = -2;

    /// What a read answers at the end of the stream.
    static final long END = -1;

    private final Direction reading;
    private final Direction writing;

    StreamSocket(Direction reading, Direction writing) {
        this.reading = reading;
        this.writing = writing;
    }

    /// Takes over an open descriptor of a connected stream socket, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's. Nobody can tell whether a number is the one that was meant: see `Inherited` for one
    /// from a parent.
    ///
    /// @param fd the number
    /// @return the end
    /// @throws SystemCallException if it is not open, or not a stream socket
    /// @throws UnsupportedOperationException where there is no native access
    public static StreamSocket adopt(int fd) throws IOException {
        return NativeSocket.adopt(fd);
    }

    /// Reads some bytes into `target`, waiting for at least one.
    ///
    /// @param target where the bytes go, from its position on
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws ClosedChannelException if this end is closed
    /// @throws SystemCallException if the call fails, as with `ECONNRESET` where the peer closed its end without
    ///     having read everything
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recv(2)</a>
    @Override
    public final int read(ByteBuffer target) throws IOException {
        return read(target, Deadline.never());
    }

    /// Reads some bytes into `target`, waiting for at least one until `deadline`.
    ///
    /// @param target where the bytes go, from its position on
    /// @param deadline until when to wait
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#read(ByteBuffer)]
    public final int read(ByteBuffer target, Deadline deadline) throws IOException {
        return (int) receive(Buffers.of(target), deadline);
    }

    /// Reads some bytes into `targets`, one after the other, waiting for at least one.
    ///
    /// @throws IOException as [#read(ByteBuffer)]
    @Override
    public final long read(ByteBuffer[] targets) throws IOException {
        return read(targets, 0, targets.length);
    }

    /// Reads some bytes into `length` of the `targets` from `offset` on, waiting for at least one.
    ///
    /// @throws IOException as [#read(ByteBuffer)]
    @Override
    public final long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return read(targets, offset, length, Deadline.never());
    }

    /// Reads some bytes into `length` of the `targets` from `offset` on, waiting for at least one until
    /// `deadline`.
    ///
    /// @param targets where the bytes go
    /// @param offset the first to use
    /// @param length how many to use
    /// @param deadline until when to wait
    /// @return how many bytes were read, zero if there is no room, or `-1` at the end of the stream
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#read(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recvmsg(2)</a>
    public final long read(ByteBuffer[] targets, int offset, int length, Deadline deadline) throws IOException {
        return receive(Buffers.of(targets, offset, length), deadline);
    }

    /// Writes all of `source`, waiting until it has been accepted.
    ///
    /// Where something ends it early, the position of `source` says how much was accepted.
    ///
    /// @param source what to write, from its position to its limit
    /// @return how many bytes it had
    /// @throws AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws ClosedChannelException if this end is closed, or was shut down for writing
    /// @throws SystemCallException if the call fails, as with `EPIPE` where the peer has closed its end; no
    ///     signal is
    ///     raised
    /// @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">send(2)</a>
    @Override
    public final int write(ByteBuffer source) throws IOException {
        return write(source, Deadline.never());
    }

    /// Writes all of `source`, waiting until it has been accepted or `deadline` has come.
    ///
    /// @param source what to write, from its position to its limit
    /// @param deadline until when to wait
    /// @return how many bytes it had
    /// @throws java.net.SocketTimeoutException if not everything was accepted in time: the position says how much
    /// was
    /// @throws IOException as [#write(ByteBuffer)]
    public final int write(ByteBuffer source, Deadline deadline) throws IOException {
        return (int) send(Buffers.of(source), deadline);
    }

    /// Writes all of `sources`, one after the other, waiting until everything has been accepted.
    ///
    /// @throws IOException as [#write(ByteBuffer)]
    @Override
    public final long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    /// Writes `length` of the `sources` from `offset` on, waiting until everything has been accepted.
    ///
    /// @throws IOException as [#write(ByteBuffer)]
    @Override
    public final long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources, offset, length, Deadline.never());
    }

    /// Writes `length` of the `sources` from `offset` on, waiting until everything has been accepted or
    /// `deadline` has come.
    ///
    /// @param sources what to write
    /// @param offset the first to use
    /// @param length how many to use
    /// @param deadline until when to wait
    /// @return how many bytes they had
    /// @throws java.net.SocketTimeoutException if not everything was accepted in time: the positions say how much
    /// was
    /// @throws IOException as [#write(ByteBuffer)]
    /// @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">sendmsg(2)</a>
    public final long write(ByteBuffer[] sources, int offset, int length, Deadline deadline) throws IOException {
        return send(Buffers.of(sources, offset, length), deadline);
    }

    /// Ends reading: every later read finds the end of the stream, and the peer's writes fail.
    ///
    /// Does nothing the second time. It says so for everybody who shares this end, in another process too.
    ///
    /// @return this
    /// @throws ClosedChannelException if this end is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
    public final StreamSocket shutdownInput() throws IOException {
        shutdown(reading, false);
        return this;
    }

    /// Ends writing: the peer reads what was written, and then finds the end of the stream.
    ///
    /// Does nothing the second time. It says so for everybody who shares this end, in another process too.
    ///
    /// @return this
    /// @throws ClosedChannelException if this end is closed
    /// @throws SystemCallException if `shutdown(2)` fails
    /// @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
    public final StreamSocket shutdownOutput() throws IOException {
        shutdown(writing, true);
        return this;
    }

    /// Returns what this kind of end can do.
    ///
    /// @return the capabilities, which do not change
    public abstract Set<Capability> capabilities();

    /// Keeps the descriptor open and tells its number, for a call that wants one.
    ///
    /// @return the number, until it is closed
    /// @throws ClosedChannelException if this end is closed
    /// @throws UnsupportedOperationException if this end lacks [Capability#DESCRIPTOR]
    public abstract BorrowedFd borrow() throws IOException;

    /// Returns how many threads wait in this end now, which is for tests and for monitoring.
    ///
    /// @return zero to two: those that wait for their turn are not counted
    public final int waiters() {
        return (reading.isWaiting() ? 1 : 0) + (writing.isWaiting() ? 1 : 0);
    }

    /// Receives what is there, without waiting.
    ///
    /// @return how many bytes, [#END], or [#WOULD_BLOCK]
    abstract long tryReceive(Buffers targets) throws IOException;

    /// Sends what is accepted, without waiting.
    ///
    /// @return how many bytes, or [#WOULD_BLOCK]
    abstract long trySend(Buffers sources) throws IOException;

    /// Ends one direction.
    abstract void shutdown(boolean output) throws IOException;

    /// Marks the end closed, and closes it when the last call under way has left.
    abstract void closeEnd() throws IOException;

    @Override
    protected final void implCloseChannel() throws IOException {
        try {
            closeEnd();
        } finally {
            reading.wake();
            writing.wake();
            reading.release();
            writing.release();
        }
    }

    private void shutdown(Direction direction, boolean output) throws IOException {
        requireOpen();
        if (direction.shut()) {
            shutdown(output);
            direction.wake(); // the kernel does not wake our own writer
        }
    }

    private long receive(Buffers targets, Deadline deadline) throws IOException {
        targets.requireWritable();
        enter(reading, deadline);
        try {
            requireOpen();
            if (!targets.hasRemaining()) {
                return 0;
            }
            long answer = Thread.currentThread().isInterrupted() ? WOULD_BLOCK : receiveNow(targets);
            return answer != WOULD_BLOCK ? answer : receiveWaiting(targets, deadline);
        } finally {
            reading.leave();
        }
    }

    private long receiveNow(Buffers targets) throws IOException {
        return reading.isShut() ? END : tryReceive(targets);
    }

    private long receiveWaiting(Buffers targets, Deadline deadline) throws IOException {
        boolean completed = false;
        try {
            while (true) {
                begin(); // each time, since a selector's wait puts itself in the place of what an interrupt ends
                long answer = receiveNow(targets);
                if (answer != WOULD_BLOCK) {
                    completed = true;
                    return answer;
                }
                reading.await(deadline);
            }
        } finally {
            end(completed);
        }
    }

    private long send(Buffers sources, Deadline deadline) throws IOException {
        enter(writing, deadline);
        try {
            requireOpen();
            if (writing.isShut()) {
                throw new ClosedChannelException();
            }
            long sent = Thread.currentThread().isInterrupted() ? WOULD_BLOCK : trySend(sources);
            if (sent >= 0 && !sources.hasRemaining()) {
                return sent;
            }
            return Math.max(sent, 0) + sendWaiting(sources, deadline);
        } finally {
            writing.leave();
        }
    }

    private long sendWaiting(Buffers sources, Deadline deadline) throws IOException {
        boolean completed = false;
        try {
            long sent = 0;
            while (true) {
                begin();
                long answer = trySend(sources);
                sent += Math.max(answer, 0);
                if (!sources.hasRemaining()) {
                    completed = true;
                    return sent;
                }
                if (answer == WOULD_BLOCK) {
                    writing.await(deadline);
                }
                if (writing.isShut()) {
                    throw new AsynchronousCloseException();
                }
            }
        } catch (SystemCallException | ClosedChannelException e) {
            if (writing.isShut() && isOpen() && !(e instanceof AsynchronousCloseException)) {
                throw (AsynchronousCloseException) new AsynchronousCloseException().initCause(e);
            }
            throw e;
        } finally {
            end(completed);
        }
    }

    /// Waits for the turn; an interrupt closes this end, as it does once the turn has come.
    private void enter(Direction direction, Deadline deadline) throws IOException {
        try {
            direction.enter(deadline);
        } catch (java.net.SocketTimeoutException late) {
            throw late;
        } catch (InterruptedIOException interrupted) {
            begin();
            end(false);
            throw interrupted; // not reached: the flag is set, so that end throws
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }
}
