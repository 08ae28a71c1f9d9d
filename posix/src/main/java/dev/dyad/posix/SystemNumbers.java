package dev.dyad.posix;

import org.jspecify.annotations.Nullable;

/// The numbers of a system and the sizes of what it keeps to itself, as its headers have them.
public interface SystemNumbers extends SocketNumbers, OptionNumbers {

    // Errors and signals, by the names of <errno.h> and <signal.h>

    /// Returns the number of an error, such as `EPIPE`.
    ///
    /// @throws IllegalArgumentException if this system has no error of that name
    int errno(String name);

    /// Returns the name of an error number, such as `EPIPE`, or `null` where it has none.
    @Nullable
    String errnoName(int errno);

    /// Returns what the C library says of an error number, such as `Broken pipe`.
    String errnoText(int errno);

    /// Returns the number of a signal, such as `SIGTERM`.
    ///
    /// @throws IllegalArgumentException if this system has no signal of that name
    int signal(String name);

    /// Returns the number of signals, one more than the highest.
    int NSIG();

    /// How to take signals out of those that a thread holds back.
    int SIG_UNBLOCK();

    /// Returns the number of the resource `name`, such as `RLIMIT_NOFILE`, that a process may use up.
    ///
    /// @throws IllegalArgumentException if no resource is called so
    int resource(String name);

    // <poll.h>, <fcntl.h>, <sys/stat.h>, <limits.h>

    int POLLIN();

    int POLLOUT();

    int POLLPRI();

    int POLLERR();

    int POLLHUP();

    int POLLRDHUP();

    int POLLNVAL();

    int F_GETFD();

    int F_SETFD();

    int FD_CLOEXEC();

    int F_DUPFD_CLOEXEC();

    int F_GETFL();

    int F_SETFL();

    int F_ADD_SEALS();

    int F_GET_SEALS();

    int F_SEAL_SEAL();

    int F_SEAL_SHRINK();

    int F_SEAL_GROW();

    int F_SEAL_WRITE();

    int F_SEAL_FUTURE_WRITE();

    int O_ACCMODE();

    int O_RDONLY();

    int O_WRONLY();

    int O_RDWR();

    int O_CREAT();

    int O_EXCL();

    int O_TRUNC();

    int O_APPEND();

    int O_NONBLOCK();

    int O_CLOEXEC();

    /// The flag that opens what only stands for a file: a socket in the file system, for one, which cannot
    /// be opened.
    int O_PATH();

    int LOCK_EX();

    int LOCK_NB();

    int S_IFMT();

    int S_IFREG();

    int S_IFIFO();

    int S_IFSOCK();

    int IOV_MAX();

    // <sys/ioctl.h>

    long FIONREAD();

    long SIOCGIFNAME();

    long SIOCGIFADDR();

    // <sys/wait.h>, <spawn.h>

    int P_PID();

    int WNOHANG();

    int WNOWAIT();

    int WEXITED();

    int SA_NOCLDWAIT();

    int POSIX_SPAWN_SETPGROUP();

    int POSIX_SPAWN_SETSID();

    int POSIX_SPAWN_SETSIGDEF();

    int POSIX_SPAWN_SETSIGMASK();

    long sizeofSpawnFileActions();

    long sizeofSpawnAttributes();

    long sizeofSignalSet();
}
