package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FailsWhenEmulated;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real calls, real answers.
@Timeout(60)
class CallsTest {

    private static final int NOTHING = 1 << 20; // a number that no descriptor has

    private final Calls calls = new Calls();
    private final Platform os = calls.os;
    private final CallState state = calls.state;

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void bytes_go_from_one_end_to_the_other_and_back() {
        int[] pair = calls.pair();
        MemorySegment room = calls.room(64);

        assertThat(SysSocket.send(state, pair[0], calls.bytes("there"), os.MSG_NOSIGNAL()))
                .isEqualTo(5);
        assertThat(SysSocket.recv(state, pair[1], room, 0)).isEqualTo(5);
        assertThat(Calls.text(room, 5)).isEqualTo("there");

        assertThat(Unistd.write(state, pair[1], calls.bytes("back"))).isEqualTo(4);
        assertThat(Unistd.read(state, pair[0], room)).isEqualTo(4);
        assertThat(Calls.text(room, 4)).isEqualTo("back");
    }

    @Test
    void what_never_waits_takes_memory_of_the_heap() {
        int[] pair = calls.pair();
        CallState heap = CallState.onHeap();
        var room = new byte[8];

        assertThat(SysSocket.send(heap, pair[0], MemorySegment.ofArray("there".getBytes(UTF_8)), os.MSG_NOSIGNAL()))
                .isEqualTo(5);
        assertThat(SysSocket.recv(heap, pair[1], MemorySegment.ofArray(room).asSlice(2, 5), os.MSG_DONTWAIT()))
                .isEqualTo(5);
        assertThat(new String(room, 2, 5, UTF_8)).isEqualTo("there");
        assertThat(SysSocket.recv(heap, pair[1], MemorySegment.ofArray(room), os.MSG_DONTWAIT()))
                .isEqualTo(-os.errno("EAGAIN"));
    }

    @Test
    void a_pair_is_close_on_exec_from_birth() {
        for (int fd : calls.pair()) {
            assertThat(Descriptors.open().get(fd)).matches(d -> d != null && d.closeOnExec());
            assertThat(Fcntl.fcntl(state, fd, os.F_GETFD(), 0)).isEqualTo(os.FD_CLOEXEC());
        }
    }

    @Test
    void fcntl_sets_the_flag_and_duplicates_with_it() {
        int fd = calls.pair(os.SOCK_STREAM())[0];
        assertThat(Fcntl.fcntl(state, fd, os.F_GETFD(), 0)).isZero();

        assertThat(Fcntl.fcntl(state, fd, os.F_SETFD(), os.FD_CLOEXEC())).isZero();
        int copy = calls.opened(Fcntl.fcntl(state, fd, os.F_DUPFD_CLOEXEC(), 200));

        assertThat(Fcntl.fcntl(state, fd, os.F_GETFD(), 0)).isEqualTo(os.FD_CLOEXEC());
        assertThat(Fcntl.fcntl(state, copy, os.F_GETFD(), 0)).isEqualTo(os.FD_CLOEXEC());
        assertThat(copy).isGreaterThanOrEqualTo(200);
    }

    @Test
    void one_message_gathers_and_scatters() {
        int[] pair = calls.pair();
        MemorySegment[] rooms = {calls.room(4).asSlice(0, 4), calls.room(64)};

        assertThat(SysSocket.sendmsg(
                        state, pair[0], message(calls.bytes("AB"), calls.bytes("Cdef")), os.MSG_NOSIGNAL()))
                .isEqualTo(6);
        assertThat(SysSocket.recvmsg(state, pair[1], message(rooms), 0)).isEqualTo(6);

        assertThat(Calls.text(rooms[0], 4)).isEqualTo("ABCd");
        assertThat(Calls.text(rooms[1], 2)).isEqualTo("ef");
    }

    private MemorySegment message(MemorySegment... parts) {
        MemorySegment vector = calls.arena.allocate(IoVec.LAYOUT, parts.length);
        for (int i = 0; i < parts.length; i++) {
            IoVec.set(vector, i, parts[i]);
        }
        MemorySegment header = calls.room(MsgHdr.LAYOUT);
        MsgHdr.set(header, vector, parts.length);
        return header;
    }

