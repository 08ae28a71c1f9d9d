package dev.dyad.socket.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Timeval;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.select.FdSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is added to the calls: that they wait where the descriptor says so, and what ends a wait.
class RawSocketTest {

    private static final Platform OS = Platforms.current();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private RawSocket left;
    private RawSocket right;

    @BeforeEach
    void open() {
        try (var arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            int answer = SysSocket.socketpair(
                    new CallState(arena), OS.AF_UNIX(), OS.SOCK_STREAM() | OS.SOCK_CLOEXEC(), 0, fds);
            assertThat(answer).isZero();
            left = RawSocket.own(fds.getAtIndex(ValueLayout.JAVA_INT, 0), OS.AF_UNIX());
            right = RawSocket.own(fds.getAtIndex(ValueLayout.JAVA_INT, 1), OS.AF_UNIX());
        }
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    static Stream<ThreadFactory> threads() {
        return Stream.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory());
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_call_that_would_block_waits_until_it_does_not(ThreadFactory threads) throws Exception {
        var reader = waiting(threads, right, () -> receive(right));

        assertThat(send(left, "hello")).isEqualTo(5);

        assertThat(reader.get()).isEqualTo(5);
        assertThat(right.waiters()).isZero();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_close_ends_the_wait_and_all_calls(ThreadFactory threads) throws Exception {
        var reader = waiting(threads, right, () -> receive(right));

        right.close();

        assertThat(reader.get()).isEqualTo(-Errno.EBADF.code());
        assertThat(receive(right)).isEqualTo(-Errno.EBADF.code());
        assertThat(right.call((state, fd, room) -> 0)).isEqualTo(-Errno.EBADF.code());
        assertThat(right.accept()).isEqualTo(-Errno.EBADF.code());
        assertThat(right.connect(MemorySegment.NULL, 0)).isEqualTo(-Errno.EBADF.code());
        assertThat(right.isOpen()).isFalse();
        assertThatThrownBy(right::borrow).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void an_interrupt_ends_the_wait_and_leaves_the_socket_open(ThreadFactory threads) throws Exception {
        var reader = new FutureTask<>(() -> {
            long answer = receive(right);
            assertThat(Thread.interrupted()).isTrue();
            return answer;
        });
        Thread thread = threads.newThread(reader);
        thread.start();
        Await.until(() -> right.waiters() > 0, LIMIT);

        thread.interrupt();

        assertThat(reader.get()).isEqualTo(-Errno.EINTR.code());
        assertThat(send(left, "x")).isEqualTo(1);
        assertThat(receive(right)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void those_that_wait_in_one_direction_all_get_their_turn(ThreadFactory threads) throws Exception {
        var readers = new ArrayList<FutureTask<Long>>();
        for (int i = 0; i < 4; i++) {
            readers.add(waiting(threads, right, () -> receive(right)));
        }

        for (FutureTask<Long> reader : readers) {
            assertThat(send(left, "x")).isEqualTo(1);
            Await.until(() -> readers.stream().filter(FutureTask::isDone).count() > readers.indexOf(reader), LIMIT);
        }

        for (FutureTask<Long> reader : readers) {
            assertThat(reader.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void the_time_limit_of_the_descriptor_is_kept(ThreadFactory threads) throws Exception {
        limit(right, OS.SO_RCVTIMEO());
        limit(left, OS.SO_SNDTIMEO());
        var reader = new FutureTask<>(() -> receive(right));
        threads.newThread(reader).start();
        var writer = new FutureTask<>(() -> {
            long answer;
            do {
                answer = send(left, "x".repeat(10_000));
            } while (answer > 0);
            return answer;
        });

        assertThat(reader.get()).isEqualTo(-Errno.EAGAIN.code());
        threads.newThread(writer).start();
        assertThat(writer.get()).isEqualTo(-Errno.EAGAIN.code());
    }

    @Test
    void a_descriptor_that_does_not_block_does_not_wait() {
        setNonBlocking(right);

        assertThat(receive(right)).isEqualTo(-Errno.EAGAIN.code());
        assertThat(right.accept()).isEqualTo(-Errno.EINVAL.code());
    }

    @Test
    void a_socket_that_does_not_listen_accepts_nothing_at_once() {
        assertThat(right.accept()).isEqualTo(-Errno.EINVAL.code());
    }

    @ParameterizedTest
    @MethodSource("threads")
    void an_accept_waits_for_a_connection_however_shared_the_listener_is(ThreadFactory threads) throws Exception {
        for (boolean isShared : new boolean[] {false, true}) {
            var name = name();
            try (RawSocket listener = socket();
                    RawSocket client = socket()) {
                if (isShared) {
                    listener.borrow().close();
                }
                assertThat(listen(listener, name, 1)).isZero();
                var accepting = waiting(threads, listener, listener::accept);

                assertThat(connect(client, name)).isZero();

                SocketCalls.closeNow(Math.toIntExact(accepting.get()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_connect_waits_until_the_backlog_has_room(ThreadFactory threads) throws Exception {
        var name = name();
        try (RawSocket listener = socket();
                RawSocket first = socket();
                RawSocket second = socket();
                RawSocket third = socket()) {
            assertThat(listen(listener, name, 0)).isZero();
            assertThat(connect(first, name)).isZero();
            setNonBlocking(third);
            assertThat(connect(third, name)).isEqualTo(-Errno.EAGAIN.code());
            var connecting = waiting(threads, second, () -> connect(second, name));

            SocketCalls.closeNow(Math.toIntExact(listener.accept()));

            assertThat(connecting.get()).isZero();
            try (BorrowedFd number = second.borrow()) {
                assertThat(SocketCalls.isNonBlocking(number.fd())).isFalse();
            }
            SocketCalls.closeNow(Math.toIntExact(listener.accept()));
        }
    }

    @Test
    void nobody_listening_is_refused_at_once() {
        try (RawSocket client = socket()) {
            assertThat(connect(client, name())).isEqualTo(-Errno.ECONNREFUSED.code());
        }
    }

    @Test
    void a_selection_sees_that_a_direction_was_shut() {
        assertThat(isReadable(right, Deadline.after(Duration.ZERO))).isFalse();

        assertThat(right.shutdown(OS.SHUT_RD())).isZero();

        assertThat(isReadable(right, Deadline.after(LIMIT))).isTrue();
    }

    private static boolean isReadable(RawSocket socket, Deadline deadline) {
        FdSelection selection = FdSelection.borrow(socket);
        try {
            selection.want(socket, FdSelection.READ);
            return selection.select(deadline) > 0 && selection.isReady(socket, FdSelection.READ);
        } finally {
            selection.giveBack();
        }
    }

    private static FutureTask<Long> waiting(ThreadFactory threads, RawSocket socket, Callable<Long> call) {
        var task = new FutureTask<>(call);
        threads.newThread(task).start();
        Await.until(() -> socket.waiters() > 0, LIMIT);
        return task;
    }

    private static long receive(RawSocket socket) {
        return socket.receiving((state, fd, room) -> SysSocket.recv(state, fd, room, OS.MSG_DONTWAIT()));
    }

    private static long send(RawSocket socket, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return socket.sending((state, fd, room) -> {
            MemorySegment data = room.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            return SysSocket.send(state, fd, data, OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL());
        });
    }

    private static void limit(RawSocket socket, int option) {
        long answer = socket.call((state, fd, room) -> {
            MemorySegment time = room.asSlice(0, Timeval.LAYOUT.byteSize());
            Timeval.set(time, 50_000);
            return SysSocket.setsockopt(state, fd, OS.SOL_SOCKET(), option, time, (int) time.byteSize());
        });
        assertThat(answer).isZero();
    }

    private static void setNonBlocking(RawSocket socket) {
        assertThat(socket.call((state, fd, room) -> Fcntl.fcntl(state, fd, OS.F_SETFL(), OS.O_NONBLOCK())))
                .isZero();
    }

    private static RawSocket socket() {
        try (var arena = Arena.ofConfined()) {
            int fd = SysSocket.socket(new CallState(arena), OS.AF_UNIX(), OS.SOCK_STREAM() | OS.SOCK_CLOEXEC(), 0);
            return RawSocket.own(fd, OS.AF_UNIX());
        }
    }

    private static byte[] name() {
        return ("\0dyad-system-" + ProcessHandle.current().pid() + "-" + System.nanoTime())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static long listen(RawSocket socket, byte[] name, int backlog) {
        return socket.call((state, fd, room) -> {
            MemorySegment address = room.asSlice(0, SockAddrUn.LAYOUT.byteSize());
            int bound = SysSocket.bind(state, fd, address, SockAddrUn.set(address, OS.AF_UNIX(), name));
            return bound < 0 ? bound : SysSocket.listen(state, fd, backlog);
        });
    }

    private static long connect(RawSocket socket, byte[] name) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddrUn.LAYOUT);
            return socket.connect(address, SockAddrUn.set(address, OS.AF_UNIX(), name));
        }
    }
}
