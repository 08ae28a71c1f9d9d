package dev.dyad.posix.linux;

import dev.dyad.posix.SystemNumbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The numbers of Linux with glibc, on x86-64 and aarch64.
public interface LinuxNumbers extends SystemNumbers, LinuxSocketNumbers, LinuxOptionNumbers {

    /// In the order of their numbers, from 1 on.
    List<String> SIGNALS = List.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGBUS",
            "SIGFPE",
            "SIGKILL",
            "SIGUSR1",
            "SIGSEGV",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGSTKFLT",
            "SIGCHLD",
            "SIGCONT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGIO",
            "SIGPWR",
            "SIGSYS");

    /// In the order of their numbers, from 0 on.
    List<String> RESOURCES = List.of(
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            "RLIMIT_NOFILE",
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME");

    @Override
    default int errno(String name) {
        return LinuxErrors.number(name);
    }

    @Override
    default @Nullable String errnoName(int errno) {
        return LinuxErrors.name(errno);
    }

    @Override
    default String errnoText(int errno) {
        return LinuxErrors.text(errno);
    }

    @Override
    default int signal(String name) {
        int index = SIGNALS.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no signal is called " + name);
        }
        return index + 1;
    }

    @Override
    default int SIG_UNBLOCK() {
        return 1;
    }

    @Override
    default int NSIG() {
        return 65;
    }

    @Override
    default int resource(String name) {
        int index = RESOURCES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no resource is called " + name);
        }
        return index;
    }

    @Override
    default int POLLIN() {
        return 1;
    }

    @Override
    default int POLLOUT() {
        return 4;
    }

    @Override
    default int POLLPRI() {
        return 2;
    }

    @Override
    default int POLLRDHUP() {
        return 0x2000;
    }

    @Override
    default int POLLERR() {
        return 8;
    }

    @Override
    default int POLLHUP() {
        return 0x10;
    }

    @Override
    default int POLLNVAL() {
        return 0x20;
    }

    @Override
    default int F_GETFD() {
        return 1;
    }

    @Override
    default int F_SETFD() {
        return 2;
    }

    @Override
    default int FD_CLOEXEC() {
        return 1;
    }

    @Override
    default int F_DUPFD_CLOEXEC() {
        return 1030;
    }

    @Override
    default int F_GETFL() {
        return 3;
    }

    @Override
    default int F_SETFL() {
        return 4;
    }

    @Override
    default int F_ADD_SEALS() {
        return 1033;
    }

    @Override
    default int F_GET_SEALS() {
        return 1034;
    }

    @Override
    default int F_SEAL_SEAL() {
        return 1;
    }

    @Override
    default int F_SEAL_SHRINK() {
        return 2;
    }

    @Override
    default int F_SEAL_GROW() {
        return 4;
    }

    @Override
    default int F_SEAL_WRITE() {
        return 8;
    }

    @Override
    default int F_SEAL_FUTURE_WRITE() {
        return 0x10;
    }

    @Override
    default int O_ACCMODE() {
        return 3;
    }

    @Override
    default int O_RDONLY() {
        return 0;
    }

    @Override
    default int O_WRONLY() {
        return 1;
    }

    @Override
    default int O_RDWR() {
        return 2;
    }

    @Override
    default int O_CREAT() {
        return 0x40;
    }

    @Override
    default int O_EXCL() {
        return 0x80;
    }

    @Override
    default int O_TRUNC() {
        return 0x200;
    }

    @Override
    default int O_APPEND() {
        return 0x400;
    }

    @Override
    default int O_NONBLOCK() {
        return 0x800;
    }

    @Override
    default int O_CLOEXEC() {
        return 0x80000;
    }

    @Override
    default int O_PATH() {
        return 0x200000;
    }

    @Override
    default int LOCK_EX() {
        return 2;
    }

    @Override
    default int LOCK_NB() {
        return 4;
    }

    @Override
    default long FIONREAD() {
        return 0x541B;
    }

    @Override
    default long SIOCGIFNAME() {
        return 0x8910;
    }

    @Override
    default long SIOCGIFADDR() {
        return 0x8915;
    }

    @Override
    default int S_IFREG() {
        return 0x8000;
    }

    @Override
    default int S_IFMT() {
        return 0xf000;
    }

    @Override
    default int S_IFIFO() {
        return 0x1000;
    }

    @Override
    default int S_IFSOCK() {
        return 0xc000;
    }

    @Override
    default int IOV_MAX() {
        return 1024;
    }

    @Override
    default int P_PID() {
        return 1;
    }

    @Override
    default int WNOHANG() {
        return 1;
    }

    @Override
    default int WNOWAIT() {
        return 0x1000000;
    }

    @Override
    default int WEXITED() {
        return 4;
    }

    @Override
    default int SA_NOCLDWAIT() {
        return 2;
    }

    @Override
    default int POSIX_SPAWN_SETPGROUP() {
        return 2;
    }

    @Override
    default int POSIX_SPAWN_SETSID() {
        return 0x80;
    }

    @Override
    default int POSIX_SPAWN_SETSIGDEF() {
        return 4;
    }

    @Override
    default int POSIX_SPAWN_SETSIGMASK() {
        return 8;
    }

    @Override
    default long sizeofSpawnFileActions() {
        return 80;
    }

    @Override
    default long sizeofSpawnAttributes() {
        return 336;
    }

    @Override
    default long sizeofSignalSet() {
        return 128;
    }
}
