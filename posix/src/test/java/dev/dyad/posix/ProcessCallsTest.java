package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a child is given besides sockets.
@Timeout(60)
class ProcessCallsTest {

    private final Calls calls = new Calls();
    private final Platform os = calls.os;
    private final CallState state = calls.state;

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void a_pipe_leads_from_its_second_end_to_its_first() {
        MemorySegment fds = calls.room(8);
        MemorySegment room = calls.room(16);

        assertThat(Unistd.pipe2(state, fds, os.O_CLOEXEC())).isZero();
        int source = calls.opened(fds.getAtIndex(ValueLayout.JAVA_INT, 0));
        int sink = calls.opened(fds.getAtIndex(ValueLayout.JAVA_INT, 1));

        assertThat(Descriptors.open().get(source)).matches(d -> d != null && d.closeOnExec());
        assertThat(Descriptors.open().get(sink)).matches(d -> d != null && d.closeOnExec());
        assertThat(Unistd.write(state, sink, calls.bytes("along"))).isEqualTo(5);
        assertThat(Unistd.read(state, source, room)).isEqualTo(5);
        assertThat(Calls.text(room, 5)).isEqualTo("along");
        assertThat(Unistd.pipe2(state, fds, -1)).isEqualTo(-os.errno("EINVAL"));
    }

    @Test
    void another_process_is_limited() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            MemorySegment limit = calls.room(RLimit.LAYOUT);
            RLimit.set(limit, 11, 22);

            assertThat(os.limitProcess(
                            state, (int) child.pid(), os.resource("RLIMIT_NOFILE"), limit, MemorySegment.NULL))
                    .isZero();

            assertThat(Files.readAllLines(Path.of("/proc/" + child.pid() + "/limits")))
                    .anyMatch(line -> line.matches("Max open files +11 +22 +files *"));
            assertThat(os.limitProcess(
                            state, Integer.MAX_VALUE, os.resource("RLIMIT_NOFILE"), limit, MemorySegment.NULL))
                    .isEqualTo(-os.errno("ESRCH"));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void an_unknown_resource_is_refused() {
        assertThatThrownBy(() -> os.resource("RLIMIT_NONE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no resource is called RLIMIT_NONE");
    }
}
