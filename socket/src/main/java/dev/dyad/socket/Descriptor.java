package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.fd.HandedOverException;
import dev.dyad.socket.fd.LeakCleaner;
import dev.dyad.socket.fd.MemoryFile;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jdk.FileChannels;
import dev.dyad.socket.jdk.JdkNumbers;
import dev.dyad.socket.jfr.OpenKind;
import dev.dyad.socket.thread.BlockingCalls;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// An open descriptor of any kind: one that came in a message, or was taken over, or opened to be sent.
///
/// It is close-on-exec. Any thread may use it. The owner closes it, or turns it into what it stands for,
/// which then is what has to be closed. One that is lost without either is closed by a cleaner some time later,
/// which logs a warning that names it; `-Ddyad.lost=stack` adds where it was opened.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="descriptor"}
public final class Descriptor implements DescriptorSource, Closeable {

    private static final Platform OS = Platforms.current();

    /// A FIFO that nobody opens holds up a thread, so there is one for each.
    private static final BlockingCalls OPENS = new BlockingCalls("dyad-opener", 256);

    private final Fd ends;
    private final FdMutex fd;
    private final Cleaner.Cleanable watch;

    private Descriptor(int raw) {
        ends = new Fd(raw, Fd.NO_SOCKET, 0, true, false);
        fd = ends.fd;
        watch = LeakCleaner.closeWhenLost(this, ends, OpenKind.DESCRIPTOR);
    }

    /// Becomes the owner of a number that is close-on-exec and ours already.
    static Descriptor of(int raw) {
        return new Descriptor(raw);
    }

    /// Takes over an open descriptor, and makes it close-on-exec.
    ///
    /// From then on this object owns the number, and nothing else may close it. Where this fails, the number
    /// stays the caller's.
    ///
    /// @param fd the number
    /// @return the descriptor
    /// @throws SystemCallException if it is not open
    /// @throws UnsupportedOperationException where there is no native access
    public static Descriptor adopt(int fd) throws IOException {
        SocketCalls.requireNative();
        SocketCalls.closeOnExec(fd);
        return new Descriptor(fd);
    }

    /// Opens a file, to be sent or mapped.
    ///
    /// Opening a FIFO waits until its other side is opened, and nothing else ends that wait; a FIFO that is
    /// opened both to read and to write does not wait. On a virtual thread, a platform thread of Dyad's makes
    /// the call, so that a slow file system does not hold the carrier.
    ///
    /// @param path where it is
    /// @param options [StandardOpenOption#READ] unless others are given; a file is created with mode `0666`
    ///     less the process's mask
    /// @return the descriptor
    /// @throws SystemCallException if `open(2)` fails
    /// @throws UnsupportedOperationException for an option that `open(2)` does not have, or without native access
    /// @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
    public static Descriptor open(Path path, OpenOption... options) throws IOException {
        SocketCalls.requireNative();
        int flags = flags(Set.of(options));
        return OPENS.call(() -> open(path, flags));
    }

