package dev.dyad.php.socket;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.ByteChannel;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What PHP keeps of a socket: its descriptor, its address family and its own error slot. A program holds it as a
/// [Socket][dev.dyad.php.Socket].
///
/// May be shared by threads. One that nobody holds any more is closed, as in PHP, but only when the garbage collector
/// notices.
public final class PhpSocket implements Closeable {

    private static final Platform OS = Platforms.current();

    private final @Nullable RawSocket system;
    private final @Nullable StreamSocket stream; // where there is no native access
    private final int domain;
    private final Cleaner.Cleanable closing;
    private @Nullable ByteChannel exported; // guarded by this
    private volatile boolean closed;
    private volatile int lastError;

    public PhpSocket(RawSocket system) {
        this(system, null, system.family());
    }

    /// @param domain what it was asked for in, which a kernel may have made another of
    public PhpSocket(RawSocket system, int domain) {
        this(system, null, domain);
    }

    public PhpSocket(StreamSocket stream, int domain) {
        this(null, stream, domain);
    }

    private PhpSocket(@Nullable RawSocket system, @Nullable StreamSocket stream, int domain) {
        this.system = system;
        this.stream = stream;
        this.domain = domain;
        Closeable end = system != null ? system : stream;
        this.closing = LibraryThreads.whenLost(this, new Closing(end));
    }

    /// Another one of the same descriptor, which lives as long as the first: that one is held by the stream.
    private PhpSocket(RawSocket system, ByteChannel exported) {
        this.system = system;
        this.stream = null;
        this.domain = system.family();
        this.exported = exported;
        this.closing = system::close;
    }

    /// Closes this socket; does nothing if it is closed. What `close(2)` complains of is lost, as in PHP.
    @Override
    public void close() {
        closed = true;
        closing.clean();
    }

    /// Returns whether it was not closed; its descriptor may have been, by the stream that it was exported
    /// to.
    public boolean isOpen() {
        return !closed;
    }

    /// Returns whether its descriptor is closed.
    public boolean isDead() {
        return system != null && !system.isOpen();
    }

    /// Closes the descriptor, and leaves the socket with a bad one.
    public void kill() {
        closing.clean();
    }

    /// Returns the stream that it was exported to, or came from.
    ///
    /// @param first makes it, the first time
    public synchronized ByteChannel export(Function<PhpSocket, ByteChannel> first) {
        ByteChannel channel = exported;
        if (channel == null) {
            channel = first.apply(this);
            exported = channel;
        }
        return channel;
    }

    /// Returns another socket of the same descriptor.
    ///
    /// @param channel the stream that this one was exported to
    public PhpSocket again(ByteChannel channel) {
        return new PhpSocket(system("socket_import_stream"), channel);
    }

    /// The address family that it was made with, by which PHP reads its addresses.
    public int domain() {
        return domain;
    }

    /// Returns whether its addresses are of IPv4 or IPv6.
    public boolean isInternet() {
        return domain == OS.AF_INET() || domain == OS.AF_INET6();
    }

    public int lastError() {
        return lastError;
    }

    public void lastError(int errno) {
        lastError = errno;
    }

    /// Returns what there is without native access, or `null` where there is native access.
    public @Nullable StreamSocket stream() {
        return stream;
    }

    /// @throws UnsupportedOperationException without native access
    public RawSocket system(String function) {
        if (system == null) {
            throw noNativeAccess(function);
        }
        return system;
    }

    /// Returns the same, or `null` if this was closed.
    ///
    /// @throws UnsupportedOperationException without native access
    public @Nullable RawSocket openSystem(String function) {
        return closed ? null : system != null ? system : system(function);
    }

    /// Returns how many threads wait in it now, which is for tests.
    public int waiters() {
        return system != null ? system.waiters() : stream != null ? stream.waiters() : 0;
    }

    public long call(String function, RawSocket.Call call) {
        return on(function, system -> system.call(call));
    }

    /// Makes a call that receives and has been told not to wait; it waits unless `flags` say the same.
    public long receiving(String function, int flags, RawSocket.Call call) {
        boolean neverWaits = neverWaits(function, flags);
        return on(function, system -> neverWaits ? system.call(call) : system.receiving(call));
    }

    /// Makes a call that sends and has been told not to wait; it waits unless `flags` say the same.
    ///
    /// @param to whether to an address of the UNIX domain
    public long sending(String function, int flags, boolean to, RawSocket.Call call) {
        if ((flags & OS.MSG_DONTWAIT()) != 0) {
            return call(function, call);
        }
        return on(function, system -> to ? system.sendingTo(call) : system.sending(call));
    }

    public long connect(String function, MemorySegment address) {
        return on(function, system -> system.connect(address, (int) address.byteSize()));
    }

    /// Returns whether it is a stream, which does not keep the boundaries of what is sent.
    public boolean isStream(String function) {
        return call(function, (state, fd, room) -> SocketCalls.intOption(state, fd, OS.SO_TYPE(), room))
                == OS.SOCK_STREAM();
    }

    /// Makes a call of the system's socket, and keeps this from being lost, and with it closed, meanwhile.
    public long on(String function, ToLongFunction<RawSocket> call) {
        try {
            return call.applyAsLong(system(function));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Refuses a function that cannot be there without native access.
    public static void requireNative(String function) {
        if (!OS.isNative()) {
            throw noNativeAccess(function);
        }
    }

    private static UnsupportedOperationException noNativeAccess(String function) {
        return new UnsupportedOperationException(
                function + "() needs native access, which there is not: " + OS.whyNotNative());
    }

    /// What a stream has out of band, and what is in the error queue, is there or not: nobody waits for it.
    /// Datagrams are not sent out of band, and the UNIX domain has no such queue: the flags are nothing
    /// there.
    private boolean neverWaits(String function, int flags) {
        return (flags & OS.MSG_DONTWAIT()) != 0
                || ((flags & OS.MSG_ERRQUEUE()) != 0 && domain != OS.AF_UNIX())
                || ((flags & OS.MSG_OOB()) != 0 && isStream(function));
    }

    /// Must not hold the socket, or nobody would ever see that it is unheld.
    private record Closing(@Nullable Closeable end) implements Runnable {

        @Override
        public void run() {
            try {
                if (end != null) {
                    end.close();
                }
            } catch (IOException e) {
                // PHP's socket_close answers nothing, so there is nobody to tell.
            }
        }
    }
}
