package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;

/// Files that are memory: how they are made, and how they are sealed.
public final class MemoryFile {

    private static final Platform OS = Platforms.current();
    private static final Errno EBUSY = new Errno(OS.errno("EBUSY"));
    private static final Errno EPERM = new Errno(OS.errno("EPERM"));

    private MemoryFile() {}

    /// Opens an empty file.
    ///
    /// @return its number
    public static int open(String name, boolean sealable) throws IOException {
        SocketCalls.requireNative();
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a zero byte");
        }
        try (var call = CallState.open()) {
            var text = call.allocateFrom(name);
            int answer = sealable ? OS.openSealableMemory(call, text) : OS.openMemory(call, text);
            if (answer < 0) {
                throw new SystemCallException("memfd_create", Errno.of(answer), name);
            }
            return answer;
        }
    }

    public static void resize(int raw, long size) throws IOException {
        try (var call = CallState.open()) {
            int answer = CallState.retry(() -> Unistd.ftruncate(call, raw, size));
            if (answer < 0) {
                throw new SystemCallException("ftruncate", Errno.of(answer));
            }
        }
    }

    /// @param seals as bits
    public static void seal(int raw, int seals) throws IOException {
        int _ = command(raw, OS.F_ADD_SEALS(), seals);
    }

    /// @return them as bits
    public static int seals(int raw) throws IOException {
        return command(raw, OS.F_GET_SEALS(), 0);
    }

    private static int command(int raw, int command, int argument) throws IOException {
        try (var call = CallState.open()) {
            int answer = Fcntl.fcntl(call, raw, command, argument);
            if (answer >= 0) {
                return answer;
            }
            Errno errno = Errno.of(answer);
            throw new SystemCallException("fcntl", errno, reason(raw, errno));
        }
    }

    private static String reason(int raw, Errno errno) {
        String it = "descriptor " + raw;
        if (errno.equals(Errno.EINVAL)) {
            return it + " is no memory that has seals";
        }
        if (errno.equals(EPERM)) {
            return it + " can have no more seals, or was opened to be read";
        }
        return errno.equals(EBUSY) ? it + " is mapped to be written to" : it;
    }
}
