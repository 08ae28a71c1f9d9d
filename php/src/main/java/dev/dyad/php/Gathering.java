package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.SystemSocket;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// `MSG_WAITALL`, which the kernel does not know of a call that must not wait: made again until there is enough.
///
/// Used by one thread.
final class Gathering implements SystemSocket.Call {

    private static final Platform OS = Platform.current();

    private final int length;
    private final int flags;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Gathering(int length, int flags) {
        this.length = length;
        this.flags = flags | OS.MSG_DONTWAIT();
    }

    byte @Nullable [] bytes() {
        return bytes.size() == 0 ? null : bytes.toByteArray();
    }

    /// Returns how much came, or what a call answered to which nothing came.
    long result(long answer) {
        return bytes.size() > 0 ? bytes.size() : answer;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        long answer = 0;
        while (bytes.size() < length) {
            MemorySegment target = room.asSlice(0, Math.min(room.byteSize(), length - bytes.size()));
            answer = SysSocket.recv(state, fd, target, flags);
            if (answer <= 0) {
                break;
            }
            bytes.writeBytes(target.asSlice(0, answer).toArray(ValueLayout.JAVA_BYTE));
        }
        return answer;
    }
}
