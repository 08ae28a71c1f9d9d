package dev.dyad.socket;

import dev.dyad.socket.jdk.SocketErrors;
import dev.dyad.socket.waiting.Interrupts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A listener as servers want it that take a [ServerSocket] and know nothing else.
///
/// What it accepts are views of the connections. Its address is told after the close as well.
final class ServerSocketView extends ServerSocket {

    private final Listener<?> listener; // of streams
    private final SocketAddress local;
    private volatile int timeout;

    ServerSocketView(Listener<?> listener) throws IOException {
        this.listener = listener;
        local = listener.localAddress();
    }

    @Override
    public Socket accept() throws IOException {
        requireNotClosed();
        try {
            return socket((StreamSocket) listener.accept(SocketErrors.deadline(timeout), Interrupts.ofSocket()));
        } catch (SocketTimeoutException late) {
            throw SocketErrors.timedOut("Accept timed out", late);
        } catch (InterruptedIOException interrupted) {
            close();
            throw SocketErrors.asSocketException(interrupted);
        } catch (IOException e) {
            throw SocketErrors.asSocketException(e);
        }
    }

    @Override
    public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
        requireNotClosed();
        throw new SocketException("Already bound");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !listener.isOpen();
    }

    /// Returns none: the listener is no channel of the JDK.
    @Override
    public @Nullable ServerSocketChannel getChannel() {
        return null;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return local;
    }

    /// Returns the address where it is one of the internet, or else this machine's own, where all clients must
    /// be.
    @Override
    public InetAddress getInetAddress() {
        return local instanceof InetSocketAddress internet ? internet.getAddress() : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        return local instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireNotClosed();
        timeout = SocketErrors.atLeast(0, millis, "timeout");
    }

    @Override
    public int getSoTimeout() throws IOException {
        requireNotClosed();
        return timeout;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        set(StandardSocketOptions.SO_RCVBUF, SocketErrors.atLeast(1, size, "size"));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        // There is but one way.
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> option, T value) throws IOException {
        Objects.requireNonNull(option);
        set(option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        Objects.requireNonNull(option);
        return get(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return listener.supportedOptions();
    }

    @Override
    public String toString() {
        return "ServerSocket[addr=" + local + (isClosed() ? ",closed]" : "]");
    }

    private static Socket socket(StreamSocket accepted) throws IOException {
        boolean done = false;
        try {
            Socket socket = accepted.asSocket();
            done = true;
            return socket;
        } finally {
            if (!done) {
                accepted.close();
            }
        }
    }

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        requireNotClosed();
        try {
            listener.setOption(option, value);
        } catch (IOException e) {
            throw SocketErrors.asSocketException(e);
        }
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        requireNotClosed();
        try {
            return Objects.requireNonNull(listener.getOption(option));
        } catch (IOException e) {
            throw SocketErrors.asSocketException(e);
        }
    }

    private void requireNotClosed() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }
}
