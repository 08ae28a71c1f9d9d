package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Ucred;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Credentials;
import dev.dyad.socket.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// What the kernel knows of the other end of a connection.
public final class PeerInfo {

    private static final Platform OS = Platforms.current();
    private static final int NOBODY = -1;

    private PeerInfo() {}

    /// `SO_PEERCRED`
    ///
    /// @return `null` where the kernel took nothing down
    public static @Nullable Credentials credentials(Fd ends) throws IOException {
        requireKnown(ends);
        try (var call = CallState.open()) {
            MemorySegment credentials = call.allocate(Ucred.LAYOUT);
            get(ends, OS.SO_PEERCRED(), credentials, call);
            return Ucred.uid(credentials) == NOBODY ? null : credentials(credentials);
        }
    }

    /// `SO_PEERPIDFD`
    ///
    /// @return the number of a descriptor that is close-on-exec, and the caller's
    public static int process(Fd ends) throws IOException {
        requireKnown(ends);
        try (var call = CallState.open()) {
            MemorySegment number = call.allocate(ValueLayout.JAVA_INT);
            get(ends, OS.SO_PEERPIDFD(), number, call);
            return number.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// Reads a `struct ucred`.
    public static Credentials credentials(MemorySegment ucred) {
        return new Credentials(
                Ucred.pid(ucred), Integer.toUnsignedLong(Ucred.uid(ucred)), Integer.toUnsignedLong(Ucred.gid(ucred)));
    }

    private static void requireKnown(Fd ends) {
        if (!ends.capabilities().contains(Capability.PEER_CREDENTIALS)) {
            throw new UnsupportedOperationException("the peer may be on another machine");
        }
        ends.requireConnected();
    }

    private static void get(Fd ends, int option, MemorySegment value, CallState call) throws IOException {
        int raw = ends.fd.acquire();
        try {
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) value.byteSize());
            int answer = SysSocket.getsockopt(call, raw, OS.SOL_SOCKET(), option, value, length);
            if (answer < 0) {
                throw ends.failure("getsockopt", Errno.of(answer));
            }
        } finally {
            ends.fd.release();
        }
    }
}
