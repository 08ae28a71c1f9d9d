package dev.dyad.worker;

import dev.dyad.message.RequestFailedException;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A request that wants a worker, of the thread that made it.
final class Ticket {

    static final Comparator<Ticket> IN_ORDER = Comparator.comparingLong(ticket -> ticket.number);

    private final Thread thread = Thread.currentThread();
    private final @Nullable Integer keyHash;
    private final boolean isAskedAgain;
    private volatile @Nullable Member member;
    private volatile @Nullable RequestFailedException failure;

    // Under the pool's lock.
    long number; // in the order in which requests have come; 0 before

    @Nullable
    NavigableSet<Ticket> line; // where it waits

    /// @param key whose requests all go to one worker, or `null`
    Ticket(@Nullable Object key) {
        this(key == null ? null : Integer.valueOf(key.hashCode()), false, 0); // here, as it may take long, or fail
    }

    private Ticket(@Nullable Integer keyHash, boolean isAskedAgain, long number) {
        this.keyHash = keyHash;
        this.isAskedAgain = isAskedAgain;
        this.number = number;
    }

    /// Returns the ticket of a request that wants another worker, and goes before those that came after it.
    Ticket again() {
        return new Ticket(keyHash, true, number);
    }

    /// Returns whether it was taken before, and is refused no more.
    boolean isAskedAgain() {
        return isAskedAgain;
    }

    /// Returns the hash of the key, or `null` where there is none.
    @Nullable
    Integer keyHash() {
        return keyHash;
    }

    /// Gives it a worker, which counts it as under way.
    void give(Member to) {
        requireUnsettled();
        member = to;
        LockSupport.unpark(thread);
    }

    /// Has it fail without one.
    void fail(RequestFailedException why) {
        requireUnsettled();
        failure = why;
        LockSupport.unpark(thread);
    }

    private void requireUnsettled() {
        if (isSettled()) {
            throw new AssertionError("a request ends once");
        }
    }

    boolean isSettled() {
        return member != null || failure != null;
    }

    /// Returns its worker, or throws what it failed of. Once it is settled.
    Member member() throws RequestFailedException {
        RequestFailedException why = failure;
        if (why != null) {
            throw new RequestFailedException(why.why(), false, why.reason(), why);
        }
        Member given = member;
        if (given == null) {
            throw new AssertionError("it is settled");
        }
        return given;
    }
}
