package dev.dyad.message.gone;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.MessageChannel;
import org.jspecify.annotations.Nullable;

/// Keeps a channel from waiting to know how its other side has ended, where nothing was sent.
///
/// A program with one channel learns more by that wait, which takes a second with a child that lives on. A
/// caller with another channel sends over that one instead.
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
