package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A socket takes the place of a file that nobody holds any more, and of no other.
@Timeout(60)
class StaleFileTest {

    private static final int ROUNDS = 50;
    private static final int STARTERS = 4;

    @TempDir
    private Path folder;

    private Path path;
    private UnixAddress address;

    @BeforeEach
    void choose() {
        path = folder.resolve("socket");
        address = UnixAddress.of(path);
    }

    /// Listens at a path, says so, and is killed.
    static final class Killed {
        private Killed() {}

        public static void main(String[] args) throws Exception {
            Listener.stream(UnixAddress.of(Path.of(args[0])));
            new ProcessBuilder(
                            "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start();
            Thread.currentThread().join();
        }
    }

    @Test
    void the_file_of_a_process_that_was_killed_is_replaced() throws Exception {
        assertThat(JavaProbe.of(Killed.class, path.toString()).run().exit()).isEqualTo(128 + 9);
        assertThat(path).exists();
        assertInUse(() -> Listener.stream(address));

        try (var listener = Listener.streamReplacingStale(address)) {
            assertConnects(listener);
            assertThat(listener.localAddress()).isEqualTo(address);
        }
    }

    @Test
    void where_there_is_no_file_no_lock_file_is_left() throws Exception {
        try (var listener = Listener.streamReplacingStale(address)) {
            assertConnects(listener);
            assertThat(folder).isDirectoryNotContaining(file -> !file.equals(path));
        }
    }

    @Test
    void an_address_of_the_jdk_and_a_listener_for_packets_do_as_well() throws Exception {
        Listener.seqpacket(address).close();
        try (var listener = Listener.openSeqpacket().bindReplacingStale(UnixDomainSocketAddress.of(path), 1);
                var client = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_SEQPACKET)
                        .connect(address);
                var server = listener.accept()) {
            assertThat(server.isOpen()).isTrue();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void a_socket_of_datagrams_does_as_well() throws Exception {
        datagrams().bind(address).close();
        try (var refused = datagrams()) {
            assertInUse(() -> refused.bind(address));
        }
        try (var receiver = datagrams().bindReplacingStale(address);
                var sender = datagrams().connect(address)) {
            sender.send(ByteBuffer.wrap(new byte[] {7}));
            assertThat(receiver.receive(ByteBuffer.allocate(2)).length()).isOne();
            try (var late = datagrams()) {
                assertInUse(() -> late.bindReplacingStale(UnixDomainSocketAddress.of(path)));
                assertThat(receiver.tryReceive(ByteBuffer.allocate(1), 0)).isNull();
            }
        }
        try (var port = MessageSocket.open(SocketPair.AF_INET, SocketPair.SOCK_DGRAM)
                        .bindReplacingStale(Places.port());
                var late = MessageSocket.open(SocketPair.AF_INET, SocketPair.SOCK_DGRAM)) {
            assertInUse(() -> late.bindReplacingStale(port.localAddress()));
        }
    }

    private static MessageSocket datagrams() throws IOException {
        return MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);
    }

    @Test
    void a_listener_that_lives_stays_and_is_not_disturbed() throws Exception {
        try (var live = Listener.stream(address)) {
            assertInUse(() -> Listener.streamReplacingStale(address));
            assertThat(live.tryAccept()).isNull();
            assertConnects(live);
            assertThat(folder).isDirectoryNotContaining(file -> !file.equals(path));
        }
    }

    @Test
    void a_listener_whose_queue_is_full_stays() throws Exception {
        try (var live = Listener.stream(address, 0);
                var waiting = StreamSocket.open(address)) {
            assertInUse(() -> Listener.streamReplacingStale(address));
            try (var server = live.accept()) {
                assertThat(server.remoteAddress()).isEqualTo(waiting.localAddress());
            }
        }
    }

    @Test
    void a_socket_that_is_bound_and_does_not_listen_yet_stays() throws Exception {
        try (var bound = StreamSocket.open(SocketPair.AF_UNIX).bind(address)) {
            assertInUse(() -> Listener.streamReplacingStale(address));
            assertThat(bound.localAddress()).isEqualTo(address);
        }
        assertThat(path).exists();
    }

