package dev.dyad.message.gone;

import java.io.IOException;

/// The other side of a channel is gone, and it is not known yet how it has ended. Nothing was sent.
public final class PeerGoneException extends IOException {

    private static final long serialVersionUID = 1;

    /// Makes one.
    public PeerGoneException() {
        super("the other side is gone, and it is not known yet how it has ended");
    }
}
