package dev.dyad.contract;

import dev.dyad.socket.Listener;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A kind of address, at which sockets meet that are not born as a pair.
public enum AddressKind {
    /// A name in the file system.
    PATH,
    /// An abstract name.
    ABSTRACT,
    /// A port of 127.0.0.1.
    INET,
    /// A port of ::1.
    INET6;

    private static final AtomicInteger COUNT = new AtomicInteger();

    /// Returns the address family.
    public int domain() {
        return switch (this) {
            case PATH, ABSTRACT -> SocketPair.AF_UNIX;
            case INET -> SocketPair.AF_INET;
            case INET6 -> SocketPair.AF_INET6;
        };
    }

    /// Returns whether it is of the UNIX domain.
    public boolean isUnix() {
        return domain() == SocketPair.AF_UNIX;
    }

    /// Returns an address that nobody has, for one socket to be bound to.
    public SocketAddress fresh() throws IOException {
        String name = "dyad-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        return switch (this) {
            case PATH -> UnixAddress.of(Path.of(System.getProperty("java.io.tmpdir"), name));
            case ABSTRACT -> UnixAddress.ofAbstract(name);
            case INET -> new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            case INET6 -> new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        };
    }

    /// Deletes what a socket that was bound to an address left in the file system.
    public static void forget(SocketAddress address) throws IOException {
        if (address instanceof UnixAddress unix && !unix.isUnnamed() && !unix.isAbstract()) {
            Files.deleteIfExists(unix.path());
        }
    }

    /// Deletes the lock by which a listener took the place of a stale file.
    static void forgetLock(SocketAddress address) throws IOException {
        if (address instanceof UnixAddress unix && !unix.isUnnamed() && !unix.isAbstract()) {
            Files.deleteIfExists(Path.of(unix.path() + ".lock"));
        }
    }

    /// Connects two streams here.
    public SocketPair<StreamSocket> streams() throws IOException {
        try (var listener = Listener.stream(fresh())) {
            SocketAddress address = listener.localAddress();
            var connected = StreamSocket.open(address);
            forget(address);
            return SocketPair.of(listener.accept(), connected);
        }
    }
}
