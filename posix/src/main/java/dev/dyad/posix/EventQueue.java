package dev.dyad.posix;

/// The system's way to wait for many descriptors at once: `epoll(7)` on Linux.
///
/// One thread may be in [#await]; the other calls may come from any thread at the same time, each with a state of its
/// own. Every call answers `-errno` where it fails. Whoever opened the queue closes it.
public interface EventQueue {

    /// Reports `fd` once when it can be read, and not again until it is armed again.
    int armReadable(CallState state, int fd, long key);

    /// Reports `fd` once when it can be written, and not again until it is armed again.
    int armWritable(CallState state, int fd, long key);

    /// Forgets `fd`, which must happen before it is closed: another process may keep what it stands for open.
    int remove(CallState state, int fd);

    /// Waits until something is ready.
    ///
    /// @return how many keys are ready, or `-errno`
    int await();

    /// Returns the key of ready descriptor number `index` of the last [#await].
    long key(int index);

    /// Closes the queue itself.
    int close(CallState state);
}
