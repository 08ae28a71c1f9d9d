package dev.dyad.socket;

import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.jdk.SocketErrors;
import dev.dyad.socket.jdk.SocketInput;
import dev.dyad.socket.jdk.SocketOutput;
import dev.dyad.socket.option.IgnoredOptions;
import dev.dyad.socket.waiting.Interrupts;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
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
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An end as clients want it that take a [Socket] and know nothing else.
///
/// It does what they do with a TCP socket: they connect it to a host and a port that mean nothing here, set
/// options of TCP, and look for the JDK's own exceptions.
final class SocketView extends Socket {

    private final IgnoredOptions hints = new IgnoredOptions();
    private final @Nullable SocketAddress target; // where it is to be connected to, wherever its client wants to go
    private final Object lock = new Object();
    private volatile int timeout;
    private volatile boolean urgentInline;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    // -- written under lock
    private volatile boolean connectAsked;
    private volatile boolean closed;
    private volatile @Nullable SocketAddress asked; // what its client connected it to
    private volatile @Nullable SocketAddress bound; // what its client bound it to
    private volatile @Nullable StreamSocket connecting; // while that is under way
    private volatile @Nullable Connection connection; // once it is connected

    /// A connected end, the names that it has, which are told after the close as well, and its two streams.
    private record Connection(
            StreamSocket end,
            @Nullable SocketAddress local,
            @Nullable SocketAddress remote,
            Input in,
            Output out) {

        boolean isInternet() {
            return local instanceof InetSocketAddress;
        }
    }

    private SocketView(@Nullable StreamSocket end, @Nullable SocketAddress target) throws SocketException {
        super((SocketImpl) null); // everything that would ask it for something is overridden
        this.target = target;
        connection = end == null ? null : connection(end);
    }

    /// Returns an end, which is connected, under another name.
    static SocketView of(StreamSocket end) {
        return create(end, null);
    }

    /// Returns a socket that its client has to connect, which leads to an address.
    static SocketView to(SocketAddress target) {
        return create(null, target);
    }

    private static SocketView create(@Nullable StreamSocket end, @Nullable SocketAddress target) {
        try {
            return new SocketView(end, target);
        } catch (SocketException ofAnImplementation) {
            throw new AssertionError("there is none", ofAnImplementation);
        }
    }

    private Connection connection(StreamSocket end) {
        return new Connection(end, name(end::localAddress), name(end::remoteAddress), new Input(end), new Output(end));
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
        beginConnect(address);
        if (target != null) {
            boolean done = false;
            try {
                connectTo(target, SocketErrors.deadline(millis));
                done = true;
            } catch (IOException e) {
                throw notConnected(e);
            } finally {
                if (!done) {
                    close();
                }
            }
        }
    }

    private void beginConnect(SocketAddress address) throws SocketException {
        synchronized (lock) {
            requireNotClosed();
            if (connectAsked) {
                throw new SocketException(connection == null ? "Connection in progress" : "Already connected");
            }
            requireKnown(address);
            connectAsked = true;
            asked = address;
        }
    }

    /// What is being connected is known to [#close], which ends that.
    private void connectTo(SocketAddress remote, Deadline deadline) throws IOException {
        StreamSocket opened = StreamSocket.open(SocketAddresses.family(remote));
        boolean kept = false;
        try {
            synchronized (lock) {
                requireNotClosed();
                connecting = opened;
            }
            if (remote instanceof InetSocketAddress) {
                hints.applyTo(opened);
            }
            opened.connect(remote, deadline, Interrupts.ofSocket());
            Connection made = connection(opened);
            synchronized (lock) {
                requireNotClosed();
                connection = made;
                kept = true;
            }
        } finally {
            connecting = null;
            if (!kept) {
                opened.close();
            }
        }
    }

