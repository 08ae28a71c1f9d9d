package dev.dyad.socket.jdk;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Linger;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.OpenDescriptors;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.fd.SocketKind;
import dev.dyad.socket.fd.SocketNames;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/// Makes a TCP channel of the JDK over a TCP socket of ours, for which the JDK has no public way.
///
/// A channel of the JDK, the donor, is given other sockets in the place of its own: `dup3` over its number. The
/// first is one of UDP with our socket's name: its `connect` sends nothing, and has the JDK note the peer's
/// address and ours. The second is our socket.
///
/// One at a time, so that no two donors are marked alike.
public final class InternetChannels {

    private static final Platform OS = Platforms.current();
    private static final int MARK = 31_415; // seconds to linger that nobody else asks for
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static boolean used; // whether the JDK has all that it needs for a channel; guarded by LOCK

    private final CallState state;
    private final MemorySegment linger;
    private final MemorySegment length;

    private InternetChannels(CallState call) {
        state = call;
        linger = call.allocate(Linger.LAYOUT);
        length = call.allocate(ValueLayout.JAVA_INT);
    }

    /// Returns a channel with a descriptor of its own for the socket `raw`, which stays open.
    public static SocketChannel channelOver(int raw, InetSocketAddress local, InetSocketAddress remote)
            throws IOException {
        LOCK.lock();
        try (var call = CallState.open()) {
            var adoption = new InternetChannels(call);
            if (!used) {
                SocketChannels.requireRoom(adoption.state, raw);
            }
            SocketChannel channel = adoption.adopt(raw, local, remote);
            used = true;
            return channel;
        } finally {
            LOCK.unlock();
        }
    }

    private SocketChannel adopt(int raw, InetSocketAddress local, InetSocketAddress remote) throws IOException {
        int guess = SocketChannels.lowestFree(state, raw);
        boolean four = remote.getAddress() instanceof Inet4Address;
        SocketChannel donor = SocketChannel.open(four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        boolean done = false;
        try {
            int number = OpenDescriptors.find(guess, fd -> isOf(donor, fd));
            standIn(number, four ? OS.AF_INET() : OS.AF_INET6(), local);
            connect(donor, remote);
            SocketChannels.takeOver(state, raw, number);
            done = true;
            return donor;
        } finally {
            if (!done) {
                donor.close();
            }
        }
    }

    /// Puts a socket in the donor's place that has a name like ours, and can be connected without a packet.
    private void standIn(int number, int family, InetSocketAddress local) throws IOException {
        int answer = SysSocket.socket(state, family, OS.SOCK_DGRAM() | OS.SOCK_CLOEXEC(), 0);
        if (answer < 0) {
            throw new SocketKind(family, OS.SOCK_DGRAM(), 0).socketRefused(Errno.of(answer));
        }
        var standIn = new Fd(answer, family, OS.SOCK_DGRAM(), false, false);
        try {
            bind(standIn, local);
            SocketCalls.replace(state, answer, number);
        } finally {
            standIn.close();
        }
    }

    /// A socket of UDP may have the port taken, or the system may keep it for the privileged: then it is another.
    private static void bind(Fd standIn, InetSocketAddress local) throws IOException {
        try {
            SocketNames.bind(standIn, local);
        } catch (SystemCallException refused) {
            SocketNames.bind(standIn, new InetSocketAddress(local.getAddress(), 0));
        }
    }

    /// It does not block while it connects: an interrupt would close it.
    private static void connect(SocketChannel donor, InetSocketAddress remote) throws IOException {
        donor.configureBlocking(false);
        if (!donor.connect(remote)) {
            throw new IOException("not connected at once to " + remote);
        }
        donor.configureBlocking(true);
    }

    /// What is set by the channel, and then set otherwise, is only seen by its own number.
    private boolean isOf(SocketChannel donor, int fd) throws IOException {
        return isMarked(donor, fd, MARK) && isMarked(donor, fd, MARK + 1);
    }

    private boolean isMarked(SocketChannel donor, int fd, int mark) throws IOException {
        SocketChannel _ = donor.setOption(StandardSocketOptions.SO_LINGER, mark);
        length.set(ValueLayout.JAVA_INT, 0, (int) linger.byteSize());
        int answer = SysSocket.getsockopt(state, fd, OS.SOL_SOCKET(), OS.SO_LINGER(), linger, length);
        return answer == 0 && Linger.isOn(linger) && Linger.seconds(linger) == mark;
    }
}
