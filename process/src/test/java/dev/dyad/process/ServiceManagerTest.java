package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.inherited.SocketActivation;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service manager hands over and hears, by a parent that does what the manager does.
@Timeout(120)
class ServiceManagerTest {

    /// Binds what it says in its first argument for the program behind it, and prints what that program tells.
    private static final String MANAGER = """
            import fcntl, os, socket, sys, tempfile
            folder = tempfile.mkdtemp()
            abstract = sys.argv[1] == "abstract"
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            name = "\\0dyad-notify-%d" % os.getpid() if abstract else folder + "/notify"
            notify.bind(name)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(folder + "/stream")
            listener.listen()
            datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            datagrams.bind(folder + "/datagrams")
            ours, theirs = socket.socketpair()
            child = os.fork()
            if child == 0:
                given = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100)
                         for fd in (listener.fileno(), datagrams.fileno(), theirs.fileno())]
                for i, fd in enumerate(given):
                    os.dup2(fd, 3 + i)
                os.closerange(6, 200)
                os.environ["NOTIFY_SOCKET"] = name.replace("\\0", "@")
                os.environ["LISTEN_PID"] = str(os.getpid())
                os.environ["LISTEN_FDS"] = "3"
                os.environ["LISTEN_FDNAMES"] = "web:log"
                os.environ["WATCHDOG_USEC"] = "3000000"
                os.execvp(sys.argv[2], sys.argv[2:])
            theirs.close()
            notify.settimeout(60)
            print(notify.recv(4096).decode(), end="", flush=True)
            sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            sender.sendto(b"a line", folder + "/datagrams")
            ours.settimeout(60)
            print(ours.recv(4096).decode(), end="", flush=True)
            data, fds, flags, _ = socket.recv_fds(notify, 4096, 8)
            print(data.decode(), end="")
            print("descriptors", len(fds), flush=True)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;

    /// What the manager starts.
    static final class Service {
        public static void main(String[] arguments) throws Exception {
            List<Inherited.Passed> passed = Inherited.listening();
            boolean same = Inherited.listening().equals(passed);
            ServiceManager.send("READY=1", "STATUS=已啟動");
            try (MessageSocket log = passed.get(1).descriptor().toMessageSocket();
                    StreamSocket connection = passed.get(2).descriptor().toStreamSocket()) {
                ByteBuffer line = ByteBuffer.allocate(100);
                log.receive(line).close();
                String text = "%s %s %s %s %s%n"
                        .formatted(
                                passed.stream().map(Inherited.Passed::name).toList(),
                                same,
                                UTF_8.decode(line.flip()),
                                ServiceManager.watchdogInterval(),
                                log.localAddress().toString().endsWith("/datagrams"));
                connection.write(UTF_8.encode(text));
            }
            try (var memory = Descriptor.memory("kept")) {
                ServiceManager.send(
                        List.of("FDSTORE=1", "FDNAME=kept"), List.of(memory), Deadline.after(Duration.ofSeconds(10)));
            }
            passed.get(0).descriptor().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "abstract"})
    void a_service_takes_what_it_is_given_and_tells_how_it_is_doing(String kind) throws Exception {
        JavaProbe.Result result = JavaProbe.of(Service.class)
                .under("python3", "-c", MANAGER, kind)
                .run();

        assertThat(result.errText()).isEmpty();
        assertThat(result.outText()).isEqualTo("""
                READY=1
                STATUS=已啟動
                [web, log, unknown] true a line PT3S true
                FDSTORE=1
                FDNAME=kept
                descriptors 1
                """);
        assertThat(result.exit()).isZero();
    }

    @Test
    void nobody_is_told_where_there_is_no_manager() throws Exception {
        assertThat(ServiceManager.address(null)).isNull();
        assertThat(ServiceManager.address("")).isNull();
    }

    @Test
    void the_address_is_a_path_or_an_abstract_name() {
        assertThat(ServiceManager.address("/run/notify")).isEqualTo(UnixAddress.of(Path.of("/run/notify")));
        assertThat(ServiceManager.address("@name")).isEqualTo(UnixAddress.ofAbstract("name"));
        assertThatIllegalStateException()
                .isThrownBy(() -> ServiceManager.address("vsock:2:1234"))
                .withMessageContaining("vsock:2:1234");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "READY", "=1", "STATUS=two\nlines"})
    void what_is_no_assignment_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServiceManager.lines(List.of(text)));
    }

    @Test
    void the_watchdog_of_another_process_is_not_ours() {
        assertThat(ServiceManager.watchdogInterval(Map.of("WATCHDOG_USEC", "10", "WATCHDOG_PID", "1"), 2))
                .isNull();
        assertThat(ServiceManager.watchdogInterval(Map.of("WATCHDOG_USEC", "10", "WATCHDOG_PID", "2"), 2))
                .isEqualTo(Duration.ofNanos(10_000));
        assertThatIllegalStateException()
                .isThrownBy(() -> ServiceManager.watchdogInterval(Map.of("WATCHDOG_USEC", "soon"), 2));
    }

    @Test
    void what_was_meant_for_another_process_is_not_taken() throws Exception {
        assertThat(SocketActivation.take(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1"), 2))
                .isEmpty();
        assertThat(SocketActivation.take(Map.of("LISTEN_FDS", "1"), 2)).isEmpty();
        assertThat(SocketActivation.take(Map.of("LISTEN_PID", "2", "LISTEN_FDS", "0"), 2))
                .isEmpty();
    }

    @Test
    void variables_that_make_no_sense_take_nothing() {
        for (String count : new String[] {"-1", "x", "99999999999"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> SocketActivation.take(Map.of("LISTEN_PID", "2", "LISTEN_FDS", count), 2));
        }
        assertThatThrownBy(() -> SocketActivation.take(Map.of("LISTEN_PID", "2", "LISTEN_FDS", "2147483000"), 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EBADF");
    }

    @Test
    void a_manager_that_is_gone_is_an_error_that_names_the_call() throws Exception {
        assertThatThrownBy(() -> {
                    try (MessageSocket socket = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)) {
                        socket.sendTo(ByteBuffer.allocate(1), UnixAddress.ofAbstract("dyad-nobody"));
                    }
                })
                .hasMessageStartingWith("sendmsg: ")
                .hasMessageContaining("ECONNREFUSED");
    }

    @Test
    void a_path_that_is_gone_is_told(@TempDir Path folder) throws Exception {
        try (MessageSocket socket = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);
                MessageSocket manager = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)) {
            manager.bind(UnixAddress.of(folder.resolve("notify")));
            socket.sendTo(UTF_8.encode("READY=1"), UnixAddress.of(folder.resolve("notify")));
            try (Received received = manager.receive(ByteBuffer.allocate(10))) {
                assertThat(received.length()).isEqualTo(7);
                assertThat(received.sender()).isNull();
            }
            assertThatThrownBy(() -> socket.sendTo(UTF_8.encode("x"), UnixAddress.of(folder.resolve("none"))))
                    .hasMessageContaining("ENOENT");
        }
    }
}
