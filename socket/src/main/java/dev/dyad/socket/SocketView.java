package dev.dyad.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An end as clients want it that take a [Socket] and know nothing else.
///
/// It does what they do with a TCP socket: they connect it to a host and a port that mean nothing here, set
/// options of TCP, and look for the JDK's own exceptions.
final class SocketView extends Socket {

    private static final int MOST_LINGER = 65_535;
    private static final int MOST_TRAFFIC_CLASS = 255;

    private final SocketHints hints = new SocketHints();
    private final @Nullable Connector connector;
    private final Object lock = new Object();
    private volatile int timeout;
    private volatile boolean urgentInline;
    private volatile boolean connectAsked; // written under lock
    private volatile boolean closed; // written under lock
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;
    private volatile @Nullable SocketAddress asked; // what its client connected it to
    private volatile @Nullable StreamSocket end; // written under lock

    /// What connects a socket, wherever its client wants to go.
    @FunctionalInterface
    interface Connector {
        StreamSocket connect(Deadline deadline) throws IOException;
    }

    private SocketView(@Nullable StreamSocket end, @Nullable Connector connector) throws SocketException {
        super((SocketImpl) null); // everything that would ask it for something is overridden
        this.end = end;
        this.connector = connector;
    }

    /// Returns an end, which is connected, under another name.
    static SocketView of(StreamSocket end) {
        return create(end, null);
    }

    /// Returns a socket that its client has to connect.
    static SocketView of(Connector connector) {
        return create(null, connector);
    }

    private static SocketView create(@Nullable StreamSocket end, @Nullable Connector connector) {
        try {
            return new SocketView(end, connector);
        } catch (SocketException ofAnImplementation) {
            throw new AssertionError("there is none", ofAnImplementation);
        }
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        connect(address, 0);
    }

    /// Connects a socket that is to be connected; the first time, it does nothing to one that is already.
    @Override
    public void connect(SocketAddress address, int millis) throws IOException {
        if (address == null || millis < 0) {
            throw new IllegalArgumentException(address == null ? "no address" : "a timeout of " + millis);
        }
        synchronized (lock) {
            requireNotClosed();
            if (connectAsked) {
                throw new SocketException("Already connected");
            }
            connectAsked = true;
        }
        if (connector != null) {
            open(connector, deadline(millis));
        }
        asked = address;
    }

    private void open(Connector to, Deadline deadline) throws IOException {
        StreamSocket opened;
        try {
            opened = to.connect(deadline);
        } catch (IOException e) {
            close();
            throw notConnected(e);
        }
        synchronized (lock) {
            if (!closed) {
                end = opened;
                return;
            }
        }
        opened.close();
        requireNotClosed();
    }

    /// Does nothing: where a client binds to is a matter of networks.
    @Override
    public void bind(SocketAddress address) throws IOException {
        requireNotClosed();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        StreamSocket connected = connected();
        if (inputShutdown) {
            throw new SocketException("Socket input is shutdown");
        }
        return new Input(connected);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        StreamSocket connected = connected();
        if (outputShutdown) {
            throw new SocketException("Socket output is shutdown");
        }
        return new Output(connected);
    }

    @Override
    public void shutdownInput() throws IOException {
        StreamSocket connected = connected();
        if (inputShutdown) {
            throw new SocketException("Socket input is already shutdown");
        }
        connected.shutdownInput();
        inputShutdown = true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        StreamSocket connected = connected();
        if (outputShutdown) {
            throw new SocketException("Socket output is already shutdown");
        }
        connected.shutdownOutput();
        outputShutdown = true;
    }

    @Override
    public void close() throws IOException {
        StreamSocket closing;
        synchronized (lock) {
            closed = true;
            closing = end;
        }
        if (closing != null) {
            closing.close();
        }
    }

    @Override
    public boolean isConnected() {
        return end != null;
    }

    @Override
    public boolean isBound() {
        return end != null;
    }

    @Override
    public boolean isClosed() {
        StreamSocket connected = end;
        return closed || (connected != null && !connected.isOpen());
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    /// Returns none: the end is no channel of the JDK.
    @Override
    public @Nullable SocketChannel getChannel() {
        return null;
    }

    /// Returns the address that the client connected it to, or else the peer's own.
    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        StreamSocket connected = end;
        SocketAddress wanted = asked;
        return connected == null ? null : wanted != null ? wanted : name(connected::remoteAddress);
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        StreamSocket connected = end;
        return connected == null ? null : name(connected::localAddress);
    }

