package dev.dyad.socket.jdk;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.SocketKind;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;

/// Pairs out of the JDK's sockets, for where no native call can be made.
///
/// A listener is opened for one connection. Somebody else may get there first, so the peer that connects is
/// compared with our own end by its address, and strangers are dropped.
///
/// @param left a channel that does not block
/// @param right the channel at its other end
/// @param tcp whether they are of TCP, and not of the UNIX domain
public record JdkPair(SocketChannel left, SocketChannel right, boolean tcp) {

    private static final Platform OS = Platforms.current();

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TCP = 6;
    private static final String SOME_FILE = "/dev/null"; // which every system has that limits descriptors
    private static final String PAIRS = "AF_UNIX or AF_INET with SOCK_STREAM, where there is no native access";

    private static volatile boolean used; // whether the JDK has all that it needs for a pair

    /// Opens the best pair that this system has.
    public static JdkPair open() throws IOException {
        try {
            return unix();
        } catch (UnsupportedOperationException noUnixSockets) {
            return loopback();
        }
    }

    /// Judges as the kernel does: the family, then the protocol, then the type.
    public static JdkPair open(int domain, int type, int protocol) throws IOException {
        var kind = new SocketKind(domain, type, protocol);
        boolean unix = domain == OS.AF_UNIX();
        if (!unix && domain != OS.AF_INET()) {
            throw kind.pairRefused(Errno.EAFNOSUPPORT, PAIRS);
        }
        if (protocol != 0 && protocol != (unix ? OS.AF_UNIX() : TCP)) {
            throw kind.pairRefused(Errno.EPROTONOSUPPORT, PAIRS);
        }
        if (type != OS.SOCK_STREAM()) {
            throw kind.pairRefused(Errno.ESOCKTNOSUPPORT, PAIRS);
        }
        try {
            return unix ? unix() : loopback();
        } catch (UnsupportedOperationException noUnixSockets) {
            throw kind.pairRefused(Errno.EAFNOSUPPORT, "AF_INET with SOCK_STREAM");
        }
    }

    /// Opens a pair of UNIX sockets, which meet in a folder that is only ours and gone afterwards.
    public static JdkPair unix() throws IOException {
        requireRoom();
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var folder = PrivateFolder.createWithText()) {
            listener.bind(UnixDomainSocketAddress.of(folder.file("listener")));
            var address = UnixDomainSocketAddress.of(folder.file("end"));
            return meet(listener, StandardProtocolFamily.UNIX, address, Deadline.after(PATIENCE));
        }
    }

    /// Opens a pair of TCP sockets on the loopback address.
    static JdkPair loopback() throws IOException {
        requireRoom();
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            listener.bind(loopbackAddress());
            return meet(listener, StandardProtocolFamily.INET, loopbackAddress(), Deadline.after(PATIENCE));
        }
    }

    /// Looks, as [SocketChannels#requireRoom] does with native calls, whether the JDK can open what it reads
    /// when its sockets are first used: it would have none for the rest of the process.
    private static void requireRoom() throws IOException {
        if (used || !new File(SOME_FILE).exists()) {
            return;
        }
        var room = new ArrayList<FileInputStream>();
        try {
            while (room.size() < SocketChannels.ROOM) {
                room.add(new FileInputStream(SOME_FILE));
            }
        } catch (IOException full) {
            throw new IOException(
                    "the first pair of the JDK's sockets needs " + SocketChannels.ROOM + " free descriptors: "
                            + full.getMessage(),
                    full);
        } finally {
            for (FileInputStream open : room) {
                open.close();
            }
        }
    }

    /// Connects to `listener` and takes the connection that is ours, even if others are waiting there.
    public static JdkPair meet(
            ServerSocketChannel listener, StandardProtocolFamily family, SocketAddress address, Deadline deadline)
            throws IOException {
        var connecting = SocketChannel.open(family);
        try {
            connecting.bind(address);
            connecting.configureBlocking(false); // strangers may have filled the queue that accepting empties
            boolean connected = connecting.connect(listener.getLocalAddress());
            var accepted = acceptOurs(listener, connecting.getLocalAddress(), deadline);
            try {
                if (!connected && !connecting.finishConnect()) {
                    throw new IOException("accepted, but not connected: " + connecting.getLocalAddress());
                }
                return pairOf(accepted, connecting, family);
            } catch (IOException e) {
                accepted.close();
                throw e;
            }
        } catch (IOException e) {
            connecting.close();
            throw e;
        }
    }

    private static SocketChannel acceptOurs(ServerSocketChannel listener, SocketAddress ours, Deadline deadline)
            throws IOException {
        listener.configureBlocking(false);
        try (var selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            while (!deadline.hasPassed()) {
                var accepted = listener.accept();
                if (accepted == null) {
                    selector.select(Millis.of(deadline));
                    selector.selectedKeys().clear();
                } else if (ours.equals(accepted.getRemoteAddress())) {
                    return accepted;
                } else {
                    accepted.close();
                }
            }
        }
        throw new SocketTimeoutException("our own connection did not arrive at " + listener.getLocalAddress());
    }

    private static JdkPair pairOf(SocketChannel left, SocketChannel right, StandardProtocolFamily family)
            throws IOException {
        boolean tcp = family == StandardProtocolFamily.INET;
        for (SocketChannel end : new SocketChannel[] {left, right}) {
            end.configureBlocking(false);
            if (tcp) {
                end.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        }
        used = true;
        return new JdkPair(left, right, tcp);
    }

    private static InetSocketAddress loopbackAddress() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }
}
