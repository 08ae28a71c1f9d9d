package dev.dyad.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// Where sockets of a test meet.
final class Places {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Places() {}

    /// Returns a name that nobody else has, which is in no file system.
    static UnixAddress name() {
        return UnixAddress.ofAbstract("walk-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet());
    }

    /// Returns this machine, with a port that the kernel chooses.
    static InetSocketAddress port() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
