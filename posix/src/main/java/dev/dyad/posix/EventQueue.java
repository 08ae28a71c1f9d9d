package dev.dyad.posix;

/// The system's way to wait for many descriptors at once: `epoll(7)` on Linux, or `poll(2)` with
/// `-Ddyad.poller=poll`.
///
/// One thread may be in [#await]; the calls that take a state may come from any thread at the same time, each
/// with a state of its own. A descriptor has one registration, which every call replaces. Every call answers
/// `-errno` where it fails. The opener closes the queue.
///
/// A descriptor with an error, or whose peer is gone, is ready for everything that anybody may ask for.
public interface EventQueue {

    /// Reports `fd` once when it can be read, and not again until it is armed again.
    int armReadable(CallState state, int fd, long key);

    /// Reports `fd` once when it can be written, and not again until it is armed again.
    int armWritable(CallState state, int fd, long key);

    /// Arms `fd` again as [#armReadable] and [#armWritable] do, where it has a registration; any thread may
    /// be about to make one.
    ///
    /// @return zero, or `-errno`: `ENOENT` where it has none
    int armAgain(CallState state, int fd, boolean forWriting, long key);

    /// Reports `fd` in every [#await] for as long as it can be read or written, whichever is asked for.
    ///
    /// With neither, nothing of it is reported any more, not even that its peer is gone: it is removed, if
    /// it was here.
    default int watch(CallState state, int fd, boolean readable, boolean writable, long key) {
        return watch(state, fd, readable, writable, false, key);
    }

    /// Reports `fd` as [#watch(CallState, int, boolean, boolean, long)] does, and for as long as it has
    /// urgent data, if that is asked for.
    int watch(CallState state, int fd, boolean readable, boolean writable, boolean urgent, long key);

    /// Forgets `fd`, which must happen before it is closed: another process may keep what it stands for open.
    ///
    /// When this returns, not even an await that is under way knows of it any more: a number that is used
    /// again is reported only under its new key. What an await has answered already stays answered.
    ///
    /// @return zero, or `-errno`: `ENOENT` where it was not here
    int remove(CallState state, int fd);

    /// Returns the call that is behind arming and watching, for an error message.
    String changingCall();

    /// Waits until something is ready, for as long as it takes.
    ///
    /// @return how many descriptors are ready, or `-errno`
    default int await() {
        return await(-1);
    }

    /// Waits until something is ready.
    ///
    /// @param timeoutNanos for how long at least, in steps of a millisecond where the system has no finer
    ///     ones; zero looks and does not wait, a negative number waits for ever
    /// @return how many descriptors are ready, zero when the time is up, or `-errno`
    int await(long timeoutNanos);

    /// Returns at once, as [#await(long)] does without time.
    ///
    /// @return how many descriptors are ready, or `-errno`
    default int look() {
        return await(0);
    }

    /// Returns the key of ready descriptor number `index` of the last [#await].
    long key(int index);

    /// Returns whether ready descriptor number `index` of the last [#await] can be read, or has failed.
    boolean isReadable(int index);

    /// Returns whether ready descriptor number `index` of the last [#await] can be written, or has failed.
    boolean isWritable(int index);

    /// Returns all that ready descriptor number `index` of the last [#await] is ready for, as `poll(2)` says it.
    ///
    /// @return bits such as [Platform#POLLIN]
    int returned(int index);

    /// Returns the call that waits, for an error message.
    String waitingCall();

    /// Returns how many ready descriptors one [#await] answers at most.
    ///
    /// Where more are ready, the next one answers first those for which there was no room.
    int capacity();

    /// Returns whether the descriptor of the queue itself can be read for as long as something in it is
    /// ready.
    boolean isPollable();

    /// Closes the queue itself, in which nobody waits any more.
    int close(CallState state);
}
