package dev.dyad.posix.linux;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.posix.PollQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Linux with glibc, on x86-64 and aarch64.
public class Linux implements Platform, LinuxSocketNumbers, LinuxOptionNumbers {

    /// In the order of their numbers, from 1 on.
    static final List<String> SIGNALS = List.of(
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
    static final List<String> RESOURCES = List.of(
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

    private final boolean polls;

    public Linux() {
        this(false);
    }

    /// @param polls whether everybody waits in `poll(2)`: event queues are not made of `epoll(7)` then
    public Linux(boolean polls) {
        this.polls = polls;
    }

    @Override
    public @Nullable String whyNotNative() {
        return null;
    }

    @Override
    public final int errno(String name) {
        return LinuxErrors.number(name);
    }

    @Override
    public final @Nullable String errnoName(int errno) {
        return LinuxErrors.name(errno);
    }

    @Override
    public final String errnoText(int errno) {
        return LinuxErrors.text(errno);
    }

    @Override
    public final int signal(String name) {
        int index = SIGNALS.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no signal is called " + name);
        }
        return index + 1;
    }

    @Override
    public final int SIG_UNBLOCK() {
        return 1;
    }

    @Override
    public final int NSIG() {
        return 65;
    }

    @Override
    public final int resource(String name) {
        int index = RESOURCES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no resource is called " + name);
        }
        return index;
    }

    @Override
    public final int POLLIN() {
        return 1;
    }

    @Override
    public final int POLLOUT() {
        return 4;
    }

    @Override
    public final int POLLPRI() {
        return 2;
    }

    @Override
    public final int POLLRDHUP() {
        return 0x2000;
    }

    @Override
    public final int POLLERR() {
        return 8;
    }

    @Override
    public final int POLLHUP() {
        return 0x10;
    }

    @Override
    public final int POLLNVAL() {
        return 0x20;
    }

    @Override
    public final int F_GETFD() {
        return 1;
    }

    @Override
    public final int F_SETFD() {
        return 2;
    }

    @Override
    public final int FD_CLOEXEC() {
        return 1;
    }

    @Override
    public final int F_DUPFD_CLOEXEC() {
        return 1030;
    }

    @Override
    public final int F_GETFL() {
        return 3;
    }

    @Override
    public final int F_SETFL() {
        return 4;
    }

    @Override
    public final int F_ADD_SEALS() {
        return 1033;
    }

    @Override
    public final int F_GET_SEALS() {
        return 1034;
    }

    @Override
    public final int F_SEAL_SEAL() {
        return 1;
    }

    @Override
    public final int F_SEAL_SHRINK() {
        return 2;
    }

    @Override
    public final int F_SEAL_GROW() {
        return 4;
    }

    @Override
    public final int F_SEAL_WRITE() {
        return 8;
    }

    @Override
    public final int F_SEAL_FUTURE_WRITE() {
        return 0x10;
    }

    @Override
    public final int O_ACCMODE() {
        return 3;
    }

    @Override
    public final int O_RDONLY() {
        return 0;
    }

    @Override
    public final int O_WRONLY() {
        return 1;
    }

    @Override
    public final int O_RDWR() {
        return 2;
    }

    @Override
    public final int O_CREAT() {
        return 0x40;
    }

    @Override
    public final int O_EXCL() {
        return 0x80;
    }

    @Override
    public final int O_TRUNC() {
        return 0x200;
    }

    @Override
    public final int O_APPEND() {
        return 0x400;
    }

    @Override
    public final int O_NONBLOCK() {
        return 0x800;
    }

    @Override
    public final int O_CLOEXEC() {
        return 0x80000;
    }

    @Override
    public final int O_PATH() {
        return 0x200000;
    }

    @Override
    public final int LOCK_EX() {
        return 2;
    }

    @Override
    public final int LOCK_NB() {
        return 4;
    }

    @Override
    public final long FIONREAD() {
        return 0x541B;
    }

    @Override
    public final long SIOCGIFNAME() {
        return 0x8910;
    }