    /// Returns the address that the client connected it to, or else this machine's own, where the peer must
    /// be.
    @Override
    public @Nullable InetAddress getInetAddress() {
        if (end == null) {
            return null;
        }
        InetAddress remote =
                getRemoteSocketAddress() instanceof InetSocketAddress internet ? internet.getAddress() : null;
        return remote != null ? remote : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return getRemoteSocketAddress() instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    @Override
    public InetAddress getLocalAddress() {
        return getLocalSocketAddress() instanceof InetSocketAddress internet
                ? internet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        if (end == null) {
            return -1;
        }
        return getLocalSocketAddress() instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireNotClosed();
        if (millis < 0) {
            throw new IllegalArgumentException("a timeout of " + millis);
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireNotClosed();
        return timeout;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        hint(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return hint(StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        hint(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return hint(StandardSocketOptions.SO_KEEPALIVE);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        hint(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return hint(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        if (on && seconds < 0) {
            throw new IllegalArgumentException("a linger of " + seconds);
        }
        hint(StandardSocketOptions.SO_LINGER, on ? Math.min(seconds, MOST_LINGER) : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return hint(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        hint(StandardSocketOptions.SO_SNDBUF, positive(size));
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return hint(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        hint(StandardSocketOptions.SO_RCVBUF, positive(size));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return hint(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        if (trafficClass < 0 || trafficClass > MOST_TRAFFIC_CLASS) {
            throw new IllegalArgumentException("a traffic class of " + trafficClass);
        }
        hint(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return hint(StandardSocketOptions.IP_TOS);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        requireNotClosed();
        urgentInline = on;
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        requireNotClosed();
        return urgentInline;
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        requireNotClosed();
        throw new SocketException("Urgent data not supported");
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        // There is but one way.
    }

    @Override
    public <T> Socket setOption(SocketOption<T> option, T value) throws IOException {
        hint(option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return hint(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return SocketHints.supported();
    }

    @Override
    public String toString() {
        return "Socket["
                + (isClosed() ? "closed" : end != null ? "connected to " + getRemoteSocketAddress() : "unconnected")
                + "]";
    }

    private <T> void hint(SocketOption<T> option, T value) throws SocketException {
        requireNotClosed();
        hints.set(option, value);
    }

    private <T> T hint(SocketOption<T> option) throws SocketException {
        requireNotClosed();
        return hints.get(option);
    }

    /// A name that a call tells.
    @FunctionalInterface
    private interface Name {
        @Nullable
        SocketAddress tell() throws IOException;
    }

    private static @Nullable SocketAddress name(Name name) {
        try {
            return name.tell();
        } catch (IOException closed) {
            return null;
        }
    }

    private StreamSocket connected() throws SocketException {
        requireNotClosed();
        StreamSocket connected = end;
        if (connected == null) {
            throw new SocketException("Socket is not connected");
        }
        return connected;
    }

    private void requireNotClosed() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    private static int positive(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("a size of " + size);
        }
        return size;
    }

    /// Zero milliseconds mean no limit, here as everywhere in [Socket].
    private static Deadline deadline(int millis) {
        return millis == 0 ? Deadline.never() : Deadline.after(Duration.ofMillis(millis));
    }

    private static SocketTimeoutException timedOut(String message, IOException cause) {
        return (SocketTimeoutException) new SocketTimeoutException(message).initCause(cause);
    }

    /// Clients try another address, or again, by the type.
    private static IOException notConnected(IOException e) {
        return switch (e) {
            case SocketTimeoutException late -> timedOut("Connect timed out", late);
            case SystemCallException failed ->
                (IOException) new ConnectException(failed.getMessage()).initCause(failed);
            default -> e;
        };
    }

    /// Clients tell a dead connection from other trouble by the type.
    private static IOException translated(IOException e) {
        return switch (e) {
            case SocketTimeoutException late -> timedOut("Read timed out", late);
            case ClosedChannelException closed -> new SocketException("Socket closed", closed);
            case SystemCallException failed -> new SocketException(failed.getMessage(), failed);
            default -> e;
        };
    }

    /// Each read has the time that is set when it begins.
    private final class Input extends EndInput {

        Input(StreamSocket end) {
            super(end);
        }

        @Override
        Deadline deadline() {
            return SocketView.deadline(timeout);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public int available() throws IOException {
            try {
                return super.available();
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public void close() throws IOException {
            SocketView.this.close();
        }
    }

    private final class Output extends EndOutput {

        Output(StreamSocket end) {
            super(end);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                super.write(bytes, offset, length);
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public void close() throws IOException {
            SocketView.this.close();
        }
    }
}
