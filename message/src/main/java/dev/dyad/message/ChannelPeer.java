package dev.dyad.message;

import java.io.IOException;

/// The other end of a channel, which tells how it ended.
interface ChannelPeer {

    /// One of which nothing is known.
    ChannelPeer UNKNOWN = new ChannelPeer() {
        @Override
        public long pid() {
            return 0;
        }

        @Override
        public boolean isSettled() {
            return true;
        }

        @Override
        public void settle() {}

        @Override
        public Closed ended() {
            return new Closed.Ended();
        }

        @Override
        public Closed broken(IOException why) {
            return new Closed.Broken(why);
        }
    };

    /// Returns its process, or 0 where that is not known.
    long pid();

    /// Returns whether [#ended] need not wait.
    boolean isSettled();

    /// Waits until [#ended] need not wait, or has waited long enough.
    void settle();

    /// Returns how it ended, after its last message.
    Closed ended();

    /// Returns how it ended, where a call has failed or the end came within a message.
    Closed broken(IOException why);
}