    @Override
    public final long SIOCGIFADDR() {
        return 0x8915;
    }

    @Override
    public final int S_IFREG() {
        return 0x8000;
    }

    @Override
    public final int S_IFMT() {
        return 0xf000;
    }

    @Override
    public final int S_IFIFO() {
        return 0x1000;
    }

    @Override
    public final int S_IFSOCK() {
        return 0xc000;
    }

    @Override
    public final int IOV_MAX() {
        return 1024;
    }

    @Override
    public final int P_PID() {
        return 1;
    }

    @Override
    public final int WNOHANG() {
        return 1;
    }

    @Override
    public final int WNOWAIT() {
        return 0x1000000;
    }

    @Override
    public final int WEXITED() {
        return 4;
    }

    @Override
    public final int SA_NOCLDWAIT() {
        return 2;
    }

    @Override
    public final int POSIX_SPAWN_SETPGROUP() {
        return 2;
    }

    @Override
    public final int POSIX_SPAWN_SETSID() {
        return 0x80;
    }

    @Override
    public final int POSIX_SPAWN_SETSIGDEF() {
        return 4;
    }

    @Override
    public final int POSIX_SPAWN_SETSIGMASK() {
        return 8;
    }

    @Override
    public final long sizeofSpawnFileActions() {
        return 80;
    }

    @Override
    public final long sizeofSpawnAttributes() {
        return 336;
    }

    @Override
    public final long sizeofSignalSet() {
        return 128;
    }

    @Override
    public final int openEventQueue(CallState state) {
        return polls ? openWakeDescriptor(state) : SysEpoll.epoll_create1(state, SysEpoll.EPOLL_CLOEXEC);
    }

    @Override
    public final String eventQueueCall() {
        return polls ? "eventfd" : "epoll_create1";
    }

    @Override
    public final boolean blocks() {
        return !polls;
    }

    @Override
    public final EventQueue eventQueue(Arena arena, int fd) {
        return polls ? new PollQueue(this, arena, fd) : new Epoll(arena, fd);
    }

    @Override
    public final int openWakeDescriptor(CallState state) {
        return LinuxCalls.eventfd(state, 0, LinuxCalls.EFD_CLOEXEC | LinuxCalls.EFD_NONBLOCK);
    }

    /// By `sendmmsg(2)`.
    @Override
    public final int sendMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return LinuxCalls.sendmmsg(state, fd, mmsghdrs, count, flags);
    }

    /// By `recvmmsg(2)`, without its time limit, which is looked at only after each message.
    @Override
    public final int receiveMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return LinuxCalls.recvmmsg(state, fd, mmsghdrs, count, flags);
    }

    /// By `memfd_create(2)`.
    @Override
    public final int openMemory(CallState state, MemorySegment name) {
        return LinuxCalls.memfd_create(state, name, LinuxCalls.MFD_CLOEXEC);
    }

    /// By `memfd_create(2)`.
    @Override
    public final int openSealableMemory(CallState state, MemorySegment name) {
        return LinuxCalls.memfd_create(state, name, LinuxCalls.MFD_CLOEXEC | LinuxCalls.MFD_ALLOW_SEALING);
    }

    /// By `pidfd_open(2)`, which makes it close-on-exec by itself.
    @Override
    public final int openProcess(CallState state, int pid) {
        return LinuxCalls.syscall(state, LinuxCalls.NR_PIDFD_OPEN, pid, 0, 0, 0);
    }

    /// By `pidfd_send_signal(2)`.
    @Override
    public final int signalProcess(CallState state, int pidfd, int signal) {
        return LinuxCalls.syscall(state, LinuxCalls.NR_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /// By `prlimit(2)`.
    @Override
    public final int limitProcess(CallState state, int pid, int resource, MemorySegment rlimit, MemorySegment before) {
        return LinuxCalls.prlimit(state, pid, resource, rlimit, before);
    }

    @Override
    public final String libc() {
        return "glibc " + LinuxCalls.gnu_get_libc_version();
    }
}
