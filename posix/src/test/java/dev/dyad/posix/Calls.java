package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a test of calls works with: memory, a state, and the descriptors that it opens, closed at its end.
final class Calls implements AutoCloseable {

    final Platform os = Platforms.current();
    final Arena arena = Arena.ofConfined();
    final CallState state = new CallState(arena);
    private final Deque<Integer> open = new ArrayDeque<>();

    /// Opens a connected pair of close-on-exec stream sockets.
    int[] pair() {
        return pair(os.SOCK_STREAM() | os.SOCK_CLOEXEC());
    }

    int[] pair(int type) {
        MemorySegment sv = arena.allocate(ValueLayout.JAVA_INT, 2);
        assertThat(SysSocket.socketpair(state, os.AF_UNIX(), type, 0, sv)).isZero();
        return new int[] {opened(sv.getAtIndex(ValueLayout.JAVA_INT, 0)), opened(sv.getAtIndex(ValueLayout.JAVA_INT, 1))
        };
    }

    /// Takes note of a descriptor, to be closed.
    int opened(int fd) {
        assertThat(fd).isNotNegative();
        open.push(fd);
        return fd;
    }

    /// Closes a descriptor before the others.
    void close(int fd) {
        assertThat(open.remove(fd)).isTrue();
        assertThat(Unistd.close(state, fd)).isZero();
    }

    /// Returns exactly the bytes of `text`.
    MemorySegment bytes(String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
    }

    MemorySegment room(MemoryLayout layout) {
        return arena.allocate(layout);
    }

    MemorySegment room(long size) {
        return arena.allocate(size, 16);
    }

    static String text(MemorySegment segment, long length) {
        return new String(segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            close(open.element());
        }
        arena.close();
    }
}
