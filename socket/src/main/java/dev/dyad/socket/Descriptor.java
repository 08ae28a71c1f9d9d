package dev.dyad.socket;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedChannelException;

/// An open descriptor of any kind: one that came in a message, or was taken over, or opened to be sent.
///
/// It is close-on-exec. Any thread may use it. Whoever has it closes it, or turns it into what it stands for,
/// which then is what has to be closed. One that is lost without either is closed by a cleaner some time later,
/// which logs a warning.
public final class Descriptor implements DescriptorSource, Closeable {

    private final OwnedFd fd;
    private final Cleaner.Cleanable watch;

    private Descriptor(int raw) {
        fd = new OwnedFd(raw, NativeSocket::closeNow);
        watch = Lost.closeWhenLost(this, fd, "a descriptor");
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

    /// Closes it, the second time without effect.
    @Override
    public void close() {
        fd.close();
        watch.clean();
    }

    /// Says which number it is, for messages to people.
    @Override
    public String toString() {
        return "Descriptor[" + fd.number() + (isOpen() ? "" : ", closed") + "]";
    }

    /// What takes over a number, which stays ours where it fails.
    @FunctionalInterface
    interface Adopting<T> {
        T adopt(int fd) throws IOException;
    }

    <T> T become(Adopting<T> kind) throws IOException {
        int raw = fd.detach();
        try {
            T result = kind.adopt(raw);
            watch.clean();
            return result;
        } catch (Throwable failed) {
            fd.attach();
            throw failed;
        }
    }
}
