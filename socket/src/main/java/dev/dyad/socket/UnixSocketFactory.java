package dev.dyad.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import javax.net.SocketFactory;

/// Makes sockets that all connect to one address, wherever their client wants to go. This is for an HTTP
/// client or a database driver that takes a [SocketFactory] and knows only hosts and ports, such as OkHttp
/// with `new OkHttpClient.Builder().socketFactory(factory)`.
///
/// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="unix-socket-factory"}
///
/// Each socket is what [StreamSocket#asSocket] returns, but not connected yet: its client does that, within
/// its own time limit, and a close ends the attempt. Where it fails, the call throws a
/// [java.net.ConnectException], and the socket is closed. The host and the port that the client names are
/// reported as the socket's remote address, and otherwise ignored. Immutable and free to be shared.
///
/// Some clients make the factory themselves, by the name of its class. PostgreSQL's driver gives its constructor
/// a text (`socketFactoryArg`), which is the path. MariaDB's calls a constructor without parameters. A class
/// that extends this one says where the sockets lead, by [#UnixSocketFactory(Path)] or, anew for each socket, by
/// [#address].
///
/// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="local-database"}
public class UnixSocketFactory extends SocketFactory {

    private final SocketAddress remote;

    /// Makes a factory for a socket in the file system.
    ///
    /// @param path where somebody listens, as text: some clients make the factory themselves, from its
    ///     name and a string
    public UnixSocketFactory(String path) {
        this(Path.of(path));
    }

    /// Makes a factory for a socket in the file system.
    ///
    /// @param path where somebody listens
    public UnixSocketFactory(Path path) {
        this(UnixAddress.of(path));
    }

    /// Makes a factory for any address that [StreamSocket#open(SocketAddress)] takes.
    ///
    /// @param remote where somebody listens, such as an abstract name
    public UnixSocketFactory(SocketAddress remote) {
        this.remote = remote;
    }

    /// Returns where the next socket leads, which a class that extends this one may decide on.
    ///
    /// @return an address that [StreamSocket#open(SocketAddress)] takes: the one that the factory was made with
    protected SocketAddress address() {
        return remote;
    }

    @Override
    public Socket createSocket() {
        return SocketView.to(address());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    private Socket connected(SocketAddress asked) throws IOException {
        Socket socket = createSocket();
        socket.connect(asked);
        return socket;
    }
}
