package dev.dyad.php;

/// What concerns other processes: signals, and what goes wrong, with Linux's numbers, which PHP's manual
/// speaks in.
interface ProcessConstants {

    /// The terminal is gone, or the configuration should be read again.
    int SIGHUP = 1;

    /// Interrupt, as by Ctrl-C.
    int SIGINT = 2;

    /// Quit, as by Ctrl-\.
    int SIGQUIT = 3;

    /// An instruction that there is not.
    int SIGILL = 4;

    /// A breakpoint.
    int SIGTRAP = 5;

    /// The program gave up.
    int SIGABRT = 6, SIGIOT = 6;

    /// Memory that is not there.
    int SIGBUS = 7;

    /// Arithmetic that has no result.
    int SIGFPE = 8;

    /// End at once; cannot be caught.
    int SIGKILL = 9;

    /// The program's own meaning.
    int SIGUSR1 = 10;

    /// Memory that may not be used.
    int SIGSEGV = 11;

    /// The program's own meaning; the JVM keeps it for itself.
    int SIGUSR2 = 12;

    /// A write to something that nobody reads.
    int SIGPIPE = 13;

    /// A timer.
    int SIGALRM = 14;

    /// End in an orderly way.
    int SIGTERM = 15;

    /// Unused.
    int SIGSTKFLT = 16;

    /// A child has changed its state.
    int SIGCHLD = 17, SIGCLD = 17;

    /// Go on after a stop.
    int SIGCONT = 18;

    /// Stop; cannot be caught.
    int SIGSTOP = 19;

    /// Stop, as by Ctrl-Z.
    int SIGTSTP = 20;

    /// Stopped, as it read from the terminal in the background.
    int SIGTTIN = 21;

    /// Stopped, as it wrote to the terminal in the background.
    int SIGTTOU = 22;

    /// Urgent data at a socket.
    int SIGURG = 23;

    /// Too much processor time.
    int SIGXCPU = 24;

    /// A file that became too large.
    int SIGXFSZ = 25;

    /// A timer of processor time in the program.
    int SIGVTALRM = 26;

    /// A timer of processor time.
    int SIGPROF = 27;

    /// The size of the terminal has changed.
    int SIGWINCH = 28;

    /// Something is ready.
    int SIGPOLL = 29, SIGIO = 29;

    /// The power fails.
    int SIGPWR = 30;

    /// A system call that there is not.
    int SIGSYS = 31, SIGBABY = 31;

    /// The first of those without a meaning.
    int SIGRTMIN = 34;

    /// The last of those without a meaning.
    int SIGRTMAX = 64;

    /// The number of an error of `<errno.h>`, whose text [Pcntl#pcntl_strerror(int)] returns.
    int PCNTL_E2BIG = 7,
            PCNTL_EACCES = 13,
            PCNTL_EAGAIN = 11,
            PCNTL_ECHILD = 10,
            PCNTL_EFAULT = 14,
            PCNTL_EINTR = 4,
            PCNTL_EINVAL = 22,
            PCNTL_EIO = 5,
            PCNTL_EISDIR = 21,
            PCNTL_ELIBBAD = 80,
            PCNTL_ELOOP = 40,
            PCNTL_EMFILE = 24,
            PCNTL_ENAMETOOLONG = 36,
            PCNTL_ENFILE = 23,
            PCNTL_ENOENT = 2,
            PCNTL_ENOEXEC = 8,
            PCNTL_ENOMEM = 12,
            PCNTL_ENOSPC = 28,
            PCNTL_ENOTDIR = 20,
            PCNTL_EPERM = 1,
            PCNTL_ESRCH = 3,
            PCNTL_ETXTBSY = 26,
            PCNTL_EUSERS = 87;
}
