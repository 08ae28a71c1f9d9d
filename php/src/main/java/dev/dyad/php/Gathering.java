package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// `MSG_WAITALL`, which the kernel does not know of a call that must not wait: made again until there is enough.
///
/// Used by one thread.
final class Gathering implements SystemCall {

    private static final Platform OS = Platform.current();

    private final int length;
    private final Receive receive;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// A call that receives and does not wait.
    @FunctionalInterface
    interface Receive {
        long into(CallState state, int fd, MemorySegment target);
    }

    Gathering(int length, Receive receive) {
        this.length = length;
        this.receive = receive;
    }

    /// Returns whether a call with these flags is for all: of a stream, and what is only looked at is not gathered.
    static boolean isMeant(Socket socket, String function, int flags) {
        int which = OS.MSG_WAITALL() | OS.MSG_PEEK() | OS.MSG_OOB();
        return (flags & which) == OS.MSG_WAITALL() && isStream(socket, function);
    }

    static boolean isStream(Socket socket, String function) {
        return socket.call(function, (state, fd, room) -> {
                    room.set(ValueLayout.JAVA_INT, Long.BYTES, Integer.BYTES);
                    int answer = SysSocket.getsockopt(
                            state, fd, OS.SOL_SOCKET(), OS.SO_TYPE(), room, room.asSlice(Long.BYTES));
                    return answer < 0 ? answer : room.get(ValueLayout.JAVA_INT, 0);
                })
                == OS.SOCK_STREAM();
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
            answer = receive.into(state, fd, target);
            if (answer <= 0) {
                break;
            }
            bytes.writeBytes(target.asSlice(0, answer).toArray(ValueLayout.JAVA_BYTE));
            if (SysSocket.sockatmark(state, fd) > 0) {
                break; // as the kernel does before urgent data
            }
        }
        return answer;
    }
}
