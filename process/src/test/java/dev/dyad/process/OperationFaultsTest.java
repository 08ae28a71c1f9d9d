package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.TestLength;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Faults;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import dev.dyad.socket.thread.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call of every public operation but a spawn fails, in several ways: that is told, or was not needed, and
/// nothing is lost. A spawn has [SpawnFaultsTest]; what a process is given when it starts is taken once a process.
@Timeout(120)
class OperationFaultsTest {

    /// Whose failure may be nobody's news: what takes something back, a wait that can do without, and last lines.
    private static final Set<String> NOT_NEEDED = Set.of(
            "close",
            "epoll_ctl",
            "eventfd",
            "ioctl",
            "posix_spawn_file_actions_destroy",
            "posix_spawnattr_destroy",
            "read");

    private static final int MOST_CALLS = 200;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String LISTENS = "read line <&3; exit 3";

    /// What is done, on a stage of its own each time.
    record Operation(String name, Scene scene) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Scene {
        Stage set() throws Exception;
    }

    /// One run: what is made before is not watched, nor is the close.
    interface Stage extends Closeable {
        void run() throws Exception;
    }

    static Stream<Operation> operations() {
        return Stream.of(
                child("let it find the end", sh(LISTENS), child -> {
                    child.socket().shutdownOutput();
                    assertThat(child.waitFor(Deadline.after(LONG))).isEqualTo(new Exit.Exited(3));
                }),
                child("send a signal", sh(LISTENS), child -> assertSent(child.signal(Signal.TERM))),
                child(
                        "send a signal to a group",
                        sh(LISTENS).processGroup(),
                        child -> assertSent(child.signalGroup(Signal.TERM))),
                child("open a pidfd", sh(LISTENS), child -> child.pidfd().close()),
                child("close one that listens", sh(LISTENS), Child::close),
                child("close one that does not", sh("exec sleep 600").patience(Duration.ZERO, LONG), Child::close),
                new Operation("run a command for its output", Outputting::new),
                new Operation("deliver what a command writes", Delivering::new),
                new Operation("tell an inode", Inodes::new),
                new Operation("adopt an end", () -> new Adopting(Inherited::adopt)),
                new Operation("adopt a descriptor", () -> new Adopting(Inherited::descriptor)),
                new Operation("tell the service manager", Telling::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void whatever_call_fails_is_told_and_nothing_is_lost(Operation operation) throws Exception {
        EventLoop reaper = Launch.REAPER.use(); // or it would end, and begin, between two looks
        try {
            walk(operation);
        } finally {
            reaper.release();
        }
    }

    /// Where the kernel does not tell of the end, the child is asked for it from time to time, and may write between a
    /// look at its output and that.
    @Test
    void an_output_is_whole_though_nothing_tells_of_the_end() throws Exception {
        var operation = new Operation("run a command for its output", Outputting::new);
        EventLoop reaper = Launch.REAPER.use();
        try {
            Attempt _ = attempt(operation, Faults::watch);
            List<String> calls = attempt(operation, Faults::watch).calls;
            int spawn = calls.indexOf("posix_spawnp");
            int watch = spawn + calls.subList(spawn, calls.size()).indexOf("epoll_ctl");
            for (int i = 0; i < TestLength.of(100); i++) {
                Attempt attempt = attempt(operation, () -> Faults.refuse(watch, "epoll_ctl", Errno.EMFILE.code()));

                assertThat(attempt.thrown).isNull();
            }
        } finally {
            reaper.release();
        }
    }

    private static void walk(Operation operation) throws Exception {
        Attempt _ = attempt(operation, Faults::watch); // classes are loaded, and pools filled
        Attempt plain = attempt(operation, Faults::watch);
        assertThat(plain.thrown).isNull();
        assertThat(plain.left).isEmpty();
        assertThat(plain.calls).isNotEmpty();
        var complaints = new ArrayList<String>();
        for (int i = 0; i < MOST_CALLS && fails(operation, i, complaints); i++) {
            // the next call
        }

        assertThat(complaints).isEmpty();
    }

    /// Has a call fail, whichever it is this time: how often a thread waits is not the same in each run.
    ///
    /// @return whether there was one
    private static boolean fails(Operation operation, int index, List<String> complaints) throws Exception {
        Attempt plain = attempt(operation, Faults::watch);
        if (plain.calls.size() <= index) {
            return false;
        }
        String call = plain.calls.get(index);
        for (CallFault fault : CallFault.of(call)) {
            Attempt attempt = attempt(operation, () -> fault.begin(index));
            for (int i = 0; i < CallFault.TRIES && !fault.isMet(index, attempt.calls); i++) {
                attempt = attempt(operation, () -> fault.begin(index));
            }
            boolean isMet = fault.isMet(index, attempt.calls); // or there may be fewer calls this time
            if (isMet && !(attempt.left.isEmpty() && attempt.isRight(index, fault))) {
                complaints.add("%s (%d) %s becomes %s and leaves %s"
                        .formatted(call, index, fault.errno().name(), attempt.thrown, attempt.left));
            }
        }
        return true;
    }

    /// What came of one run.
    private record Attempt(List<String> calls, @Nullable Throwable thrown, String left) {

        boolean isRight(int index, CallFault fault) {
            Errno errno = fault.errno();
            boolean hasSpawned = calls.subList(0, index).contains("posix_spawnp"); // what runs is owned all the same
            return thrown == null
                    ? fault.made() || errno.equals(Errno.EINTR) || NOT_NEEDED.contains(calls.get(index)) || hasSpawned
                    : thrown instanceof SystemCallException told
                            && (told.errno().equals(errno) || told.call().equals("wait4")); // which tries again
        }
    }

    private static Attempt attempt(Operation operation, Runnable watch) throws Exception {
        Map<Integer, String> before = open();
        Throwable thrown = null;
        List<String> calls;
        try (Stage stage = operation.scene.set()) {
            watch.run();
            try {
                stage.run();
            } catch (Throwable e) {
                thrown = e;
            } finally {
                calls = Faults.end();
            }
        }
        Map<Integer, String> after = open();
        long children = ProcessHandle.current().children().count(); // zombies are counted too
        boolean clean = after.equals(before) && children == 0;
        after.entrySet().removeAll(before.entrySet());
        return new Attempt(calls, thrown, clean ? "" : children + " children, " + after);
    }

    /// Returns what is open, but for the pools of those that wait.
    private static Map<Integer, String> open() {
        Map<Integer, String> open = Descriptors.targets();
        open.values().removeIf(target -> target.startsWith("anon_inode:[event"));
        return open;
    }

    private static void assertSent(boolean sent) {
        assertThat(sent).isTrue();
    }

    private interface Use {
        void of(Child child) throws Exception;
    }

    /// An operation on a child, which can be closed whatever has failed before.
    private static Operation child(String name, Command command, Use use) {
        return new Operation(name, () -> {
            Child child = command.spawn();
            return new Stage() {
                @Override
                public void run() throws Exception {
                    use.of(child);
                }

                @Override
                public void close() throws IOException {
                    child.close();
                    assertThat(child.isAlive()).isFalse();
                }
            };
        });
    }

    private static final class Outputting implements Stage {
        @Override
        public void run() throws Exception {
            assertThat(sh("echo said").output(Deadline.after(LONG)).text()).isEqualTo("said\n");
        }

        @Override
        public void close() {
            // there is nothing else
        }
    }

    private static final class Delivering implements Stage {
        @Override
        public void run() throws Exception {
            var heard = new ConcurrentLinkedQueue<String>();
            try (Child child =
                    sh("echo said; printf more").stdout(Stdio.lines(heard::add)).spawn()) {
                assertThat(child.waitFor(Deadline.after(LONG))).isEqualTo(new Exit.Exited(0));
            }
            assertThat(heard).containsExactly("said", "more");
        }

        @Override
        public void close() {
            // there is nothing else
        }
    }

    private static final class Inodes implements Stage {
        private final SocketPair<StreamSocket> pair = SocketPair.stream();

        Inodes() throws IOException {}

        @Override
        public void run() throws IOException {
            assertThat(Inherited.inode(pair.left())).isPositive();
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }

    /// A number has a new owner, or stays what it was.
    private static final class Adopting implements Stage {
        private final SocketPair<StreamSocket> pair = SocketPair.stream();
        private final long inode = Inherited.inode(pair.left());
        private final int number;
        private final Adoption adoption;
        private @Nullable Closeable owner;

        interface Adoption {
            Closeable of(int fd, long inode) throws IOException;
        }

        Adopting(Adoption adoption) throws IOException {
            this.adoption = adoption;
            try (var arena = Arena.ofConfined();
                    var fd = pair.left().borrow()) {
                int command = Platforms.current().F_DUPFD_CLOEXEC();
                number = Fcntl.fcntl(new CallState(arena), fd.fd(), command, 0);
            }
        }

        @Override
        public void run() throws IOException {
            owner = adoption.of(number, inode);
        }

        @Override
        public void close() throws IOException {
            try (pair;
                    var arena = Arena.ofConfined()) {
                if (owner != null) {
                    owner.close();
                } else {
                    assertThat(Unistd.close(new CallState(arena), number)).isZero();
                }
            }
        }
    }

    /// The manager hears what is said, or nothing.
    private static final class Telling implements Stage {
        private final MessageSocket manager = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);

        Telling() throws IOException {
            manager.bind(UnixAddress.ofAbstract(
                    System.getenv(ServiceManager.VARIABLE).substring(1)));
        }

        @Override
        public void run() throws IOException {
            assertThat(ServiceManager.ready()).isTrue();
            var heard = ByteBuffer.allocate(64);
            assertThat(manager.receive(heard, Deadline.after(LONG)).length()).isEqualTo("READY=1\n".length());
        }

        @Override
        public void close() throws IOException {
            manager.close();
        }
    }
}
