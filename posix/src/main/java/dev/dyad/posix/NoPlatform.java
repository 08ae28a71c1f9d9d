package dev.dyad.posix;

import dev.dyad.posix.linux.LinuxNumbers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A system without native calls: each answers `-ENOSYS`, or throws where it has no number to answer with.
///
/// Its numbers are Linux's, which PHP's manual speaks in: nothing but messages and the options of JDK sockets goes by
/// them here.
final class NoPlatform implements Platform, LinuxNumbers {

    private final String reason;
    private final int refusal = -errno("ENOSYS");

    NoPlatform(String reason) {
        this.reason = reason;
    }

    @Override
    public String whyNotNative() {
        return reason;
    }

    @Override
    public int openEventQueue(CallState state) {
        return refusal;
    }

    @Override
    public String eventQueueCall() {
        return "no event queue";
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public EventQueue eventQueue(Arena arena, int fd) {
        throw new UnsupportedOperationException(reason);
    }

    @Override
    public int openWakeDescriptor(CallState state) {
        return refusal;
    }

    @Override
    public int currentThread() {
        return refusal;
    }

    @Override
    public int signalThread(CallState state, int process, int thread, int signal) {
        return refusal;
    }

    @Override
    public int accept(CallState state, int fd) {
        return refusal;
    }

    @Override
    public int openPipe(CallState state, MemorySegment fds) {
        return refusal;
    }

    @Override
    public int sendMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return refusal;
    }

    @Override
    public int receiveMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        return refusal;
    }

    @Override
    public int openMemory(CallState state, MemorySegment name) {
        return refusal;
    }

    @Override
    public int openSealableMemory(CallState state, MemorySegment name) {
        return refusal;
    }

    @Override
    public int openProcess(CallState state, int pid) {
        return refusal;
    }

    @Override
    public int signalProcess(CallState state, int pidfd, int signal) {
        return refusal;
    }

    @Override
    public int limitProcess(CallState state, int pid, int resource, MemorySegment rlimit, MemorySegment before) {
        return refusal;
    }

    @Override
    public int keepExits(CallState state) {
        return refusal;
    }

    @Override
    public int takeExit(CallState state, int pid, MemorySegment status, int options, MemorySegment rusage) {
        return refusal;
    }

    @Override
    public boolean closesFrom() {
        return false;
    }

    @Override
    public int addCloseFrom(MemorySegment actions, int from) {
        return refusal;
    }

    @Override
    public String libc() {
        throw new UnsupportedOperationException(reason);
    }
}
