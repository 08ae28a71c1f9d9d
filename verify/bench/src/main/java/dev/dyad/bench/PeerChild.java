package dev.dyad.bench;

import dev.dyad.process.Inherited;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// The other side of [PeerProcesses].
public final class PeerChild {

    private PeerChild() {}

    /// Echoes or takes until nobody asks or gives any more.
    ///
    /// @param arguments whose link, what to do, and where the parent is
    public static void main(String[] arguments) throws Exception {
        var who = LinkedPeer.valueOf(arguments[0]);
        boolean echoes = arguments[1].equals(PeerLink.ECHO);
        switch (who) {
            case OURS -> serve(Inherited.socket(), echoes);
            case JDK, TCP, JUNIXSOCKET -> serve(Meeting.connect(who, arguments[2]), echoes);
            case NETTY -> NettyLink.serve(arguments[2], echoes);
            case AERON -> AeronLink.serve(arguments[2], echoes);
        }
    }

    private static void serve(ByteChannel parent, boolean echoes) throws IOException {
        var bytes = ByteBuffer.allocateDirect(echoes ? RoundTrip.MESSAGE : PeerLink.CHUNK);
        try (parent) {
            while (parent.read(bytes.clear()) >= 0) {
                if (echoes) {
                    MessageSizes.writeAll(parent, bytes.flip());
                }
            }
        }
    }
}
