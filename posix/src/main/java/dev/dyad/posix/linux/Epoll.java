package dev.dyad.posix.linux;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// `epoll(7)` with one-shot registrations, which stay with a descriptor until it is removed.
final class Epoll implements EventQueue {

    private static final int BATCH = 256;
    private static final int FOR_EVER = -1;

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
        return arm(state, fd, SysEpoll.EPOLLIN, key);
    }

    @Override
    public int armWritable(CallState state, int fd, long key) {
        return arm(state, fd, SysEpoll.EPOLLOUT, key);
    }

    /// Most descriptors are armed again and again, so the change is tried before the addition.
    private int arm(CallState state, int fd, int events, long key) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EpollEvent.LAYOUT);
            EpollEvent.set(event, events | SysEpoll.EPOLLONESHOT, key);
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
    public int await() {
        return SysEpoll.epoll_wait(waiting, epfd, ready, BATCH, FOR_EVER);
    }

    @Override
    public long key(int index) {
        return EpollEvent.data(ready, index);
    }

    @Override
    public int close(CallState state) {
        return Unistd.close(state, epfd);
    }
}
