package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.SharedAcceptor;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several who accept from one description that blocks, as processes do that share it.
@Timeout(60)
class SharedListenerTest {

    private static final Platform OS = Platforms.current();
    private static final int ROUNDS = 100;

    @Test
    void what_is_taken_over_goes_on_to_block() throws Exception {
        try (var original = listening();
                var shared = sharing(original);
                var client = StreamSocket.open(original.localAddress());
                var server = shared.accept()) {
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            assertThat(isNonBlocking(shared)).isFalse();
        }
    }

    @Test
    void one_that_was_opened_here_blocks_once_it_is_given_away_and_a_wait_in_it_goes_on() throws Exception {
        try (var listener = Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertThat(isNonBlocking(listener)).isTrue();
            var waiting = new FutureTask<>(listener::accept);
            Thread.ofVirtual().start(waiting);
            Await.until(() -> listener.waiters() == 1, Duration.ofSeconds(20));

            listener.borrow().close();

            assertThat(isNonBlocking(listener)).isFalse();
            try (var client = StreamSocket.open(listener.localAddress());
                    var server = waiting.get()) {
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            }
            assertThat(listener.tryAccept()).isNull();
            try (var descriptor = Descriptor.duplicateOf(listener);
                    var other = Listener.adoptStream(descriptor.release())) {
                assertThat(isNonBlocking(other)).isFalse();
            }
        }
    }

    @Test
    void one_that_becomes_a_descriptor_blocks() throws Exception {
        var listener = Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (var other = Listener.adoptStream(listener.toDescriptor().release())) {
            assertThat(isNonBlocking(other)).isFalse();
        }
    }

    @Test
    void each_connection_goes_to_one_of_them_and_nobody_waits_beyond_the_deadline() throws Exception {
        try (var original = listening();
                var one = sharing(original);
                var other = sharing(original)) {
            Set<Integer> seen = new HashSet<>();
            for (int i = 0; i < ROUNDS; i++) {
                var first = accepting(one);
                var second = accepting(other);
                try (var client = StreamSocket.open(original.localAddress())) {
                    client.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                    note(seen, first);
                    note(seen, second);
                }
            }
            while (seen.size() < ROUNDS) {
                take(seen, one);
                take(seen, other);
            }
            free(original, one, other);
        }
    }

    @Test
    void what_a_thread_that_is_left_behind_accepts_goes_to_the_next_call() throws Exception {
        try (var original = listening();
                var shared = sharing(original);
                var ends = new Ends(shared)) {
            var stuck = new SharedAcceptor(ends.ends);
            ends.lead(stuck); // as if another process had been faster than the thread that it starts
            try (var client = StreamSocket.open(original.localAddress())) {
                int accepted = -Errno.EAGAIN.code();
                while (accepted < 0) {
                    accepted = stuck.takeNow();
                }
                try (var server = StreamSocket.adopt(accepted)) {
                    assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                }
            }
        }
    }

    /// As where another process was faster than the thread, which then is in `accept(2)` with no
    /// connection there.
    @Test
    void once_it_is_closed_or_rests_it_takes_no_connection_from_others() throws Exception {
        try (var original = listening();
                var shared = sharing(original);
                var ends = new Ends(shared)) {
            var backlog = new SharedAcceptor(ends.ends);
            for (Runnable end : List.<Runnable>of(backlog::rest, backlog::close)) {
                ends.lead(backlog);
                awaitAccept();

                end.run();

                try (var client = StreamSocket.open(original.localAddress());
                        var server = original.accept(Deadline.after(Duration.ofSeconds(10)))) {
                    assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                }
            }
        }
    }

    @Test
    void a_thread_that_has_yet_to_begin_takes_nothing_either() throws Exception {
        try (var original = listening();
                var shared = sharing(original);
                var ends = new Ends(shared)) {
            for (int i = 0; i < ROUNDS; i++) {
                var backlog = new SharedAcceptor(ends.ends);
                ends.lead(backlog);
                backlog.close();
                Await.until(() -> !isAccepting(), Duration.ofSeconds(10));
            }
        }
    }

    /// As on a machine that is so busy that the thread gets no processor for a while.
    @Test
    void a_thread_that_begins_late_still_takes_who_is_there() throws Exception {
        try (var original = listening();
                var shared = sharing(original);
                var ends = new Ends(shared);
                var client = StreamSocket.open(original.localAddress())) {
            var backlog = new SharedAcceptor(
                    ends.ends,
                    body -> Thread.ofPlatform().name("late").start(() -> {
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                        body.run();
                    }));

            try (var server = StreamSocket.adopt(backlog.takeNow())) {
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            }
        }
    }

    private static void awaitAccept() {
        Await.until(SharedListenerTest::isAccepting, Duration.ofSeconds(10));
    }

