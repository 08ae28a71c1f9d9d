package dev.dyad.process;

/// A resource of which a child may use only so much.
///
/// The stack is not among them: `execve` sets that limit back to what it was when it began, and may still run
/// when a child has just been started.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="limit"}
///
/// @see <a href="https://man7.org/linux/man-pages/man2/getrlimit.2.html">getrlimit(2)</a>
public enum Limit {
    /// Bytes of memory that it has addresses for.
    AS,
    /// Bytes of the file that is left when it crashes.
    CORE,
    /// Seconds of processor time, of all its threads together: then it gets `SIGXCPU`, and `SIGKILL` at the hard
    /// limit.
    CPU,
    /// Bytes of its data, initialized or not, and its heap.
    DATA,
    /// Bytes of a file that it writes: then it gets `SIGXFSZ`.
    FSIZE,
    /// Bytes of memory that it locks.
    MEMLOCK,
    /// 20 minus the lowest nice value that it may set, as the kernel has no negative limits: 1 for 19, 20 for 0,
    /// 24 for -4, and 40 for -20, the lowest there is. With 0 it may set none that is lower than what it has.
    NICE,
    /// One more than the highest number of a descriptor.
    NOFILE,
    /// Processes and threads of its user, which those of root are not counted against.
    NPROC,
    /// The highest real-time priority that it may set.
    RTPRIO;

    /// What is no limit.
    public static final long UNLIMITED = -1;
}
