package dev.dyad.bench;

import dev.dyad.socket.SocketPair;
import java.io.IOException;

/// Pairs of the peer that is named, for programs that measure ours and a peer's alike.
final class PeerPairs {

    /// Our name; a peer has that of its constant.
    static final String OURS = "OURS";

    private PeerPairs() {}

    static Peer.Ends open(String who) throws IOException {
        if (who.equals(OURS)) {
            var pair = SocketPair.stream();
            return new Peer.Ends(pair.left(), pair.right());
        }
        return open(Peer.valueOf(who));
    }

    /// Opens a peer's.
    ///
    /// @throws MissingPeer if its library is not there, or has nothing for this system
    static Peer.Ends open(Peer peer) throws IOException {
        try {
            return peer.open();
        } catch (LinkageError e) {
            throw MissingPeer.of(peer.text(), e);
        }
    }
}
