package dev.dyad.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// Where two processes meet who use channels.
final class Meeting {

    private Meeting() {}

    /// Listens at a path, or at a port of this machine.
    static ServerSocketChannel listen(LinkedPeer who, String path) throws IOException {
        ServerSocketChannel listener = switch (who) {
            case JDK -> ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            case JUNIXSOCKET -> AFUNIXServerSocketChannel.open();
            default -> ServerSocketChannel.open();
        };
        return listener.bind(
                who == LinkedPeer.TCP
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
                        : address(who, path));
    }

    /// Returns what the other side is told.
    static String addressOf(LinkedPeer who, ServerSocketChannel listener, String path) throws IOException {
        return who == LinkedPeer.TCP
                ? Integer.toString(((InetSocketAddress) listener.getLocalAddress()).getPort())
                : path;
    }

    /// Connects to where somebody listens.
    static SocketChannel connect(LinkedPeer who, String address) throws IOException {
        return undelayed(
                who,
                who == LinkedPeer.JUNIXSOCKET
                        ? AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(new File(address)))
                        : SocketChannel.open(address(who, address)));
    }

    static SocketChannel undelayed(LinkedPeer who, SocketChannel channel) throws IOException {
        return who == LinkedPeer.TCP ? channel.setOption(StandardSocketOptions.TCP_NODELAY, true) : channel;
    }

    private static SocketAddress address(LinkedPeer who, String address) throws IOException {
        return switch (who) {
            case JUNIXSOCKET -> AFUNIXSocketAddress.of(new File(address));
            case TCP -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
            default -> UnixDomainSocketAddress.of(address);
        };
    }
}
