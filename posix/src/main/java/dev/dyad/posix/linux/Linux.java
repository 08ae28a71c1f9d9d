package dev.dyad.posix.linux;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Linking;
import dev.dyad.posix.Platform;
import dev.dyad.posix.PollQueue;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Linux with glibc, on x86-64 and aarch64.
public final class Linux implements Platform, LinuxNumbers {

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
    public int openEventQueue(CallState state) {
        return polls ? openWakeDescriptor(state) : SysEpoll.epoll_create1(state, SysEpoll.EPOLL_CLOEXEC);
    }

    @Override
    public String eventQueueCall() {
        return polls ? "eventfd" : "epoll_create1";
    }

    @Override
    public boolean blocks() {
        return !polls;
    }

    @Override
    public EventQueue eventQueue(Arena arena, int fd) {
        return polls ? new PollQueue(this, arena, fd) : new Epoll(arena, fd);
    }

    @Override
    public int openWakeDescriptor(CallState state) {
        return LinuxCalls.eventfd(state, 0, LinuxCalls.EFD_CLOEXEC | LinuxCalls.EFD_NONBLOCK);
    }

    @Override
    public int currentThread() {
        return LinuxCalls.gettid();
    }

    /// By `tgkill(2)`.
    @Override
    public int signalThread(CallState state, int process, int thread, int signal) {
        return LinuxCalls.tgkill(state, process, thread, signal);
    }

    /// By `accept4(2)`.
    @Override
    public int accept(CallState state, int fd) {
        return SysSocket.accept4(state, fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC());
    }

    /// By `pipe2(2)`.
    @Override
    public int openPipe(CallState state, MemorySegment fds) {
        return Unistd.pipe2(state, fds, O_CLOEXEC());
    }

    /// By `sendmmsg(2)`.
    @Override
    public int sendMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return LinuxCalls.sendmmsg(state, fd, mmsghdrs, count, flags);
    }

    /// By `recvmmsg(2)`, without its time limit, which is looked at only after each message.
    @Override
    public int receiveMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return LinuxCalls.recvmmsg(state, fd, mmsghdrs, count, flags);
    }

    /// By `memfd_create(2)`.
    @Override
    public int openMemory(CallState state, MemorySegment name) {
        return LinuxCalls.memfd_create(state, name, LinuxCalls.MFD_CLOEXEC);
    }

    /// By `memfd_create(2)`.
    @Override
    public int openSealableMemory(CallState state, MemorySegment name) {
        return LinuxCalls.memfd_create(state, name, LinuxCalls.MFD_CLOEXEC | LinuxCalls.MFD_ALLOW_SEALING);
    }

    /// By `pidfd_open(2)`, which makes it close-on-exec by itself.
    @Override
    public int openProcess(CallState state, int pid) {
        return LinuxCalls.syscall(state, LinuxCalls.NR_PIDFD_OPEN, pid, 0, 0, 0);
    }

    /// By `pidfd_send_signal(2)`.
    @Override
    public int signalProcess(CallState state, int pidfd, int signal) {
        return LinuxCalls.syscall(state, LinuxCalls.NR_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /// By `prlimit(2)`.
    @Override
    public int limitProcess(CallState state, int pid, int resource, MemorySegment rlimit, MemorySegment before) {
        return LinuxCalls.prlimit(state, pid, resource, rlimit, before);
    }

    /// By `sigaction(2)`: one that ignores `SIGCHLD`, or has `SA_NOCLDWAIT`, makes the kernel forget them.
    @Override
    public int keepExits(CallState state) {
        MemorySegment action = state.allocate(SigAction.LAYOUT);
        int answer = Signals.sigaction(state, signal("SIGCHLD"), MemorySegment.NULL, action);
        boolean ignored = SigAction.handler(action).address() == SigAction.SIG_IGN();
        boolean forgets = (SigAction.flags(action) & SA_NOCLDWAIT()) != 0;
        if (answer < 0 || !(ignored || forgets)) {
            return answer;
        }
        if (ignored) {
            SigAction.setHandler(action, MemorySegment.ofAddress(SigAction.SIG_DFL()));
        }
        SigAction.setFlags(action, SigAction.flags(action) & ~SA_NOCLDWAIT());
        return Signals.sigaction(state, signal("SIGCHLD"), action, MemorySegment.NULL);
    }

    /// By `wait4(2)`.
    @Override
    public int takeExit(CallState state, int pid, MemorySegment status, int options, MemorySegment rusage) {
        return LinuxCalls.wait4(state, pid, status, options, rusage);
    }

    /// Since glibc 2.34.
    @Override
    public boolean closesFrom() {
        return Linking.has("posix_spawn_file_actions_addclosefrom_np");
    }

    @Override
    public int addCloseFrom(MemorySegment actions, int from) {
        return LinuxCalls.posix_spawn_file_actions_addclosefrom_np(actions, from);
    }

    @Override
    public String libc() {
        return "glibc " + LinuxCalls.gnu_get_libc_version();
    }
}