    private static Descriptor open(Path path, int flags) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment name = NativeText.string(call, path);
            int answer = CallState.retry(() -> Fcntl.open(call, name, flags, 0666));
            if (answer < 0) {
                throw new SystemCallException("open", Errno.of(answer), path.toString());
            }
            return new Descriptor(answer);
        }
    }

    /// Opens a file that is memory and has no path, to be mapped here and where it is sent to.
    ///
    /// @param name what it is called under `/proc/self/fd`; not unique, at most 249 bytes
    /// @return the descriptor of an empty file
    /// @throws IllegalArgumentException if the name has a zero byte
    /// @throws SystemCallException if `memfd_create(2)` fails
    /// @throws UnsupportedOperationException where there is no native access
    /// @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
    public static Descriptor memory(String name) throws IOException {
        return new Descriptor(MemoryFile.open(name, false));
    }

    /// Opens a file of a certain size that is memory, has no path, and can be sealed.
    ///
    /// It is filled with zeroes. With [Seal#SHRINK] it never becomes shorter, so `SIGBUS` cannot hit a
    /// process that maps it, neither this one nor one that it is sent to.
    ///
    /// @param name what it is called under `/proc/self/fd`; not unique, at most 249 bytes
    /// @param size how long it is, in bytes
    /// @param seals those that it has from the start; [#seal] adds others
    /// @return the descriptor
    /// @throws IllegalArgumentException if the name has a zero byte, or the size is negative
    /// @throws SystemCallException if `memfd_create(2)` or `ftruncate(2)` fails, or a seal cannot be added
    /// @throws UnsupportedOperationException where there is no native access
    /// @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
    public static Descriptor memory(String name, long size, Seal... seals) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("a size of " + size);
        }
        List<Seal> all = List.of(seals);
        int raw = MemoryFile.open(name, true);
        boolean done = false;
        try {
            MemoryFile.resize(raw, size);
            MemoryFile.seal(raw, Seal.bits(all));
            done = true;
            return new Descriptor(raw);
        } finally {
            if (!done) {
                SocketCalls.closeNow(raw);
            }
        }
    }

    /// Opens one more descriptor for the same open file or socket, which may be an end that is in use.
    ///
    /// The two share what belongs to the open file, such as its position, `O_NONBLOCK`, and what there is to be
    /// received; each is closed by itself, and a connection ends with the last of them. To give the number to a
    /// native library, call [#release].
    ///
    /// @param source what has a descriptor; it stays as it is
    /// @return a descriptor with a number of its own, which is 3 or more
    /// @throws ClosedChannelException if `source` is closed
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException if `source` has no descriptor to show, as an end of the JDK
    /// @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2), F_DUPFD_CLOEXEC</a>
    public static Descriptor duplicateOf(DescriptorSource source) throws IOException {
        try (BorrowedFd borrowed = source.borrow()) {
            return duplicate(borrowed.fd());
        }
    }

    /// Opens one more descriptor for what a channel of the JDK has open: a file, a socket, a server socket, an
    /// end of a pipe. It can go to a child or through a socket.
    ///
    /// **The JDK has no public way to the number of a channel.** It shows the number to a JVM that is started
    /// with `--add-opens=java.base/sun.nio.ch=dev.dyad.socket` and
    /// `--add-opens=java.base/java.io=dev.dyad.socket` (on the class path, `ALL-UNNAMED` stands in the place of
    /// the module), or that is started with a jar whose manifest has
    /// `Add-Opens: java.base/sun.nio.ch java.base/java.io`. The second package is needed only for files.
    ///
    /// Without these options, go the other way round: [#open], [SocketPair], [Pipe], [StreamSocket] and
    /// [Listener] have descriptors, and [#toFileChannel], [StreamSocket#toSocketChannel] and
    /// [Listener#toServerSocketChannel] make channels of the JDK of them, or of their duplicates.
    ///
    /// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="both"}
    ///
    /// The two share what belongs to the open file, as in [#duplicateOf]: where the channel does not block,
    /// neither does the duplicate. Closing any descriptor of a file gives up all the
    /// [locks][java.nio.channels.FileLock] that this process has on it.
    ///
    /// @param channel an open channel of the JDK, or an end of ours; it stays as it is
    /// @return a descriptor with a number of its own, which is 3 or more
    /// @throws ClosedChannelException if the channel is closed, also by another thread meanwhile
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException if the JDK does not show the number: the message has the options
    ///     that it wants; if it is a channel of another kind, such as that of a file in a zip file or an
    ///     asynchronous one; or without native access
    public static Descriptor duplicateOfChannel(Channel channel) throws IOException {
        SocketCalls.requireNative();
        return channel instanceof DescriptorSource ours
                ? duplicateOf(ours)
                : duplicateWhile(channel::isOpen, JdkNumbers.of(channel));
    }

    /// Opens one more descriptor for the file of a [java.io.FileInputStream], a [java.io.FileOutputStream] or a
    /// [java.io.RandomAccessFile].
    ///
    /// Other files than [FileDescriptor#in], [FileDescriptor#out] and [FileDescriptor#err] need
    /// `--add-opens=java.base/java.io=…`, as said at [#duplicateOfChannel]. The two share the position in the
    /// file.
    ///
    /// @param file what `getFD` of the stream says; it stays as it is
    /// @return a descriptor with a number of its own, which is 3 or more
    /// @throws ClosedChannelException if the file is closed, also by another thread meanwhile
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException if the JDK does not show the number: the message has the options
    ///     that it wants; or without native access
    public static Descriptor duplicateOfFile(FileDescriptor file) throws IOException {
        SocketCalls.requireNative();
        return duplicateWhile(file::valid, JdkNumbers.of(file));
    }

    /// The JDK marks closed before it closes: what is open afterwards was so while it was duplicated.
    static Descriptor duplicateWhile(BooleanSupplier open, int number) throws IOException {
        Descriptor duplicate;
        try {
            duplicate = duplicate(number);
        } catch (SystemCallException e) {
            throw open.getAsBoolean() ? e : new ClosedChannelException();
        }
        if (open.getAsBoolean()) {
            return duplicate;
        }
        duplicate.close();
        throw new ClosedChannelException();
    }

    /// Opens a descriptor for this process's standard input, which stays open as well.
    ///
    /// @return a descriptor with a number of its own, close-on-exec
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EBADF` where there is none
    /// @throws UnsupportedOperationException where there is no native access
    public static Descriptor standardInput() throws IOException {
        return standard(0);
    }

    /// Opens a descriptor for this process's standard output, which stays open as well.
    ///
    /// @return a descriptor with a number of its own, close-on-exec
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EBADF` where there is none
    /// @throws UnsupportedOperationException where there is no native access
    public static Descriptor standardOutput() throws IOException {
        return standard(1);
    }

    /// Opens a descriptor for this process's standard error, which stays open as well.
    ///
    /// @return a descriptor with a number of its own, close-on-exec
    /// @throws SystemCallException if `fcntl(2)` fails, as with `EBADF` where there is none
    /// @throws UnsupportedOperationException where there is no native access
    public static Descriptor standardError() throws IOException {
        return standard(2);
    }

    private static Descriptor standard(int number) throws IOException {
        SocketCalls.requireNative();
        return duplicate(number);
    }

    static Descriptor duplicate(int raw) throws IOException {
        return new Descriptor(SocketCalls.duplicate(raw));
    }

    @Override
    public BorrowedFd borrow() throws ClosedChannelException {
        return fd.lend();
    }

    /// Returns whether it is still open: not closed, and not turned into something else.
    ///
    /// @return whether it can be used
    public boolean isOpen() {
        return !fd.isClosed();
    }

    /// Waits until it can be read, has failed, or its peer is gone: all that `poll(2)` reports. A pidfd can be
    /// read once its process has ended.
    ///
    /// Several threads wait one after the other. An interrupt ends the wait, and closes nothing.
    ///
    /// @param deadline until when to wait
    /// @throws java.net.SocketTimeoutException if it cannot be read by then
    /// @throws InterruptedIOException if this thread is interrupted meanwhile, with its interrupt flag set
    /// @throws AsynchronousCloseException if another thread closes it meanwhile
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/poll.html">poll, POSIX.1-2024</a>
    public void awaitReadable(Deadline deadline) throws IOException {
        if (fd.isClosed()) {
            throw fd.closed();
        }
        long answer = ends.awaitReadable(deadline.limit());
        if (answer < 0) {
            throw notReadable(Errno.of(answer));
        }
    }

    private static IOException notReadable(Errno errno) {
        if (errno.equals(Errno.EAGAIN)) {
            return new SocketTimeoutException("the deadline has passed");
        }
        return errno.equals(Errno.EINTR) ? new InterruptedIOException() : new AsynchronousCloseException();
    }

    /// Returns how many threads wait in it now, for tests.
    ///
    /// @return zero or one
    public int waiters() {
        return ends.reading.isWaiting() ? 1 : 0;
    }

    /// Turns it into the end of a byte stream, which owns the number from then on.
    ///
    /// @return the end
    /// @throws SystemCallException if it is not a stream socket: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public StreamSocket toStreamSocket() throws IOException {
        return become("StreamSocket", StreamSocket::adopt);
    }

    /// Turns it into a message socket, which owns the number from then on.
    ///
    /// @return the socket
    /// @throws SystemCallException if it is not a socket whose messages keep their boundaries: then it stays what
    ///     it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public MessageSocket toMessageSocket() throws IOException {
        return become("MessageSocket", MessageSocket::adopt);
    }

    /// Turns it into a listener, which owns the number from then on.
    ///
    /// @return the listener, as of [Listener#adopt]
    /// @throws SystemCallException if it is not a socket that listens: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public Listener<?> toListener() throws IOException {
        return become("Listener", Listener::adopt);
    }

    /// Turns it into an end of a pipe, which owns the number from then on. This is for a pipe that was
    /// received, or for a FIFO that was opened.
    ///
    /// @return the end that is read from or written to, as it was opened
    /// @throws SystemCallException if it is no pipe, or was opened both to read and to write: then it
    ///     stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    /// @see <a href="https://man7.org/linux/man-pages/man7/fifo.7.html">fifo(7)</a>
    public PipeEnd toPipeEnd() throws IOException {
        return become("PipeEnd", PipeEnd::adopt);
    }

    /// Turns it into a channel of the JDK, which has the file from then on.
    ///
    /// It shares its position with all others that have the same open file, as descriptors do.
    ///
    /// @return the channel, which may be read or written as the file was opened
    /// @throws SystemCallException if it is a socket, or no descriptor is left: then it stays what it is
    /// @throws IOException if `/proc` is not mounted, through which the JDK opens a channel: likewise
    /// @throws ClosedChannelException if it is closed
    public FileChannel toFileChannel() throws IOException {
        try (BorrowedFd borrowed = borrow()) {
            FileChannel channel = FileChannels.channelOver(borrowed.fd());
            fd.handOver(HandedOverException.to("FileChannel"));
            close();
            return channel;
        }
    }

    /// Maps a part of the file into memory; the descriptor stays what it is.
    ///
    /// Where another process that has the file shortens it, an access beyond its end throws [InternalError] at
    /// best: it may end the JVM by `SIGBUS`, as a compare-and-set or `mismatch` does. Memory with [Seal#SHRINK]
    /// cannot be shortened; [#seals] tells which seals received memory has.
    ///
    /// @param mode how
    /// @param offset where the part begins, in bytes
    /// @param size how long it is, in bytes; a file that is shorter grows, where it may be written to
    /// @param arena until when it is mapped
    /// @return the memory
    /// @throws SystemCallException if it is not a file, or no descriptor is left for the moment
    /// @throws IOException if `/proc` is not mounted, through which the JDK opens what it maps
    /// @throws java.nio.channels.NonWritableChannelException if `mode` writes, and the file was opened to be read
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
    public MemorySegment map(FileChannel.MapMode mode, long offset, long size, Arena arena) throws IOException {
        try (BorrowedFd borrowed = borrow();
                FileChannel channel = FileChannels.channelOver(borrowed.fd())) {
            return channel.map(mode, offset, size, arena);
        }
    }

    /// Adds seals to memory: what they forbid, nobody can do any more.
    ///
    /// @param seals which; those that it has already change nothing
    /// @throws SystemCallException if they cannot be added: with `EINVAL` if this is no memory, with `EPERM` if
    ///     the memory was not made to be sealed, has [Seal#SEAL] or was opened only to be read, with `EBUSY` if
    ///     [Seal#WRITE] is added while it is mapped to be written
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2), F_ADD_SEALS</a>
    public void seal(Seal... seals) throws IOException {
        List<Seal> all = List.of(seals);
        try (BorrowedFd borrowed = borrow()) {
            MemoryFile.seal(borrowed.fd(), Seal.bits(all));
        }
    }

    /// Returns the seals that memory has, which tell what its sender can still do with it.
    ///
    /// @return the seals; [Seal#SEAL] of memory that was not made to be sealed
    /// @throws SystemCallException with `EINVAL` if it is no memory, or that of a system without seals
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2), F_GET_SEALS</a>
    public Set<Seal> seals() throws IOException {
        try (BorrowedFd borrowed = borrow()) {
            return Seal.of(MemoryFile.seals(borrowed.fd()));
        }
    }

    /// Gives the number away: the caller closes it.
    ///
    /// @return the number, close-on-exec, which this object has nothing more to do with
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public int release() throws ClosedChannelException {
        return this.<Integer, ClosedChannelException>giveTo(HandedOverException.RELEASED, raw -> raw);
    }

    /// Closes it, the second time without effect.
    @Override
    public void close() {
        ends.close();
        ends.reading.wake();
        watch.clean();
    }

    /// Says which number it is, for messages to people.
    @Override
    public String toString() {
        return "Descriptor[" + fd.number() + (isOpen() ? "" : ", closed") + "]";
    }

    private static int flags(Set<OpenOption> options) {
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = !write || options.contains(StandardOpenOption.READ);
        int flags = OS.O_CLOEXEC() | (write ? read ? OS.O_RDWR() : OS.O_WRONLY() : OS.O_RDONLY());
        for (OpenOption option : options) {
            flags |= flag(option);
        }
        return flags;
    }

    private static int flag(OpenOption option) {
        if (!(option instanceof StandardOpenOption standard)) {
            throw new UnsupportedOperationException(option + " is not supported");
        }
        return switch (standard) {
            case READ, WRITE -> 0;
            case APPEND -> OS.O_APPEND();
            case CREATE -> OS.O_CREAT();
            case CREATE_NEW -> OS.O_CREAT() | OS.O_EXCL();
            case TRUNCATE_EXISTING -> OS.O_TRUNC();
            case DELETE_ON_CLOSE, SPARSE, SYNC, DSYNC ->
                throw new UnsupportedOperationException(option + " is not supported");
        };
    }

    /// What takes over a number, which stays ours where it fails.
    @FunctionalInterface
    private interface Adopting<T, X extends IOException> {
        T adopt(int fd) throws X;
    }

    private <T> T become(String type, Adopting<T, IOException> kind) throws IOException {
        return giveTo(HandedOverException.to(type), kind);
    }

    /// @param how how it is handed over, for calls that come too late
    private <T, X extends IOException> T giveTo(String how, Adopting<T, X> owner) throws ClosedChannelException, X {
        int raw = fd.give();
        boolean given = false;
        try {
            ends.reading.forget(raw);
            T result = owner.adopt(raw);
            given = true;
            fd.handOver(how);
            fd.given();
            watch.clean();
            return result;
        } finally {
            if (!given) {
                fd.takeBack();
            }
        }
    }
}
