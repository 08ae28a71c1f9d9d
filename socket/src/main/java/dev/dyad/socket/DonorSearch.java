package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.SysSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Finds the number of the one descriptor that is connected to a listener.
final class DonorSearch {

    private static final Path OPEN = Path.of("/proc/self/fd");

    private final CallState state;
    private final MemorySegment address;
    private final MemorySegment length;

    DonorSearch(Arena arena) {
        state = new CallState(arena);
        address = arena.allocate(SockAddrUn.LAYOUT);
        length = arena.allocate(ValueLayout.JAVA_INT);
    }

    /// Looks at `guess` first, and then at everything that is open.
    ///
    /// @param name how the path of the listener ends
    /// @return the number
    int find(byte[] name, int guess) throws IOException {
        return isConnectedTo(name, guess) ? guess : findAnywhere(name);
    }

    private int findAnywhere(byte[] name) throws IOException {
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(OPEN)) {
            for (Path number : numbers) {
                int fd = Integer.parseInt(number.getFileName().toString());
                if (isConnectedTo(name, fd)) {
                    return fd;
                }
            }
        }
        throw new IOException("the JDK's channel has no descriptor that can be found");
    }

    private boolean isConnectedTo(byte[] name, int fd) {
        length.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
        int answer = SysSocket.getpeername(state, fd, address, length);
        return answer == 0 && endsWith(SockAddrUn.path(address, length.get(ValueLayout.JAVA_INT, 0)), name);
    }

    /// The kernel may tell the NUL byte behind a path, or not.
    private static boolean endsWith(byte[] path, byte[] name) {
        int end = path.length > 0 && path[path.length - 1] == 0 ? path.length - 1 : path.length;
        return end >= name.length && Arrays.equals(path, end - name.length, end, name, 0, name.length);
    }
}
