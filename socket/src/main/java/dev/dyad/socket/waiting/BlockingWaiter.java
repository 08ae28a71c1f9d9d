package dev.dyad.socket.waiting;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A platform thread that waits in the call that receives, as a program in C does, until a signal ends that.
///
/// It wakes sooner than one in `ppoll`, which has looked at each descriptor once more by then, and needs no other
/// call, as it brings the bytes along. Where the kernel does not wait, a [PpollWaiter] does.
public final class BlockingWaiter implements Waiter {

    /// How many bytes it receives at most: more are worth a call of their own, which needs no copy.
    public static final int ROOM = 4096;

    private static final Platform OS = Platforms.current();
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EINTR = Errno.EINTR.code();

    // -- the memory of a thread: its number in the system, room for an errno, room for bytes
    private static final int STATE = 16;
    private static final int BYTES = 64;

    /// The memory of this thread, which has no size where the signal does not reach the thread.
    ///
    /// That is asked once for each thread: what asks again takes longer than it takes the peer to answer. A value
    /// of a class of ours would keep our class loader for as long as the user's thread lives.
    private static final ThreadLocal<MemorySegment> MEMORY = ThreadLocal.withInitial(BlockingWaiter::memoryIfReached);

    private final Source source;
    private final ByteBuffer target;
    private final MemorySegment memory;
    private final SignalledCall call;
    private volatile int number = -1; // of the descriptor, once it waits
    private volatile boolean stuck;
    private @Nullable Waiter instead; // once the kernel does not wait; guarded by this
    private boolean woken; // guarded by this

    /// A connected socket whose bytes are waited for.
    public interface Source {

        /// Returns whether a call that received no byte has found the end of the peer.
        boolean isAtEnd();

        /// Ends the connection, if it was closed while a thread cannot leave its call.
        ///
        /// @param raw the number, which the caller keeps open
        void endClosed(int raw);
    }

    private BlockingWaiter(Source source, ByteBuffer target, MemorySegment memory) {
        this.source = source;
        this.target = target;
        this.memory = memory;
        call = new SignalledCall(memory.get(ValueLayout.JAVA_INT, 0));
    }

    /// Returns a waiter for this thread, or `null` where that cannot be woken by a signal: there is none, or the
    /// thread holds it back.
    ///
    /// @param source where the bytes come from
    /// @param target where they go, with room for [#ROOM] at most
    public static @Nullable BlockingWaiter of(Source source, ByteBuffer target) {
        MemorySegment memory = WakeSignal.number == 0 ? MemorySegment.NULL : MEMORY.get();
        return memory.byteSize() == 0 ? null : new BlockingWaiter(source, target, memory);
    }

    private static MemorySegment memoryIfReached() {
        if (!WakeSignal.reachesThisThread()) {
            return MemorySegment.NULL;
        }
        MemorySegment memory = Arena.ofAuto().allocate(BYTES + ROOM, Long.BYTES);
        memory.set(ValueLayout.JAVA_INT, 0, OS.currentThread());
        return memory;
    }

    @Override
    public long await(int fd, Deadline deadline, Holder holder) throws IOException {
        number = fd;
        if (!call.enter()) {
            return -EAGAIN;
        }
        long received = receive(fd);
        if (received > 0) {
            target.put(memory.asSlice(BYTES, received).asByteBuffer());
            return received;
        }
        if (received == 0) {
            return source.isAtEnd() ? 0 : -EAGAIN;
        }
        if (received == -EAGAIN) { // somebody else may have told the descriptor not to wait
            return awaitOtherwise(fd, deadline, holder);
        }
        return received == -EINTR ? -EAGAIN : received;
    }

    private long receive(int fd) {
        try {
            CallState state = CallState.in(memory.asSlice(STATE, BYTES - STATE));
            MemorySegment room = memory.asSlice(BYTES, target.remaining());
            return SysSocket.recvfrom(state, fd, room, 0, MemorySegment.NULL, MemorySegment.NULL);
        } finally {
            call.leave();
        }
    }

    private long awaitOtherwise(int fd, Deadline deadline, Holder holder) throws IOException {
        PpollWaiter polled = PpollWaiter.borrow(OS.POLLIN());
        Waiter other = polled != null ? polled : new BackoffWaiter();
        return goOnWith(other) ? other.await(fd, deadline, holder) : -EAGAIN;
    }

    private synchronized boolean goOnWith(Waiter other) {
        instead = other;
        return !woken;
    }

    /// Returns when the thread has left the call, or after a moment. A thread that cannot be woken then finds
    /// the end of a connection that was closed, as its peer does.
    @Override
    public void wake() {
        Waiter other = mark();
        if (other != null) {
            other.wake();
        }
        if (!call.end()) {
            call.ifInside(() -> source.endClosed(number));
            stuck = true;
        }
    }

    /// Returns whether the thread did not leave the call when it was to; the connection was ended, if it is ours
    /// alone.
    public boolean isStuck() {
        return stuck;
    }

    private synchronized @Nullable Waiter mark() {
        woken = true;
        return instead;
    }

    @Override
    public void done() {
        Waiter other = mark();
        if (other != null) {
            other.done();
        }
    }
}
