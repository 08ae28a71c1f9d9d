package dev.dyad.process;

import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What people complain about of other ways to start a process, and does not happen here.
@Tag("both")
@Timeout(60)
class ComplaintTest {

    private static final int MUCH = 4 << 20;

    @Test
    void the_end_of_a_child_is_the_end_of_all_that_it_wrote_to() throws Exception {
        try (Child child = sh("echo ready >&3; exec sleep 600")
                .stdout(Stdio.pipe())
                .with(5, Stdio.pair())
                .with(6, Stdio.pipe())
                .spawn()) {
            assertThat(child.socket().read(ByteBuffer.allocate(6))).isEqualTo(6);

            assertThat(child.signal(Signal.KILL)).isTrue();

            assertThat(readToEnd(child.socket())).isEmpty();
            assertThat(readToEnd(child.pair(5))).isEmpty();
            assertThat(child.stdout().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(child.pipe(6).read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void a_child_that_lives_on_does_not_hide_the_end_of_another() throws Exception {
        try (Child one = sh("exec sleep 600").stdout(Stdio.pipe()).spawn();
                Child other = sh("exec sleep 600").stdout(Stdio.pipe()).spawn();
                Child last = sh("exec sleep 600").stdout(Stdio.pipe()).spawn()) {
            assertThat(other.signal(Signal.KILL)).isTrue();

            assertThat(other.stdout().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(readToEnd(other.socket())).isEmpty();
            assertThat(one.signal(Signal.KILL)).isTrue();
            assertThat(last.signal(Signal.KILL)).isTrue();
        }
    }

    @Test
    void a_process_that_was_left_behind_with_the_pipe_holds_up_neither_a_wait_nor_a_close() throws Exception {
        Child child = sh("{ read line <&4; } & echo done")
                .withoutSocket()
                .stdout(Stdio.pipe())
                .with(4, Stdio.pair())
                .spawn();
        try (child) {
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            assertThat(child.stdout().read(ByteBuffer.allocate(16))).isEqualTo(5);
            assertThatThrownBy(() -> child.stdout().read(ByteBuffer.allocate(1), soon()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(child.stdout().isOpen()).isFalse();
    }

    @Test
    void a_wait_before_a_read_ends_at_its_deadline_and_loses_nothing() throws Exception {
        try (Child child =
                sh("head -c " + MUCH + " /dev/zero").stdout(Stdio.pipe()).spawn()) {
            assertThatThrownBy(() -> child.waitFor(soon())).isInstanceOf(TimeoutException.class);

            assertThat(child.stdout().inputStream().readAllBytes()).hasSize(MUCH);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void much_in_both_directions_at_once_locks_nobody() throws Exception {
        try (Child child = Command.of("cat")
                        .stdin(Stdio.pipe())
                        .stdout(Stdio.pipe())
                        .spawn();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var writer = executor.submit(() -> {
                child.stdin().write(ByteBuffer.allocate(MUCH));
                child.stdin().close();
                return true;
            });

            assertThat(child.stdout().inputStream().readAllBytes()).hasSize(MUCH);
            assertThat(writer.get()).isTrue();
        }
    }

    @Test
    void a_port_can_be_bound_again_while_a_child_lives() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = new ServerSocket();
        server.bind(address);
        try (Child child = sh("read line <&3").spawn()) {
            server.close();

            try (var again = new ServerSocket()) {
                again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
                assertThat(again.isBound()).isTrue();
            }
            assertThat(child.isAlive()).isTrue();
        } finally {
            server.close();
        }
    }

    @Test
    void whatever_is_printed_the_conversation_is_not_concerned() throws Exception {
        try (Child child = sh("echo noise; echo noise >&2; read line <&3; echo noise; echo \"$line\" >&3; echo noise")
                .stdout(Stdio.ignore())
                .stderr(Stdio.ignore())
                .spawn()) {
            child.socket().write(UTF_8.encode("said\n"));

            assertThat(readToEnd(child.socket())).isEqualTo("said\n");
        }
    }

    @Test
    void no_port_and_no_path_is_needed() throws Exception {
        try (Child child = sh("read line <&3").spawn()) {
            assertThat(child.socket().localAddress()).isEqualTo(UnixAddress.unnamed());
            assertThat(child.socket().remoteAddress()).isEqualTo(UnixAddress.unnamed());
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(50));
    }
}