    /// Remembers the address, and does no more: where a client binds to is a matter of networks.
    @Override
    public void bind(@Nullable SocketAddress address) throws IOException {
        SocketAddress wanted = address == null ? new InetSocketAddress(0) : address;
        synchronized (lock) {
            requireNotClosed();
            if (bound != null || connectAsked) {
                throw new SocketException("Already bound");
            }
            requireKnown(wanted);
            if (wanted instanceof InetSocketAddress internet && internet.isUnresolved()) {
                throw new SocketException("Unresolved address");
            }
            bound = wanted;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        Connection connected = connected();
        if (inputShutdown) {
            throw new SocketException("Socket input is shutdown");
        }
        return connected.in();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        Connection connected = connected();
        if (outputShutdown) {
            throw new SocketException("Socket output is shutdown");
        }
        return connected.out();
    }

    @Override
    public void shutdownInput() throws IOException {
        Connection connected = connected();
        if (inputShutdown) {
            throw new SocketException("Socket input is already shutdown");
        }
        connected.end().shutdownInput();
        inputShutdown = true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        Connection connected = connected();
        if (outputShutdown) {
            throw new SocketException("Socket output is already shutdown");
        }
        connected.end().shutdownOutput();
        outputShutdown = true;
    }

    @Override
    public void close() throws IOException {
        StreamSocket closing;
        synchronized (lock) {
            closed = true;
            Connection connected = connection;
            closing = connected == null ? connecting : connected.end();
        }
        if (closing != null) {
            closing.close();
        }
    }

    @Override
    public boolean isConnected() {
        return connection != null;
    }

    @Override
    public boolean isBound() {
        return bound != null || connection != null;
    }

    @Override
    public boolean isClosed() {
        Connection connected = connection;
        return closed || (connected != null && !connected.end().isOpen());
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
        Connection connected = connection;
        SocketAddress wanted = asked;
        return connected == null ? null : wanted != null ? wanted : connected.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        Connection connected = connection;
        return connected == null ? bound : connected.local();
    }

    /// Returns the address that the client connected it to, or else this machine's own, where the peer must
    /// be.
    @Override
    public @Nullable InetAddress getInetAddress() {
        if (connection == null) {
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

    /// Returns the wildcard address for what has none yet, or no more.
    @Override
    public InetAddress getLocalAddress() {
        if (!isBound() || isClosed()) {
            return new InetSocketAddress(0).getAddress();
        }
        return getLocalSocketAddress() instanceof InetSocketAddress internet
                ? internet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        if (!isBound()) {
            return -1;
        }
        return getLocalSocketAddress() instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireNotClosed();
        timeout = SocketErrors.atLeast(0, millis, "timeout");
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
        requireNotClosed();
        if (on && seconds < 0) {
            throw new IllegalArgumentException("a linger of " + seconds);
        }
        hint(StandardSocketOptions.SO_LINGER, on ? seconds : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return hint(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        hint(StandardSocketOptions.SO_SNDBUF, SocketErrors.atLeast(1, size, "size"));
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return hint(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        hint(StandardSocketOptions.SO_RCVBUF, SocketErrors.atLeast(1, size, "size"));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return hint(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        hint(StandardSocketOptions.IP_TOS, IgnoredOptions.meant(StandardSocketOptions.IP_TOS, trafficClass));
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
        Objects.requireNonNull(option);
        hint(option, value);
        return this;
    }

    @Override
    @SuppressWarnings("NullAway") // where nothing was set it is null, as the JDK's
    public <T> T getOption(SocketOption<T> option) throws IOException {
        Objects.requireNonNull(option);
        Connection connected = connection;
        if (IgnoredOptions.has(option) || connected == null) {
            return hint(option);
        }
        requireNotClosed();
        try {
            return connected.end().getOption(option);
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return closed && connection == null ? Set.of() : IgnoredOptions.supported();
    }

    @Override
    public String toString() {
        return "Socket["
                + (isClosed() ? "closed" : isConnected() ? "connected to " + getRemoteSocketAddress() : "unconnected")
                + "]";
    }

    private <T> void hint(SocketOption<T> option, T value) throws SocketException {
        requireNotClosed();
        hints.set(option, value);
        StreamSocket internet = internet(option);
        if (internet != null) {
            try {
                internet.setOption(option, IgnoredOptions.meant(option, value));
            } catch (IOException e) {
                throw SocketErrors.asSocketException(e);
            }
        }
    }

    private <T> T hint(SocketOption<T> option) throws SocketException {
        requireNotClosed();
        StreamSocket internet = internet(option);
        try {
            return internet == null ? hints.get(option) : Objects.requireNonNull(internet.getOption(option));
        } catch (IOException e) {
            throw SocketErrors.asSocketException(e);
        }
    }

    /// Returns the end where it is one of the internet, and so has the option.
    private @Nullable StreamSocket internet(SocketOption<?> option) {
        Connection connected = connection;
        return connected != null
                        && connected.isInternet()
                        && connected.end().supportedOptions().contains(option)
                ? connected.end()
                : null;
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

    private static void requireKnown(SocketAddress address) {
        if (!(address instanceof InetSocketAddress
                || address instanceof UnixAddress
                || address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
    }

    private Connection connected() throws SocketException {
        requireNotClosed();
        Connection connected = connection;
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

    /// Clients try another address, or again, by the type.
    private static IOException notConnected(IOException e) {
        return switch (e) {
            case SocketTimeoutException late -> SocketErrors.timedOut("Connect timed out", late);
            case SystemCallException failed ->
                (IOException) new ConnectException(failed.getMessage()).initCause(failed);
            case SocketException told -> told;
            default -> SocketErrors.asSocketException(e);
        };
    }

    /// Clients tell a dead connection from other trouble by the type. An interrupt that ended the call closes the
    /// socket, as the JDK's.
    private IOException translated(IOException e) throws IOException {
        if (e instanceof SocketTimeoutException) {
            return SocketErrors.timedOut("Read timed out", e);
        }
        if (e instanceof InterruptedIOException) {
            close();
        } else if (e instanceof ClosedChannelException && !isClosed()) {
            return new SocketException("Broken pipe", e); // it was shut down
        }
        return SocketErrors.asSocketException(e);
    }

    /// Each read has the time that is set when it begins. The end of the stream is told after the close as well.
    private final class Input extends SocketInput {

        private final StreamSocket end;
        private volatile boolean ended;

        Input(StreamSocket end) {
            this.end = end;
        }

        @Override
        protected int receive(ByteBuffer target) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                int count = end.read(target, SocketErrors.deadline(timeout).limit(), Interrupts.ofSocket());
                ended = count < 0;
                return count;
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public int available() throws IOException {
            try {
                return end.unread();
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public void close() throws IOException {
            SocketView.this.close();
        }
    }

    private final class Output extends SocketOutput {

        private final StreamSocket end;

        Output(StreamSocket end) {
            this.end = end;
        }

        @Override
        protected void send(ByteBuffer source) throws IOException {
            try {
                if (source.hasRemaining()) {
                    end.write(source, Deadline.never().limit(), Interrupts.ofSocket());
                }
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
