package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can be told of a socket from outside: how much it holds, and where its file was.
class UnreadTest {

    private final Calls calls = new Calls();
    private final Platform os = calls.os;
    private final CallState state = calls.state;

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void unread_bytes_are_counted() {
        int[] pair = calls.pair();
        MemorySegment count = calls.room(ValueLayout.JAVA_INT);

        assertThat(SysIoctl.ioctl(state, pair[1], os.FIONREAD(), count)).isZero();
        assertThat(count.get(ValueLayout.JAVA_INT, 0)).isZero();
        assertThat(SysSocket.send(state, pair[0], calls.bytes("hello"), os.MSG_NOSIGNAL()))
                .isEqualTo(5);
        assertThat(SysIoctl.ioctl(state, pair[1], os.FIONREAD(), count)).isZero();
        assertThat(count.get(ValueLayout.JAVA_INT, 0)).isEqualTo(5);
        assertThat(SysIoctl.ioctl(state, -1, os.FIONREAD(), count)).isEqualTo(-os.errno("EBADF"));
    }

    @Test
    void a_listener_is_reached_after_its_file_was_deleted(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("listener");
        MemorySegment address = calls.room(SockAddrUn.LAYOUT);
        int listener = calls.opened(SysSocket.socket(state, os.AF_UNIX(), os.SOCK_STREAM() | os.SOCK_CLOEXEC(), 0));
        assertThat(SysSocket.bind(state, listener, address, unix(address, path)))
                .isZero();
        assertThat(SysSocket.listen(state, listener, 1)).isZero();

        int file = calls.opened(
                Fcntl.open(state, calls.arena.allocateFrom(path.toString()), os.O_PATH() | os.O_CLOEXEC(), 0));
        Files.delete(path);

        int client = calls.opened(SysSocket.socket(state, os.AF_UNIX(), os.SOCK_STREAM() | os.SOCK_CLOEXEC(), 0));
        assertThat(SysSocket.connect(state, client, address, unix(address, path)))
                .isEqualTo(-os.errno("ENOENT"));
        assertThat(SysSocket.connect(state, client, address, unix(address, Path.of("/proc/self/fd/" + file))))
                .isZero();
    }

    private int unix(MemorySegment address, Path path) {
        return SockAddrUn.set(address, os.AF_UNIX(), path.toString().getBytes(UTF_8));
    }
}
