package dev.dyad.socket.jdk;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.OpenDescriptors;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// Finds the number of a donor by the name that no other descriptor has.
public final class DonorSearch {

    private static final Platform OS = Platforms.current();

    private final CallState state;
    private final MemorySegment address;
    private final MemorySegment length;

    /// @param call what is in use for as long as this
    public DonorSearch(CallState call) {
        state = call;
        address = call.allocate(SockAddrStorage.LAYOUT);
        length = call.allocate(ValueLayout.JAVA_INT);
    }

    /// Finds what is connected to a listener.
    ///
    /// @param name how the path of the listener ends
    /// @param guess what is looked at first
    /// @return the number
    public int findConnected(byte[] name, int guess) throws IOException {
        return OpenDescriptors.find(guess, fd -> isNamed(name, SysSocket.getpeername(state, fd, whole(), length)));
    }

    /// Finds what listens at a path.
    ///
    /// @param name how the path ends
    /// @param guess what is looked at first
    /// @return the number
    int findListening(byte[] name, int guess) throws IOException {
        return OpenDescriptors.find(guess, fd -> isNamed(name, SysSocket.getsockname(state, fd, whole(), length)));
    }

    /// Finds what listens at a port.
    ///
    /// @param name the port, of TCP
    /// @param guess what is looked at first
    /// @return the number
    int findListening(InetSocketAddress name, int guess) throws IOException {
        return OpenDescriptors.find(
                guess,
                fd -> SysSocket.getsockname(state, fd, whole(), length) == 0
                        && name.equals(SocketAddresses.get(address, length()))
                        && listens(fd)); // a port of UDP may have the same name
    }

    private static boolean listens(int fd) throws IOException {
        return SocketCalls.isListening(fd);
    }

    private MemorySegment whole() {
        length.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
        return address;
    }

    private int length() {
        return length.get(ValueLayout.JAVA_INT, 0);
    }

    private boolean isNamed(byte[] name, int answer) {
        return answer == 0
                && SockAddrStorage.family(address) == OS.AF_UNIX()
                && endsWith(SockAddrUn.path(address.asSlice(0, SockAddrUn.LAYOUT), length()), name);
    }

    /// The kernel may tell the NUL byte behind a path, or not.
    private static boolean endsWith(byte[] path, byte[] name) {
        int end = path.length > 0 && path[path.length - 1] == 0 ? path.length - 1 : path.length;
        return end >= name.length && Arrays.equals(path, end - name.length, end, name, 0, name.length);
    }
}
