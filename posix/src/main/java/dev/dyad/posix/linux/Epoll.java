package dev.dyad.posix.linux;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// `epoll(7)`: registrations stay with a descriptor until it is removed, one-shot ones too.
final class Epoll implements EventQueue {

    private static final int BATCH = 256;
    private static final int FOR_EVER = -1;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int FAILED = SysEpoll.EPOLLERR | SysEpoll.EPOLLHUP;

    private final int epfd;
    private final CallState waiting;
    private final MemorySegment ready;

    Epoll(Arena arena, int epfd) {
        this.epfd = epfd;
        waiting = new CallState(arena);
        ready = arena.allocate(EpollEvent.LAYOUT, BATCH);
    }

    @Override
    public int armReadable(CallState state, int fd, long key) {
        return put(state, fd, SysEpoll.EPOLLIN | SysEpoll.EPOLLONESHOT, key);
    }

    @Override
    public int armWritable(CallState state, int fd, long key) {
        return put(state, fd, SysEpoll.EPOLLOUT | SysEpoll.EPOLLONESHOT, key);
    }

    @Override
    public int armAgain(CallState state, int fd, boolean forWriting, long key) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EpollEvent.LAYOUT);
            EpollEvent.set(event, (forWriting ? SysEpoll.EPOLLOUT : SysEpoll.EPOLLIN) | SysEpoll.EPOLLONESHOT, key);
            return SysEpoll.epoll_ctl(state, epfd, SysEpoll.EPOLL_CTL_MOD, fd, event);
        }
    }

    @Override
    public int watch(CallState state, int fd, boolean readable, boolean writable, boolean urgent, long key) {
        int events = (readable ? SysEpoll.EPOLLIN : 0)
                | (writable ? SysEpoll.EPOLLOUT : 0)
                | (urgent ? SysEpoll.EPOLLPRI : 0);
        if (events != 0) {
            return put(state, fd, events, key);
        }
        int answer = remove(state, fd); // with no events asked for, it would still tell of errors, for ever
        return answer == -LinuxErrors.ENOENT ? 0 : answer;
    }

    /// Most descriptors are armed again and again, so the change is tried before the addition.
    private int put(CallState state, int fd, int events, long key) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EpollEvent.LAYOUT);
            EpollEvent.set(event, events, key);
            int answer = SysEpoll.epoll_ctl(state, epfd, SysEpoll.EPOLL_CTL_MOD, fd, event);
            return answer == -LinuxErrors.ENOENT
                    ? SysEpoll.epoll_ctl(state, epfd, SysEpoll.EPOLL_CTL_ADD, fd, event)
                    : answer;
        }
    }

    @Override
    public int remove(CallState state, int fd) {
        return SysEpoll.epoll_ctl(state, epfd, SysEpoll.EPOLL_CTL_DEL, fd, MemorySegment.NULL);
    }

    @Override
    public String changingCall() {
        return "epoll_ctl";
    }

    @Override
    public int await(long timeoutNanos) {
        return SysEpoll.epoll_wait(waiting, epfd, ready, BATCH, millis(timeoutNanos));
    }

    /// Rounds up: a wait that ended too early would be begun again at once, and again.
    private static int millis(long nanos) {
        return nanos < 0 ? FOR_EVER : (int) Math.min(Math.ceilDiv(nanos, NANOS_PER_MILLI), Integer.MAX_VALUE);
    }

    @Override
    public long key(int index) {
        return EpollEvent.data(ready, index);
    }

    @Override
    public boolean isReadable(int index) {
        return (EpollEvent.events(ready, index) & (SysEpoll.EPOLLIN | FAILED)) != 0;
    }

    @Override
    public boolean isWritable(int index) {
        return (EpollEvent.events(ready, index) & (SysEpoll.EPOLLOUT | FAILED)) != 0;
    }

    /// Its bits are those of `poll(2)`, by the kernel's own headers.
    @Override
    public int returned(int index) {
        return EpollEvent.events(ready, index);
    }

    @Override
    public String waitingCall() {
        return "epoll_wait";
    }

    @Override
    public int capacity() {
        return BATCH;
    }

    @Override
    public boolean isPollable() {
        return true;
    }

    @Override
    public int close(CallState state) {
        return Unistd.close(state, epfd);
    }
}
