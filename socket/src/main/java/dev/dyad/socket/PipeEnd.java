package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysStat;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.option.NoOptions;
import dev.dyad.socket.transfer.BufferList;
import dev.dyad.socket.transfer.SharedCalls;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.EnumSet;
import java.util.Set;

/// One end of a [Pipe], which is read from or written to.
///
/// It waits, ends and is closed as every [Endpoint]. From its first read or write here on it is `O_NONBLOCK`,
/// since a pipe's calls have no flag for that: do not use an end here before you give it to another process. The
/// other end is not affected.
///
/// {@snippet file="dev/dyad/socket/examples/PairExamplesTest.java" region="pipe-end"}
public final class PipeEnd extends Endpoint implements ByteChannel {

    private static final Platform OS = Platforms.current();

    private final Fd ends;
    private final FdMutex fd;
    private final boolean sink;
    private final Cleaner.Cleanable watch;
    private volatile boolean nonBlocking;

    private PipeEnd(Fd ends, boolean sink) {
        super(ends.reading, ends.writing);
        this.ends = ends;
        fd = ends.fd;
        this.sink = sink;
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.PIPE_END);
    }

    static Pipe pipe() throws IOException {
        SocketCalls.requireNative();
        try (var call = CallState.open()) {
            MemorySegment fds = call.allocate(ValueLayout.JAVA_INT, 2);
            int answer = OS.openPipe(call, fds);
            if (answer < 0) {
                throw new SystemCallException("pipe2", Errno.of(answer));
            }
            return new Pipe(end(fds, 0), end(fds, 1));
        }
    }

    /// Takes over an open descriptor of a pipe or a FIFO, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's. It becomes `O_NONBLOCK` with its first use here, for all processes that share the
    /// open file.
    ///
    /// @param fd the number
    /// @return the end that is read from or written to, as it was opened
    /// @throws SystemCallException if it is not open, is no pipe, or was opened both to read and to write
    /// @throws UnsupportedOperationException where there is no native access
    public static PipeEnd adopt(int fd) throws IOException {
        SocketCalls.requireNative();
        int mode = pipeMode(fd);
        SocketCalls.closeOnExec(fd);
        return new PipeEnd(new Fd(fd, Fd.NO_SOCKET, 0, true, true), mode == OS.O_WRONLY());
    }

    private static int pipeMode(int fd) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment stat = call.allocate(Stat.LAYOUT);
            String it = "descriptor " + fd;
            int answer = SysStat.fstat(call, fd, stat);
            if (answer < 0) {
                throw new SystemCallException("fstat", Errno.of(answer), it);
            }
            if ((Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFIFO()) {
                throw new SystemCallException("fstat", Errno.EINVAL, it + " is no pipe");
            }
            int flags = Fcntl.fcntl(call, fd, OS.F_GETFL(), 0);
            if (flags < 0) {
                throw new SystemCallException("fcntl", Errno.of(flags), it);
            }
            int mode = flags & OS.O_ACCMODE();
            if (mode == OS.O_RDWR()) {
                throw new SystemCallException("fcntl", Errno.EINVAL, it + " is both ends of a pipe");
            }
            return mode;
        }
    }

    private static PipeEnd end(MemorySegment fds, int index) {
        int raw = fds.getAtIndex(ValueLayout.JAVA_INT, index);
        return new PipeEnd(new Fd(raw, Fd.NO_SOCKET, 0, false, true), index == 1);
    }

    /// Returns whether this is the end that is written to.
    ///
    /// @return `false` for the one that is read from
    public boolean isSink() {
        return sink;
    }

    /// Reads some bytes into `target`, waiting for at least one.
    ///
    /// @param target where the bytes go, from its position on
    /// @return how many bytes were read, or `-1` when nobody has the other end any more
    /// @throws NonReadableChannelException if this is the end that is written to
    /// @throws java.nio.channels.AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws SystemCallException if the call fails
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/read.html">read, POSIX.1-2024</a>
    @Override
    public int read(ByteBuffer target) throws IOException {
        return read(target, Deadline.never());
    }

    /// Reads some bytes into `target`, waiting for at least one until `deadline`.
    ///
    /// @param target where the bytes go, from its position on
    /// @param deadline until when to wait
    /// @return how many bytes were read, or `-1` when nobody has the other end any more
    /// @throws java.net.SocketTimeoutException if nothing came in time
    /// @throws IOException as [#read(ByteBuffer)]
    public int read(ByteBuffer target, Deadline deadline) throws IOException {
        BufferList targets = readable(target);
        boolean hadRoom = targets.hasRemaining();
        return answer(receiving(deadline, callThatReads(target)), hadRoom);
    }

    /// Reads what is there into `target`, without waiting, not even for its turn.
    ///
    /// @param target where the bytes go, from its position on
    /// @return how many bytes were read, zero if there are none now, or `-1` when nobody has the other end any
    ///     more
    /// @throws IOException as [#read(ByteBuffer)]
    public int tryRead(ByteBuffer target) throws IOException {
        BufferList targets = readable(target);
        boolean hadRoom = targets.hasRemaining();
        return answer(receivingNow(callThatReads(target)), hadRoom);
    }

    /// Writes all of `source`, waiting until it has been accepted.
    ///
    /// Where something ends it early, the position of `source` says how much was accepted.
    ///
    /// @param source what to write, from its position to its limit
    /// @return how many bytes it had
    /// @throws NonWritableChannelException if this is the end that is read from
    /// @throws java.nio.channels.AsynchronousCloseException if another thread closes this end meanwhile
    /// @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes this end
    /// @throws SystemCallException if the call fails, as with `EPIPE` where nobody has the other end any more
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/write.html">write,
    ///     POSIX.1-2024</a>
    @Override
    public int write(ByteBuffer source) throws IOException {
        return write(source, Deadline.never());
    }

    /// Writes all of `source`, waiting until it has been accepted or `deadline` has come.
    ///
    /// @param source what to write, from its position to its limit
    /// @param deadline until when to wait
    /// @return how many bytes it had
    /// @throws java.net.SocketTimeoutException if not everything was accepted in time: the position says how much
    ///     was
    /// @throws IOException as [#write(ByteBuffer)]
    public int write(ByteBuffer source, Deadline deadline) throws IOException {
        requireSink();
        int before = source.remaining();
        long _ = sending(deadline, callThatWrites(source));
        return before;
    }

    /// Writes as much of `source` as is accepted now, without waiting, not even for its turn.
    ///
    /// @param source what to write, from its position to its limit
    /// @return how many bytes were accepted, by which its position moved
    /// @throws IOException as [#write(ByteBuffer)]
    public int tryWrite(ByteBuffer source) throws IOException {
        requireSink();
        int before = source.remaining();
        long _ = sendingNow(callThatWrites(source));
        return before - source.remaining();
    }

    /// Returns this end as a stream to read from. It waits as long as it takes, and closing it closes this end.
    ///
    /// @return the stream
    /// @throws NonReadableChannelException if this is the end that is written to
    public InputStream inputStream() {
        requireSource();
        return Channels.newInputStream(this);
    }

    /// Returns this end as a stream to write to. It keeps nothing back, and closing it closes this end.
    ///
    /// @return the stream
    /// @throws NonWritableChannelException if this is the end that is read from
    public OutputStream outputStream() {
        requireSink();
        return Channels.newOutputStream(this);
    }

    /// Returns how many bytes can be read without waiting.
    ///
    /// @return zero or more
    /// @throws java.nio.channels.ClosedChannelException if this end is closed
    /// @throws SystemCallException if `ioctl(2)` fails
    public int unread() throws IOException {
        return ends.unread();
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.DESCRIPTOR);
    }

    /// Throws, since a pipe has no name.
    ///
    /// @throws UnsupportedOperationException always
    @Override
    public SocketAddress localAddress() {
        throw new UnsupportedOperationException("a pipe has no address");
    }

    @Override
    public BorrowedFd borrow() throws IOException {
        return ends.lendToShare();
    }

    /// Says which number it is, and whether it is closed, for messages to people.
    @Override
    public String toString() {
        return ends.described("PipeEnd", isOpen());
    }

    @Override
    BorrowedFd look() throws IOException {
        return ends.fd.lend();
    }

    @Override
    IOException failure(SystemCall call, Errno errno) {
        return ends.failure(call.name(), errno);
    }

    @Override
    EndpointOptions options() {
        return new NoOptions();
    }

    @Override
    boolean closeEnd() {
        fd.handOver(handedOn());
        fd.close();
        watch.clean();
        return fd.isGone();
    }

    @Override
    void endConnection() {
        // it ends when the call under way leaves
    }

    @Override
    void shutdown(boolean output) {
        throw new UnsupportedOperationException("a pipe is closed, not shut down");
    }

    private BufferList readable(ByteBuffer target) {
        requireSource();
        BufferList targets = BufferList.of(target);
        targets.requireWritable();
        return targets;
    }

    private void requireSource() {
        if (sink) {
            throw new NonReadableChannelException();
        }
    }

    private void requireSink() {
        if (!sink) {
            throw new NonWritableChannelException();
        }
    }

    private SystemCall callThatReads(ByteBuffer target) {
        return SystemCall.of("read", () -> target.hasRemaining() ? receive(target) : 0);
    }

    private SystemCall callThatWrites(ByteBuffer source) {
        return SystemCall.of("write", () -> sendAll(source));
    }

    /// Returns what a read returns.
    private static int answer(long answer, boolean hadRoom) {
        return answer == 0 && hadRoom ? END : (int) Math.max(answer, 0);
    }

    private long receive(ByteBuffer target) throws IOException {
        int raw = usable();
        return SharedCalls.receive(target, (state, bytes) -> Unistd.read(state, raw, bytes));
    }

    private long sendAll(ByteBuffer source) throws IOException {
        long answer = 0;
        while (answer >= 0 && source.hasRemaining()) {
            answer = send(source);
        }
        return answer;
    }

    private long send(ByteBuffer source) throws IOException {
        int raw = usable();
        return SharedCalls.send(source, (state, bytes) -> Unistd.write(state, raw, bytes));
    }

    /// Returns the number of an end whose calls do not block, for the thread that has its turn.
    private int usable() throws IOException {
        int raw = fd.number();
        if (!nonBlocking) {
            int _ = SocketCalls.setNonBlocking(ends, raw);
            nonBlocking = true;
        }
        return raw;
    }
}