    /// Returns whether a thread is in the call that accepts for others.
    private static boolean isAccepting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("dyad-accept"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("accept4"));
    }

    @Test
    void only_what_listens_becomes_a_listener_and_only_what_does_not_becomes_an_end() throws Exception {
        try (var pair = SocketPair.stream();
                var packets = SocketPair.seqpacket();
                var datagrams = SocketPair.datagram();
                var listener = listening()) {
            refused(pair.left(), Errno.EINVAL, Listener::adopt);
            refused(packets.left(), Errno.EINVAL, Listener::adopt);
            refused(datagrams.left(), Errno.EPROTOTYPE, Listener::adopt);
            refused(pair.left(), Errno.EPROTOTYPE, Listener::adoptSeqpacket);
            refused(listener, Errno.EPROTOTYPE, Listener::adoptSeqpacket);
            refused(listener, Errno.EINVAL, StreamSocket::adopt);
            refused(listener, Errno.EPROTOTYPE, MessageSocket::adopt);
            try (var descriptor = duplicate(listener);
                    var adopted = descriptor.toListener()) {
                assertThat(adopted.localAddress()).isEqualTo(listener.localAddress());
            }
        }
    }

    /// The descriptor of a listener, for a backlog of our own.
    private static final class Ends implements AutoCloseable {
        private final Fd ends;

        Ends(Listener<?> listener) throws IOException {
            int fd = duplicate(listener).release();
            ends = new Fd(fd, OS.AF_UNIX(), OS.SOCK_STREAM(), true, true);
        }

        /// Makes a backlog start its thread though nobody is there any more.
        void lead(SharedAcceptor backlog) throws IOException {
            backlog.begin();
            assertThat(backlog.take()).isEqualTo(-Errno.EAGAIN.code());
        }

        @Override
        public void close() {
            ends.fd.close();
        }
    }

    private interface Adopting {
        Endpoint adopt(int fd) throws IOException;
    }

    private static void refused(Endpoint end, Errno errno, Adopting kind) throws IOException {
        try (var fd = end.borrow()) {
            assertThatThrownBy(() -> kind.adopt(fd.fd()))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(errno));
        }
        assertThat(end.isOpen()).isTrue();
    }

    static Listener<StreamSocket> listening() throws IOException {
        return Listener.stream(UnixAddress.unnamed());
    }

    /// Returns a listener of the same description, which from now on blocks.
    static Listener<StreamSocket> sharing(Listener<StreamSocket> listener) throws IOException {
        var descriptor = duplicate(listener);
        try (var fd = descriptor.borrow();
                var arena = Arena.ofConfined()) {
            assertThat(Fcntl.fcntl(new CallState(arena), fd.fd(), OS.F_SETFL(), 0))
                    .isZero();
        }
        return Listener.adoptStream(descriptor.release());
    }

    private static Descriptor duplicate(Endpoint end) throws IOException {
        try (var fd = end.borrow();
                var arena = Arena.ofConfined()) {
            int copy = Fcntl.fcntl(new CallState(arena), fd.fd(), OS.F_DUPFD_CLOEXEC(), 0);
            assertThat(copy).isNotNegative();
            return Descriptor.of(copy);
        }
    }

    private static boolean isNonBlocking(Endpoint end) throws IOException {
        try (var fd = end.look()) {
            return SocketCalls.isNonBlocking(fd.fd());
        }
    }

    private static FutureTask<StreamSocket> accepting(Listener<StreamSocket> listener) {
        var task = new FutureTask<>(() -> listener.accept(Deadline.after(Duration.ofMillis(20))));
        Thread.ofVirtual().start(task);
        return task;
    }

    private static void note(Set<Integer> seen, FutureTask<StreamSocket> accepting) throws Exception {
        try (var accepted = accepting.get()) {
            note(seen, accepted);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void note(Set<Integer> seen, StreamSocket accepted) throws IOException {
        var room = ByteBuffer.allocate(1);
        assertThat(accepted.read(room)).isOne();
        assertThat(seen.add((int) room.get(0))).isTrue();
    }

    /// Takes what was accepted for a call that had ended.
    private static void take(Set<Integer> seen, Listener<?> listener) throws IOException {
        try (var accepted = (StreamSocket) listener.tryAccept()) {
            if (accepted != null) {
                note(seen, accepted);
            }
        }
    }

    /// Ends the threads that are left behind, each with a connection.
    private static void free(Listener<StreamSocket> original, Listener<?>... shared) throws IOException {
        var address = original.localAddress();
        for (var each : shared) {
            each.close();
        }
        for (int i = 0; i < shared.length; i++) {
            StreamSocket.open(address).close();
        }
    }
}