    @Test
    void shutdown_ends_one_direction_only() {
        int[] pair = calls.pair();
        MemorySegment room = calls.room(8);

        assertThat(SysSocket.shutdown(state, pair[0], os.SHUT_WR())).isZero();

        assertThat(SysSocket.recv(state, pair[1], room, 0)).isZero();
        assertThat(SysSocket.send(state, pair[0], calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isEqualTo(-os.errno("EPIPE"));
        assertThat(SysSocket.send(state, pair[1], calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isOne();
        assertThat(SysSocket.shutdown(state, pair[0], os.SHUT_RD())).isZero();
    }

    @Test
    void getsockopt_tells_the_type() {
        MemorySegment value = calls.room(ValueLayout.JAVA_INT);
        MemorySegment length = calls.room(ValueLayout.JAVA_INT);
        length.set(ValueLayout.JAVA_INT, 0, 4);
        int fd = calls.pair(os.SOCK_SEQPACKET() | os.SOCK_CLOEXEC())[0];

        assertThat(SysSocket.getsockopt(state, fd, os.SOL_SOCKET(), os.SO_TYPE(), value, length))
                .isZero();

        assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(os.SOCK_SEQPACKET());
        assertThat(length.get(ValueLayout.JAVA_INT, 0)).isEqualTo(4);
    }

    @Test
    void fstat_tells_a_socket_and_its_inode() {
        int fd = calls.pair()[0];
        MemorySegment stat = calls.room(Stat.LAYOUT);

        assertThat(SysStat.fstat(state, fd, stat)).isZero();

        assertThat(Stat.mode(stat) & os.S_IFMT()).isEqualTo(os.S_IFSOCK());
        assertThat(Descriptors.open().get(fd))
                .matches(d -> d != null && d.target().equals("socket:[" + Stat.inode(stat) + "]"));
    }

    @Test
    void ppoll_tells_what_is_ready_and_when_the_time_is_up() {
        int[] pair = calls.pair();
        MemorySegment fds = calls.arena.allocate(PollFd.LAYOUT, 2);
        MemorySegment timeout = calls.room(Timespec.LAYOUT);
        Timespec.set(timeout, 1_000_000);
        PollFd.set(fds, 0, pair[0], os.POLLIN());

        assertThat(Poll.ppoll(state, fds, 1, timeout)).isZero();

        assertThat(SysSocket.send(state, pair[1], calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isOne();
        PollFd.set(fds, 1, pair[1], os.POLLIN() | os.POLLOUT());
        assertThat(Poll.ppoll(state, fds, 2, MemorySegment.NULL)).isEqualTo(2);
        assertThat(PollFd.returned(fds, 0)).isEqualTo(os.POLLIN());
        assertThat(PollFd.returned(fds, 1)).isEqualTo(os.POLLOUT());
    }

    @Test
    void a_wake_descriptor_counts_and_never_blocks() {
        int fd = calls.opened(os.openWakeDescriptor(state));
        MemorySegment number = calls.room(ValueLayout.JAVA_LONG);
        assertThat(Descriptors.open().get(fd)).matches(d -> d != null && d.closeOnExec());

        assertThat(Unistd.read(state, fd, number)).isEqualTo(-os.errno("EAGAIN"));

        number.set(ValueLayout.JAVA_LONG, 0, 3);
        assertThat(Unistd.write(state, fd, number)).isEqualTo(8);
        assertThat(Unistd.write(state, fd, number)).isEqualTo(8);
        assertThat(Unistd.read(state, fd, number)).isEqualTo(8);
        assertThat(number.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(6);
    }

    @Test
    void a_process_descriptor_signals_and_becomes_readable() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            int pidfd = calls.opened(os.openProcess(state, (int) child.pid()));
            MemorySegment fds = calls.room(PollFd.LAYOUT);
            PollFd.set(fds, 0, pidfd, os.POLLIN());
            assertThat(Descriptors.open().get(pidfd)).matches(d -> d != null && d.closeOnExec());

            assertThat(os.signalProcess(state, pidfd, 0)).isZero();
            assertThat(os.signalProcess(state, pidfd, os.signal("SIGTERM"))).isZero();

            assertThat(Poll.ppoll(state, fds, 1, MemorySegment.NULL)).isOne();
            assertThat(child.waitFor()).isEqualTo(128 + 15);
            assertThat(os.signalProcess(state, pidfd, 0)).isEqualTo(-os.errno("ESRCH"));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void kill_with_signal_zero_asks_whether_a_process_is_there() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(Signals.kill(state, (int) ProcessHandle.current().pid(), 0)).isZero();
        assertThat(Signals.kill(state, (int) ended.pid(), 0)).isEqualTo(-os.errno("ESRCH"));
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EMPTY_MESSAGE)
    void failures_with_an_empty_message_are_negative_errnos() {
        int ebadf = -os.errno("EBADF");

        assertThat(SysSocket.recvmsg(state, NOTHING, message(), 0)).isEqualTo(ebadf);
        assertThat(SysSocket.sendmsg(state, NOTHING, message(), 0)).isEqualTo(ebadf);
    }

    @Test
    void failures_are_negative_errnos() {
        MemorySegment room = calls.room(256);
        int ebadf = -os.errno("EBADF");

        assertThat(Unistd.close(state, -1)).isEqualTo(ebadf);
        assertThat(Unistd.read(state, NOTHING, room)).isEqualTo(ebadf);
        assertThat(Unistd.write(state, NOTHING, room)).isEqualTo(ebadf);
        assertThat(SysSocket.recv(state, NOTHING, room, 0)).isEqualTo(ebadf);
        assertThat(SysSocket.send(state, NOTHING, room, 0)).isEqualTo(ebadf);
        assertThat(SysSocket.shutdown(state, NOTHING, 0)).isEqualTo(ebadf);
        assertThat(SysSocket.getsockopt(state, NOTHING, 1, 3, room, room)).isEqualTo(ebadf);
        assertThat(SysStat.fstat(state, NOTHING, room)).isEqualTo(ebadf);
        assertThat(Fcntl.fcntl(state, NOTHING, os.F_GETFD(), 0)).isEqualTo(ebadf);
        assertThat(os.signalProcess(state, NOTHING, 0)).isEqualTo(ebadf);
        int stopped = 2; // WSTOPPED
        assertThat(SysWait.waitid(state, os.P_PID(), 1, room, stopped | os.WNOHANG()))
                .isEqualTo(-os.errno("ECHILD"));
        assertThat(os.takeExit(state, 1, room, os.WNOHANG(), room)).isEqualTo(-os.errno("ECHILD"));
        assertThat(os.openProcess(state, Integer.MAX_VALUE)).isEqualTo(-os.errno("ESRCH"));
        assertThat(SysSocket.socketpair(state, -1, os.SOCK_STREAM(), 0, room)).isEqualTo(-os.errno("EAFNOSUPPORT"));
        assertThat(SysSocket.recv(state, calls.pair()[0], room, os.MSG_DONTWAIT()))
                .isEqualTo(-os.errno("EAGAIN"));
    }

    @Test
    void a_spawned_child_has_what_it_was_given_and_is_reaped() {
        MemorySegment actions = calls.room(os.sizeofSpawnFileActions());
        MemorySegment attributes = calls.room(os.sizeofSpawnAttributes());
        int[] pair = calls.pair();
        assertThat(Spawn.posix_spawn_file_actions_init(actions)).isZero();
        assertThat(Spawn.posix_spawn_file_actions_adddup2(actions, pair[1], 3)).isZero();
        assertThat(Spawn.posix_spawnattr_init(attributes)).isZero();
        MemorySegment pid = calls.room(ValueLayout.JAVA_INT);

        int answer = Spawn.posix_spawnp(
                pid,
                calls.arena.allocateFrom("sh"),
                actions,
                attributes,
                strings("sh", "-c", "echo $GIVEN >&3; exit 9"),
                strings("GIVEN=this"));

        assertThat(Spawn.posix_spawnattr_destroy(attributes)).isZero();
        assertThat(Spawn.posix_spawn_file_actions_destroy(actions)).isZero();
        assertThat(answer).isZero();
        int child = pid.get(ValueLayout.JAVA_INT, 0);
        MemorySegment status = calls.room(ValueLayout.JAVA_INT);
        MemorySegment usage = calls.room(Rusage.LAYOUT);
        assertThat(os.takeExit(state, child, status, 0, usage)).isEqualTo(child);
        assertThat(SysWait.WIFEXITED(status.get(ValueLayout.JAVA_INT, 0))).isTrue();
        assertThat(SysWait.WEXITSTATUS(status.get(ValueLayout.JAVA_INT, 0))).isEqualTo(9);
        assertThat(Rusage.minorFaults(usage)).isPositive();
        MemorySegment room = calls.room(16);
        assertThat(SysSocket.recv(state, pair[0], room, os.MSG_DONTWAIT())).isEqualTo(5);
        assertThat(Calls.text(room, 5)).isEqualTo("this\n");
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void spawn_answers_the_error_itself() {
        assertThat(Spawn.posix_spawnp(
                        calls.room(ValueLayout.JAVA_INT),
                        calls.arena.allocateFrom("/no/such/program"),
                        MemorySegment.NULL,
                        MemorySegment.NULL,
                        strings("program"),
                        strings()))
                .isEqualTo(-os.errno("ENOENT"));
    }

    private MemorySegment strings(String... texts) {
        MemorySegment array = calls.arena.allocate(ValueLayout.ADDRESS, texts.length + 1);
        for (int i = 0; i < texts.length; i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, calls.arena.allocateFrom(texts[i]));
        }
        return array;
    }

    /// Each thread makes a call that fails with an error of its own, over and over, side by side.
    @Test
    void two_threads_never_see_each_others_errno() throws Exception {
        var start = new CyclicBarrier(2);
        var bad = new FutureTask<>(failing(start, -os.errno("EBADF"), s -> Unistd.close(s, -1)));
        var none = new FutureTask<>(failing(start, -os.errno("ESRCH"), s -> Signals.kill(s, Integer.MAX_VALUE, 0)));

        Thread.ofPlatform().start(bad);
        Thread.ofPlatform().start(none);

        assertThat(bad.get()).isZero();
        assertThat(none.get()).isZero();
    }

    private interface Call {
        int make(CallState state);
    }

    /// Returns how often the answer was not the one that it should be.
    private static Callable<Integer> failing(CyclicBarrier start, int answer, Call call) {
        return () -> {
            int wrong = 0;
            try (var arena = Arena.ofConfined()) {
                var own = new CallState(arena);
                start.await();
                for (int i = 0; i < 100_000; i++) {
                    wrong += call.make(own) == answer ? 0 : 1;
                }
            }
            return wrong;
        };
    }
}
