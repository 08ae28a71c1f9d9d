package dev.dyad.socket.jdk;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

/// Makes a server channel of the JDK over a listener of ours, for which the JDK has no public way.
///
/// A channel that the JDK has bound itself, the donor, is given our socket in the place of its own: `dup3` over
/// its number. What is relied on: of a socket that listens the JDK keeps its number, whether it blocks, and its
/// address. `ServerChannelContract` notices when that is no longer so.
///
/// The donor's address is nobody else's, so its number is found by it, however many are made at once.
public final class ServerChannels {

    private static final Platform OS = Platforms.current();

    private static volatile boolean used; // whether the JDK has all that it needs for a channel

    private final int raw;
    private final CallState state;
    private final DonorSearch search;

    private ServerChannels(int raw, CallState call) {
        this.raw = raw;
        state = call;
        search = new DonorSearch(call);
    }

    /// Returns a channel with a descriptor of its own for the listener `raw`, which stays open.
    ///
    /// Whether it blocks is left as it is, which the channel knows.
    ///
    /// @throws UnsupportedOperationException if the JDK has no channels of the family
    public static ServerSocketChannel channelOver(int raw, int family) throws IOException {
        try (var call = CallState.open()) {
            var adoption = new ServerChannels(raw, call);
            if (!used) {
                SocketChannels.requireRoom(adoption.state, raw);
            }
            ServerSocketChannel channel =
                    family == OS.AF_UNIX() ? adoption.unix() : adoption.internet(internetFamily(family));
            used = true;
            return channel;
        }
    }

    private static ProtocolFamily internetFamily(int family) {
        if (family == OS.AF_INET()) {
            return StandardProtocolFamily.INET;
        }
        if (family == OS.AF_INET6()) {
            return StandardProtocolFamily.INET6;
        }
        throw new UnsupportedOperationException("the JDK has no channels of address family " + family);
    }

    /// The number of a donor.
    @FunctionalInterface
    private interface Donor {
        int find() throws IOException;
    }

    private ServerSocketChannel unix() throws IOException {
        int guess = SocketChannels.lowestFree(state, raw);
        Named donor = PrivateFolder.createFor(ServerChannels::bound);
        return given(donor.channel(), () -> search.findListening(donor.name(), guess));
    }

    private ServerSocketChannel internet(ProtocolFamily family) throws IOException {
        int guess = SocketChannels.lowestFree(state, raw);
        ServerSocketChannel donor = ServerSocketChannel.open(family);
        return given(donor, () -> {
            ServerSocketChannel _ = donor.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
            return search.findListening((InetSocketAddress) donor.getLocalAddress(), guess);
        });
    }

    /// A donor, and how its path ends.
    @SuppressWarnings("ArrayRecordComponent") // a name is bytes; nobody compares donors
    private record Named(ServerSocketChannel channel, byte[] name) {}

    /// Returns a donor whose file is gone already.
    private static Named bound(PrivateFolder folder) throws IOException {
        ServerSocketChannel donor = DonorListener.listen(folder);
        boolean done = false;
        try {
            folder.close();
            done = true;
            return new Named(donor, DonorListener.name(folder));
        } finally {
            if (!done) {
                donor.close();
            }
        }
    }

    /// The donor comes to block or not as our socket does, which others use meanwhile.
    private ServerSocketChannel given(ServerSocketChannel donor, Donor number) throws IOException {
        boolean done = false;
        try {
            donor.configureBlocking(!SocketCalls.isNonBlocking(raw));
            SocketCalls.replace(state, raw, number.find());
            done = true;
            return donor;
        } finally {
            if (!done) {
                donor.close();
            }
        }
    }
}
