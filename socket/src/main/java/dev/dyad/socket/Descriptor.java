package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// An open descriptor of any kind: one that came in a message, or was taken over, or opened to be sent.
///
/// It is close-on-exec. Any thread may use it. Whoever has it closes it, or turns it into what it stands for,
/// which then is what has to be closed. One that is lost without either is closed by a cleaner some time later,
/// which logs a warning.
public final class Descriptor implements DescriptorSource, Closeable {

    private static final Platform OS = Platform.current();

    private final NativeEnds ends;
    private final OwnedFd fd;
    private final Cleaner.Cleanable watch;

    private Descriptor(int raw) {
        ends = new NativeEnds(raw, 0, 0, true, false);
        fd = ends.fd;
        watch = Lost.closeWhenLost(this, ends, "a descriptor");
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
        NativeSocket.requireNative();
        NativeSocket.closeOnExec(fd);
        return new Descriptor(fd);
    }

    /// Opens a file, to be sent or mapped.
    ///
    /// @param path where it is
    /// @param options [StandardOpenOption#READ] unless others are given; what it is created with is `0666` less
    ///     the process's mask
    /// @return the descriptor
    /// @throws SystemCallException if `open(2)` fails
    /// @throws UnsupportedOperationException for an option that `open(2)` does not have, or without native access
    /// @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
    public static Descriptor open(Path path, OpenOption... options) throws IOException {
        NativeSocket.requireNative();
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = NativeText.string(arena, path);
            var state = new CallState(arena);
            int flags = flags(Set.of(options));
            int answer;
            do {
                answer = Fcntl.open(state, name, flags, 0666);
            } while (NativeEnds.interrupted(answer));
            if (answer < 0) {
                throw new SystemCallException("open", Errno.of(answer), path.toString());
            }
            return new Descriptor(answer);
        }
    }

    /// Opens a file that is memory and has no path, to be mapped here and by whoever it is sent to.
    ///
    /// @param name what it is called under `/proc/self/fd`; not unique, at most 249 bytes
    /// @return the descriptor of an empty file
    /// @throws IllegalArgumentException if the name has a zero byte
    /// @throws SystemCallException if `memfd_create(2)` fails
    /// @throws UnsupportedOperationException where there is no native access
    /// @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
    public static Descriptor memory(String name) throws IOException {
        NativeSocket.requireNative();
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a zero byte");
        }
        try (var arena = Arena.ofConfined()) {
            int answer = OS.openMemory(new CallState(arena), arena.allocateFrom(name));
            if (answer < 0) {
                throw new SystemCallException("memfd_create", Errno.of(answer), name);
            }
            return new Descriptor(answer);
        }
    }

    @Override
    public BorrowedFd borrow() throws ClosedChannelException {
        return new BorrowedFd(fd, fd.acquire());
    }

    /// Returns whether nobody has closed it or turned it into something else.
    ///
    /// @return whether it can be used
    public boolean isOpen() {
        return !fd.isClosed();
    }

    /// Waits until it can be read, has failed, or its peer is gone: whatever `poll(2)` knows to tell. Of a pidfd that
    /// is the end of its process.
    ///
    /// Several threads wait one after the other. An interrupt ends the wait, and closes nothing.
    ///
    /// @param deadline until when to wait
    /// @throws SocketTimeoutException if it cannot be read by then
    /// @throws InterruptedIOException if this thread is interrupted meanwhile, with its interrupt flag set
    /// @throws AsynchronousCloseException if another thread closes it meanwhile
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/poll.html">poll, POSIX.1-2024</a>
    public void awaitReadable(Deadline deadline) throws IOException {
        int raw = fd.acquire();
        try {
            ends.reading.enter(deadline);
            try {
                awaitReadable(raw, deadline);
            } finally {
                ends.reading.leave();
            }
        } finally {
            fd.release();
        }
    }

    /// Returns how many threads wait in it now, which is for tests.
    ///
    /// @return zero or one
    public int waiters() {
        return ends.reading.isWaiting() ? 1 : 0;
    }

    private void awaitReadable(int raw, Deadline deadline) throws IOException {
        var interruption = new Interruption(ends.reading::wake);
        interruption.begins();
        try {
            while (!NativeSocket.isReadable(raw)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException();
                }
                ends.reading.await(deadline);
                if (fd.isClosed()) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            interruption.ends();
        }
    }

    /// Turns it into the end of a byte stream, which owns the number from then on.
    ///
    /// @return the end
    /// @throws SystemCallException if it is not a stream socket: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public StreamSocket toStreamSocket() throws IOException {
        return become(StreamSocket::adopt);
    }

    /// Turns it into a message socket, which owns the number from then on.
    ///
    /// @return the socket
    /// @throws SystemCallException if it is not a socket whose messages keep their boundaries: then it stays what
    ///     it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public MessageSocket toMessageSocket() throws IOException {
        return become(MessageSocket::adopt);
    }

    /// Turns it into a listener, which owns the number from then on.
    ///
    /// @return the listener, as of [Listener#adopt]
    /// @throws SystemCallException if it is not a socket that listens: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public Listener<?> toListener() throws IOException {
        return become(Listener::adopt);
    }

    /// Turns it into a socket on which system calls are made as they are, and which owns the number from then on.
    ///
    /// @return the socket, of any domain and type
    /// @throws SystemCallException if it is no socket: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public SystemSocket toSystemSocket() throws IOException {
        return become(SystemSocket::adopt);
    }

    /// Turns it into a channel of the JDK, which has the file from then on.
    ///
    /// It shares its position with whoever else has the same open file, as descriptors do.
    ///
    /// @return the channel, which may be read or written as the file was opened
    /// @throws SystemCallException if it is a socket, or no descriptor is left: then it stays what it is
    /// @throws ClosedChannelException if it is closed
    public FileChannel toFileChannel() throws IOException {
        try (BorrowedFd borrowed = borrow()) {
            FileChannel channel = FileAdoption.channelOver(borrowed.fd());
            close();
            return channel;
        }
    }

    /// Maps a part of the file into memory; the descriptor stays what it is.
    ///
    /// Where whoever else has the file shortens it, an access behind its end throws [InternalError].
    ///
    /// @param mode how
    /// @param offset where the part begins, in bytes
    /// @param size how long it is, in bytes; a file that is shorter grows, where it may be written to
    /// @param arena until when it is mapped
    /// @return the memory
    /// @throws SystemCallException if it is not a file, or no descriptor is left for the moment
    /// @throws java.nio.channels.NonWritableChannelException if `mode` writes, and the file was opened to be read
    /// @throws ClosedChannelException if it is closed
    /// @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
    public MemorySegment map(FileChannel.MapMode mode, long offset, long size, Arena arena) throws IOException {
        try (BorrowedFd borrowed = borrow();
                FileChannel channel = FileAdoption.channelOver(borrowed.fd())) {
            return channel.map(mode, offset, size, arena);
        }
    }

    /// Gives the number away: whoever called this closes it.
    ///
    /// @return the number, close-on-exec, which this object has nothing more to do with
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if it is borrowed at this moment
    public int release() throws ClosedChannelException {
        int raw = fd.give();
        ends.reading.forget(raw);
        fd.given();
        watch.clean();
        return raw;
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
    private interface Adopting<T> {
        T adopt(int fd) throws IOException;
    }

    private <T> T become(Adopting<T> kind) throws IOException {
        int raw = fd.give();
        boolean given = false;
        try {
            ends.reading.forget(raw);
            T result = kind.adopt(raw);
            given = true;
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
