package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jdk.DonorListener;
import dev.dyad.socket.jdk.DonorSearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a donor is connected, found and replaced; what the channel can do then is in
/// `AdoptedChannelContract`.
@Timeout(60)
class AdoptionTest {

    private static final Platform OS = Platforms.current();
    private static final int THREADS = 4;
    private static final int ROUNDS = 200;

    /// Says what becomes of an end that has few free descriptors to become a channel with.
    static final class WithoutDescriptors {
        public static void main(String[] arguments) throws Exception {
            FullTable.load(AdoptionTest.class, SocketPair.class, Platform.class, FullTable.class);
            try (var pair = SocketPair.stream()) {
                assertThat(pair.left().isOpen()).isTrue(); // opens the jar of the assertions, and the linker's library
            }
            if (arguments.length > 0) {
                adopt();
            }
            for (int free : new int[] {0, 1, 2, 3, 4, 16}) {
                int before = Descriptors.open().size();
                System.out.print(adopt(free));
                System.out.print(Descriptors.open().size() - before + " ");
            }
        }

        private static String adopt(int free) throws IOException {
            try (var pair = SocketPair.stream()) {
                String outcome = "channel:";
                SocketChannel channel = null;
                try (var table = FullTable.fill()) {
                    table.freeLowest(free);
                    channel = pair.right().toSocketChannel();
                } catch (IOException e) {
                    outcome = "none:";
                    pair.right().write(UTF_8.encode("x")); // it is still usable
                }
                if (channel != null) {
                    channel.write(UTF_8.encode("x"));
                    channel.close();
                }
                assertThat(pair.left().read(ByteBuffer.allocate(8))).isOne();
                return outcome;
            }
        }

        private static void adopt() throws IOException {
            try (var pair = SocketPair.stream();
                    var channel = pair.right().toSocketChannel()) {
                assertThat(channel.isOpen()).isTrue();
            }
        }
    }

    /// Opens a listener whose file stays, and tells where.
    static final class Named {
        public static void main(String[] arguments) throws Exception {
            List<Path> before = PrivateFolders.present();
            DonorListener listener = DonorListener.openNamed();
            try (var donor = listener.connect();
                    var call = CallState.open()) {
                assertThat(donor.isConnected()).isTrue();
                assertThat(new DonorSearch(call).findConnected(listener.name(), -1))
                        .isPositive();
            }
            List<Path> folders = new ArrayList<>(PrivateFolders.present());
            folders.removeAll(before);
            System.out.print(folders.getFirst());
        }
    }

    @Test
    void the_donor_is_found_among_all_descriptors_and_nothing_else_is_taken_for_it() throws Exception {
        DonorListener listener = DonorListener.open();
        try (var call = CallState.open();
                var pair = SocketPair.stream();
                var other = pair.left().borrow()) {
            var search = new DonorSearch(call);
            assertThatThrownBy(() -> search.findConnected(listener.name(), other.fd()))
                    .isInstanceOf(IOException.class);

            try (var donor = listener.connect()) {
                int number = search.findConnected(listener.name(), other.fd());
                assertThat(number).isNotEqualTo(other.fd()).isNotNegative();
                assertThat(search.findConnected(listener.name(), -1)).isEqualTo(number);
                assertThat(search.findConnected(listener.name(), number)).isEqualTo(number);
                assertThat(donor.isBlocking()).isTrue();
            }
            listener.dropConnections();
        } finally {
            listener.close();
        }
    }

    @Test
    void nothing_is_left_in_the_file_system() throws Exception {
        List<Path> before = PrivateFolders.present();
        DonorListener listener = DonorListener.open();
        try {
            assertThat(PrivateFolders.present()).isEqualTo(before);
        } finally {
            listener.close();
        }
    }

    @Test
    void a_file_that_has_to_stay_is_deleted_at_exit() throws Exception {
        JavaProbe.Result result = JavaProbe.of(Named.class).run();

        assertThat(result.exit()).as(result.toString()).isZero();
        assertThat(result.outText()).contains("dyad");
        assertThat(Path.of(result.outText())).doesNotExist();
    }

