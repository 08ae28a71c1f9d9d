package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;

/// One `connect`, until the connection is there.
///
/// Over TCP the first call begins it, and the descriptor becomes writable when it is there or has failed. A UNIX
/// listener with a full backlog refuses with `EAGAIN`, and nothing tells when it no longer is full.
///
/// `connect` has no flag that says that it must not block, so the descriptor has it until this is closed.
public final class ConnectCall implements SystemCall, AutoCloseable {

    private static final Platform OS = Platforms.current();
    private static final int EAGAIN = Errno.EAGAIN.code();
    private static final int EALREADY = OS.errno("EALREADY");
    private static final int EINPROGRESS = Errno.EINPROGRESS.code();

    private final Fd ends;
    private final SocketAddress address;
    private final int family;
    private final int flags;
    private boolean begun;

    public ConnectCall(Fd ends, SocketAddress address) throws IOException {
        this.ends = ends;
        this.address = address;
        family = ends.family();
        try (var call = CallState.open()) {
            int _ = SocketAddresses.put(
                    call.allocate(SockAddrStorage.LAYOUT), address, family); // throws if it cannot be
        }
        flags = SocketCalls.setNonBlocking(ends);
    }

    /// Makes the descriptor block again, as a child to which it goes expects.
    @Override
    public void close() throws IOException {
        SocketCalls.setFlags(ends, flags);
    }

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public long make() throws IOException {
        int raw = ends.fd.number();
        return begun ? finish(raw) : begin(raw);
    }

    private long begin(int raw) throws IOException {
        int answer;
        try (var call = CallState.open()) {
            MemorySegment storage = call.allocate(SockAddrStorage.LAYOUT);
            int length = SocketAddresses.put(storage, address, family);
            answer = SysSocket.connect(call, raw, storage, length);
        }
        if (answer == -EINPROGRESS || answer == -EALREADY) {
            begun = true;
            return -EAGAIN;
        }
        if (answer == -EAGAIN && family == OS.AF_UNIX()) {
            ends.writing.noEvent();
        } else if (answer == -EAGAIN) { // there is no port left, for which nobody waits
            throw ends.failure("connect", Errno.EAGAIN, address);
        }
        return answer;
    }

    private long finish(int raw) throws IOException {
        int failed = SocketCalls.intOption(raw, OS.SO_ERROR());
        if (failed != 0) {
            return -failed;
        }
        if (isConnected(raw)) {
            return 0;
        }
        if (family == OS.AF_UNIX()) { // which is connected at once, or has to be told again
            begun = false;
            ends.writing.noEvent();
        }
        return -EAGAIN;
    }

    private boolean isConnected(int raw) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment name = call.allocate(SockAddrStorage.LAYOUT);
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) name.byteSize());
            int answer = SysSocket.getpeername(call, raw, name, length);
            if (answer < 0 && !Errno.of(answer).equals(Errno.ENOTCONN)) {
                throw ends.failure("getpeername", Errno.of(answer));
            }
            return answer == 0;
        }
    }
}
