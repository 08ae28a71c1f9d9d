package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/// The turn to read from a channel, which one thread has at a time, or one message that is handed out as it
/// comes. The thread that has the turn uses what is read now and then. Once the channel has ended, every thread
/// has the turn, and still one at a time uses what is read.
final class ReadingTurn {

    private static final int NOBODY = 0;
    private static final int SOMEBODY = 1;
    private static final int DROPS = 2; // somebody, who is to close the descriptors that are left
    private static final int CLOSES = 3; // the one that closes the channel, without the turn

    private static final AtomicIntegerFieldUpdater<ReadingTurn> USERS =
            AtomicIntegerFieldUpdater.newUpdater(ReadingTurn.class, "users");

    private final Turn turn = new Turn("receive");
    private volatile int users = NOBODY; // by USERS, which is one for all: an idle channel is small
    private final Ending ending;
    private final MessageDescriptors descriptors;

    ReadingTurn(Ending ending, MessageDescriptors descriptors) {
        this.ending = ending;
        this.descriptors = descriptors;
    }

    /// Takes the turn, as [Turn#enter]; [#leave] must follow.
    boolean enter(@Nullable Deadline deadline) throws InterruptedIOException {
        return turn.enter(deadline);
    }

    void leave() {
        turn.leave();
    }

    /// Lets nobody wait for the turn any more, as the channel has ended on this side.
    void open() {
        turn.open();
    }

    /// Begins to use what is of the turn, which [#endUse] ends.
    void use() throws IOException {
        if (tryUse()) {
            return;
        }
        int user = users;
        ending.requireReadable(); // or it would have been the only one
        Closed event = ending.now();
        if (event != null && user != SOMEBODY) {
            throw new ChannelClosedException(event); // another event, and then a close
        }
        throw new IllegalStateException("a message is read by two threads at the same time");
    }

    /// Begins to use it, unless somebody does.
    boolean tryUse() {
        return USERS.compareAndSet(this, NOBODY, SOMEBODY);
    }

    void endUse() {
        if (!USERS.compareAndSet(this, SOMEBODY, NOBODY)) {
            descriptors.close();
            users = NOBODY;
        }
    }

    /// Closes the descriptors that came for messages which nobody has received. For the one that closes the
    /// channel: a thread that still reads does so when it leaves.
    void closeDescriptors() {
        while (!USERS.compareAndSet(this, NOBODY, CLOSES)) {
            if (USERS.compareAndSet(this, SOMEBODY, DROPS) || users >= DROPS) {
                return; // the thread that uses it closes them when it leaves
            }
        }
        descriptors.close();
        users = NOBODY;
    }
}