    @Test
    void a_datagram_socket_stays() throws Exception {
        try (var bound =
                MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM).bind(address)) {
            assertInUse(() -> Listener.streamReplacingStale(address));
            try (var other = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)
                    .connect(address)) {
                MessageSocket _ =
                        bound.connect(other.bind(UnixAddress.unnamed()).localAddress());
                assertInUse(() -> Listener.streamReplacingStale(address)); // though it hears but one
            }
        }
    }

    @Test
    void what_is_no_socket_stays() throws Exception {
        Path _ = Files.writeString(path, "precious");
        assertInUse(() -> Listener.streamReplacingStale(address));
        assertThat(path).hasContent("precious");
        Files.delete(path);

        Path _ = Files.createDirectory(path);
        assertInUse(() -> Listener.streamReplacingStale(address));
        assertThat(path).isDirectory();
    }

    @Test
    void a_symbolic_link_to_a_stale_file_stays() throws Exception {
        Path target = folder.resolve("target");
        Listener.stream(UnixAddress.of(target)).close();
        Path _ = Files.createSymbolicLink(path, target);
        assertInUse(() -> Listener.streamReplacingStale(address));
        assertThat(path).isSymbolicLink();
        assertThat(target).exists();
    }

    @ParameterizedTest(name = "dangling: {0}")
    @ValueSource(booleans = {true, false})
    void a_link_in_the_place_of_the_lock_is_told_and_makes_no_file(boolean dangling) throws Exception {
        Listener.stream(address).close();
        Path elsewhere = folder.resolve("elsewhere");
        Path lock = Files.createSymbolicLink(folder.resolve("socket.lock"), elsewhere);
        if (!dangling) {
            Path _ = Files.createFile(elsewhere);
        }

        assertThatThrownBy(() -> Listener.streamReplacingStale(address))
                .isInstanceOf(SystemCallException.class)
                .hasMessage("open: " + lock + ", which is a symbolic link or no file, and cannot be a lock: File exists"
                        + " (EEXIST)");
        assertThat(Files.exists(elsewhere)).isNotEqualTo(dangling);
        assertThat(path).exists();
    }

    @Test
    void a_file_that_another_takes_over_at_this_moment_stays() throws Exception {
        Listener.stream(address).close();
        Path lock = Files.createFile(folder.resolve("socket.lock"));
        try (var arena = Arena.ofConfined();
                var held = Descriptor.open(lock, StandardOpenOption.READ);
                var raw = held.borrow()) {
            assertThat(SysFile.flock(
                            new CallState(arena), raw.fd(), Platforms.current().LOCK_EX()))
                    .isZero();
            assertInUse(() -> Listener.streamReplacingStale(address));
            assertThat(path).exists();
        }
        Listener.streamReplacingStale(address).close();
    }

    @Test
    void other_addresses_are_bound_to_as_ever() throws Exception {
        try (var port = Listener.streamReplacingStale(Places.port());
                var name = Listener.streamReplacingStale(Places.name())) {
            assertInUse(() -> Listener.streamReplacingStale(port.localAddress()));
            assertInUse(() -> Listener.streamReplacingStale(name.localAddress()));
        }
    }

    @Test
    void a_negative_backlog_deletes_nothing() throws Exception {
        Listener.stream(address).close();
        try (var listener = Listener.openStream(SocketPair.AF_UNIX)) {
            assertThatIllegalArgumentException().isThrownBy(() -> listener.bindReplacingStale(address, -1));
        }
        assertThat(path).exists();
    }

    @Test
    void of_several_who_start_at_once_one_succeeds() throws Exception {
        Listener.stream(address).close();
        for (int i = 0; i < ROUNDS; i++) {
            List<Listener<StreamSocket>> winners = race();
            assertThat(winners).hasSize(1);
            try (var winner = winners.getFirst()) {
                assertConnects(winner);
            }
        }
    }

    private List<Listener<StreamSocket>> race() throws Exception {
        var start = new CyclicBarrier(STARTERS);
        var starting = new ArrayList<FutureTask<Listener<StreamSocket>>>();
        for (int i = 0; i < STARTERS; i++) {
            Callable<Listener<StreamSocket>> starter = () -> {
                int _ = start.await();
                return Listener.streamReplacingStale(address);
            };
            var task = new FutureTask<>(starter);
            starting.add(task);
            Thread.ofPlatform().start(task);
        }
        var winners = new ArrayList<Listener<StreamSocket>>();
        for (var task : starting) {
            try {
                winners.add(task.get());
            } catch (ExecutionException e) {
                assertInUse(() -> {
                    throw Objects.requireNonNull(e.getCause());
                });
            }
        }
        return winners;
    }

    private static void assertInUse(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(Errno.EADDRINUSE));
    }

    private static void assertConnects(Listener<StreamSocket> listener) throws IOException {
        try (var client = StreamSocket.open(listener.localAddress());
                var server = listener.accept(Stage.soon())) {
            StreamStage.assertUsable(client, server);
        }
    }
}
