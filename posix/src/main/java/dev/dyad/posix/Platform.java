package dev.dyad.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What differs between one system and the next: its numbers, and what it does in a way of its own.
///
/// Without native access the numbers are still there, and the calls answer that the system has no such call
/// (`-ENOSYS`).
public interface Platform extends SystemNumbers {

    /// Returns why there is no native call to be made here, or `null` where there is.
    @Nullable
    String whyNotNative();

    /// Returns whether native calls can be made.
    default boolean isNative() {
        return whyNotNative() == null;
    }

    // Waiting

    /// Opens the descriptor of a close-on-exec event queue.
    ///
    /// @return the descriptor, or `-errno`
    int openEventQueue(CallState state);

    /// Returns the call that [#openEventQueue] makes, for an error message.
    String eventQueueCall();

    /// Returns whether a thread may wait in the call that receives, rather than in `poll(2)`.
    boolean blocks();

    /// Returns the queue of a descriptor from [#openEventQueue].
    ///
    /// @param arena where its memory lives, for as long as the queue
    EventQueue eventQueue(Arena arena, int fd);

    /// Opens a close-on-exec, non-blocking descriptor that becomes readable when eight bytes are written to it.
    ///
    /// @return the descriptor, or `-errno`
    int openWakeDescriptor(CallState state);

    // Threads

    /// Returns the number of the calling thread, by which [#signalThread] finds it.
    int currentThread();

    /// Sends a signal to one thread of this process.
    ///
    /// @param process the number of this process
    /// @param thread what [#currentThread] returned there
    /// @return zero, or `-errno`
    int signalThread(CallState state, int process, int thread, int signal);

    // Sockets, pipes and memory

    /// Takes the first connection of a listener, which is close-on-exec from the start.
    ///
    /// @return its descriptor, or `-errno`
    int accept(CallState state, int fd);

    /// Opens a pipe, both ends of which are close-on-exec from the start.
    ///
    /// @param fds room for two numbers: the end that is read from, and the one that is written to
    /// @return zero, or `-errno`
    int openPipe(CallState state, MemorySegment fds);

    /// Sends up to `count` messages of an array of [MMsgHdr] in one call.
    ///
    /// @return how many were sent, at least one, or `-errno` where the first was not
    int sendMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags);

    /// Receives up to `count` messages into an array of [MMsgHdr] in one call.
    ///
    /// @return how many were received, at least one, or `-errno` where not even one was
    int receiveMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags);

    /// Opens a close-on-exec, empty file in memory. `name`, which ends with a NUL byte, is what people see of
    /// it.
    ///
    /// @return the descriptor, or `-errno`
    int openMemory(CallState state, MemorySegment name);

    /// Opens as [#openMemory] a file to which seals can be added.
    ///
    /// @return the descriptor, or `-errno`
    int openSealableMemory(CallState state, MemorySegment name);

    // Processes

    /// Opens a close-on-exec descriptor of the process `pid`, which becomes readable when it ends.
    ///
    /// @return the descriptor, or `-errno`
    int openProcess(CallState state, int pid);

    /// Sends a signal to the process of a descriptor from [#openProcess].
    ///
    /// @return zero, or `-errno`
    int signalProcess(CallState state, int pidfd, int signal);

    /// Limits a resource of another process.
    ///
    /// @param pid its number, zero for this process
    /// @param resource a number from [#resource]
    /// @param rlimit an [RLimit], or `NULL` to change nothing
    /// @param before an [RLimit] that is set to what it was, or `NULL`
    /// @return zero, or `-errno`
    int limitProcess(CallState state, int pid, int resource, MemorySegment rlimit, MemorySegment before);

    /// Has the system keep the exits of children until they are taken, where it was told to forget them, as the
    /// parent of this process may have done. A handler that the program has set stays.
    ///
    /// @return zero, or what `sigaction` answered: `-errno`
    int keepExits(CallState state);

    /// Takes the exit of a child, and with it what it has used.
    ///
    /// @param status room for an `int`, which [SysWait] reads
    /// @param options such as [#WNOHANG]
    /// @param rusage room for a [Rusage]
    /// @return its number, zero where `WNOHANG` found nothing to report, or `-errno`
    int takeExit(CallState state, int pid, MemorySegment status, int options, MemorySegment rusage);

    /// Returns whether one action has a child close all descriptors from a number on: [#addCloseFrom].
    boolean closesFrom();

    /// Has a child that is spawned close all descriptors from a number on, where [#closesFrom].
    ///
    /// @param actions what `posix_spawn_file_actions_init` has made
    /// @return zero, or `-errno`
    int addCloseFrom(MemorySegment actions, int from);

    /// Returns the C library and its version.
    String libc();
}