    @Test
    void a_full_queue_is_an_error_and_no_wait_and_can_be_emptied() throws Exception {
        DonorListener listener = DonorListener.openNamed();
        var donors = new ArrayList<SocketChannel>();
        try {
            assertThatThrownBy(() -> {
                        while (donors.size() < 10_000) {
                            donors.add(listener.connect());
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(donors).isNotEmpty();

            listener.dropConnections();
            donors.add(listener.connect());
            assertThat(donors.getFirst().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } finally {
            for (SocketChannel donor : donors) {
                donor.close();
            }
            listener.close();
        }
    }

    @Test
    void without_descriptors_the_end_stays_usable_and_nothing_leaks() throws Exception {
        assertThat(withoutDescriptors()) // what the JDK keeps comes with the first channel
                .matches("none:0 none:0 none:0 none:0 none:0 channel:\\d ");
        assertThat(withoutDescriptors("there is a listener"))
                .isEqualTo("none:0 channel:0 channel:0 channel:0 channel:0 channel:0 ");
    }

    private static String withoutDescriptors(String... listener) throws Exception {
        JavaProbe.Result result =
                JavaProbe.of(WithoutDescriptors.class, listener).descriptors(64).run();
        assertThat(result.exit()).as(result.toString()).isZero();
        return result.outText();
    }

    @Test
    void adoptions_at_once_and_descriptors_that_come_and_go_are_not_confused() throws Exception {
        var over = new AtomicBoolean();
        var churn = start(() -> {
            int opened = 0;
            for (; !over.get(); opened++) {
                SocketPair.stream().close();
            }
            return opened;
        });
        var adopting = new ArrayList<FutureTask<Integer>>();
        for (int i = 0; i < THREADS; i++) {
            adopting.add(start(AdoptionTest::adoptAndTalk));
        }

        for (var task : adopting) {
            assertThat(task.get()).isEqualTo(ROUNDS);
        }
        over.set(true);
        assertThat(churn.get()).isPositive();
    }

    @Test
    void the_socket_blocks_as_the_jdk_believes() throws Exception {
        try (var pair = SocketPair.stream()) {
            setNonBlocking(pair.right());
            setNonBlocking(pair.left());
            try (var channel = pair.right().toSocketChannel();
                    var copy = NativeCopy.of(pair.left())) {
                assertThat(channel.isBlocking()).isTrue();
                assertThat(copy.isNonBlocking()).isTrue(); // the other end is another description
            }
        }
        try (var pair = SocketPair.stream();
                var copy = NativeCopy.of(pair.right());
                var channel = pair.right().toSocketChannel()) {
            assertThat(copy.isNonBlocking()).isFalse();
            channel.configureBlocking(false);
            assertThat(copy.isNonBlocking()).isTrue();
            channel.configureBlocking(true);
            assertThat(copy.isNonBlocking()).isFalse();
        }
    }

    @Test
    void on_a_virtual_thread_the_socket_never_blocks() throws Exception {
        try (var pair = SocketPair.stream();
                var copy = NativeCopy.of(pair.right())) {
            var task = new FutureTask<>(pair.right()::toSocketChannel);
            Thread.ofVirtual().start(task);
            try (var channel = task.get()) {
                assertThat(channel.isBlocking()).isTrue();
                assertThat(copy.isNonBlocking()).isTrue();
            }
        }
    }

    /// Another number for the socket of an end, by which its flags are seen.
    private record NativeCopy(int fd) implements AutoCloseable {

        static NativeCopy of(StreamSocket end) throws IOException {
            try (var call = CallState.open();
                    var borrowed = end.borrow()) {
                return new NativeCopy(Fcntl.fcntl(call, borrowed.fd(), OS.F_DUPFD_CLOEXEC(), 0));
            }
        }

        boolean isNonBlocking() {
            try (var call = CallState.open()) {
                return (Fcntl.fcntl(call, fd, OS.F_GETFL(), 0) & OS.O_NONBLOCK()) != 0;
            }
        }

        @Override
        public void close() {
            SocketCalls.closeNow(fd);
        }
    }

    private static void setNonBlocking(StreamSocket end) throws IOException {
        try (var call = CallState.open();
                var borrowed = end.borrow()) {
            assertThat(Fcntl.fcntl(call, borrowed.fd(), OS.F_SETFL(), OS.O_NONBLOCK()))
                    .isZero();
        }
    }

    private static int adoptAndTalk() throws IOException {
        int right = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (var pair = SocketPair.stream()) {
                byte[] mine = (Thread.currentThread().threadId() + " " + i).getBytes(UTF_8);
                try (var channel = pair.right().toSocketChannel()) {
                    channel.write(ByteBuffer.wrap(mine));
                }
                var room = ByteBuffer.allocate(64);
                while (pair.left().read(room) > 0) {
                    // up to the end of the stream
                }
                right += room.flip().equals(ByteBuffer.wrap(mine)) ? 1 : 0;
            }
        }
        return right;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
    void a_tcp_end_becomes_a_tcp_channel_with_its_addresses_and_options(String host) throws Exception {
        var name = new InetSocketAddress(InetAddress.getByName(host), 0);
        int domain = host.contains(":") ? OS.AF_INET6() : OS.AF_INET();
        try (var listener = Listener.openStream(domain).bind(name, 5);
                var client = StreamSocket.open(domain).connect(listener.localAddress());
                var accepted = listener.accept()) {
            var addresses = List.of(client.localAddress(), accepted.localAddress());
            try (var one = client.toSocketChannel();
                    var other = accepted.toSocketChannel()) {
                assertThat(List.of(one.getLocalAddress(), one.getRemoteAddress()))
                        .isEqualTo(addresses);
                assertThat(List.of(other.getRemoteAddress(), other.getLocalAddress()))
                        .isEqualTo(addresses);
                one.setOption(StandardSocketOptions.TCP_NODELAY, true);
                assertThat(one.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
                assertThat(one.socket().getInetAddress().isLoopbackAddress()).isTrue();

                assertThat(one.write(UTF_8.encode("over TCP"))).isEqualTo(8);
                assertThat(other.read(ByteBuffer.allocate(9))).isEqualTo(8);
                one.shutdownOutput();
                assertThat(other.read(ByteBuffer.allocate(9))).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_port_that_a_udp_socket_has_is_another_one_in_the_channel() throws Exception {
        try (var listener = Listener.stream(Places.port());
                var taken = DatagramChannel.open().bind(listener.localAddress());
                var client = StreamSocket.open(listener.localAddress());
                var accepted = listener.accept();
                var channel = accepted.toSocketChannel()) {
            assertThat(taken.isOpen()).isTrue();
            assertThat(channel.getRemoteAddress()).isEqualTo(client.localAddress());
            var local = (InetSocketAddress) channel.getLocalAddress();
            assertThat(local.getAddress().isLoopbackAddress()).isTrue();
            client.write(UTF_8.encode("x"));
            assertThat(channel.read(ByteBuffer.allocate(2))).isOne();
        }
    }

    private static <T> FutureTask<T> start(Callable<T> call) {
        var task = new FutureTask<>(call);
        Thread.ofPlatform().start(task);
        return task;
    }
}
