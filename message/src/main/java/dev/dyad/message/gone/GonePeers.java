package dev.dyad.message.gone;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.MessageChannel;
import org.jspecify.annotations.Nullable;

/// Has a channel not wait to know how its other side has ended, where nothing was sent.
///
/// Whoever has one channel is told more by the wait, which takes a second with a child that lives on. Whoever has
/// another channel sends over that one.
public abstract class GonePeers {

    private static volatile @Nullable GonePeers ofChannels;

    /// Is for class `MessageChannel`, which can do it, and does so before there is any channel.
    protected GonePeers() {}

    /// Sets how it is done.
    public static void by(GonePeers ofChannels) {
        GonePeers.ofChannels = ofChannels;
    }

    /// Has calls end at once by [PeerGoneException] that have sent nothing. The channel ends once more is known.
    public static void failAtOnce(MessageChannel channel) {
        requireNonNull(ofChannels).of(channel);
    }

    /// Does it.
    protected abstract void of(MessageChannel channel);
}
