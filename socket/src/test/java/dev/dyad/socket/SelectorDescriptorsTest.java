package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The descriptors of selectors, in a JVM of its own that has few of them.
class SelectorDescriptorsTest {

    private static final Set<Readiness> READS = Set.of(Readiness.READ);
    private static final int FEW = 64;

    /// Says what becomes of a selector with 0, 1 and 2 free descriptors.
    static final class Opens {
        public static void main(String[] arguments) throws Exception {
            assertThat(Platforms.current().whyNotNative()).isNull(); // the linker's own library is open then
            FewDescriptors.sayWhatOpens(SocketSelector::open);
        }
    }

    /// Opens and closes more selectors than there are descriptors, with a thread in each.
    static final class OpensAndCloses {
        public static void main(String[] arguments) throws Exception {
            var threads = Boolean.parseBoolean(arguments[0]) ? Thread.ofVirtual() : Thread.ofPlatform();
            for (int i = 0; i < 4 * FEW; i++) {
                try (var pair = SocketPair.stream();
                        var selector = SocketSelector.open()) {
                    selector.register(pair.right(), READS, null);
                    var select = new FutureTask<>(() -> selector.select(_ -> {}));
                    threads.start(select);
                    Await.until(() -> selector.waiters() == 1, Duration.ofSeconds(10));
                    pair.left().write(ByteBuffer.allocate(1));
                    System.out.print(select.get());
                }
            }
        }
    }

    /// Selects on a virtual thread with no descriptor left for the poller that would wake it.
    static final class SelectsWithoutAPoller {
        public static void main(String[] arguments) throws Exception {
            load();
            try (var pair = SocketPair.stream();
                    var selector = SocketSelector.open();
                    var _ = FullTable.fill()) {
                selector.register(pair.right(), READS, null);
                var select = start(selector);
                pair.left().write(ByteBuffer.allocate(1));
                System.out.print(select.get());
                pair.right().read(ByteBuffer.allocate(1));
                var woken = start(selector);
                selector.wakeup();
                System.out.print(woken.get());
            }
        }

        private static FutureTask<Integer> start(SocketSelector selector) {
            var select = new FutureTask<>(() -> selector.select(_ -> {}));
            Thread.ofVirtual().start(select);
            Await.until(() -> selector.waiters() == 1, Duration.ofSeconds(10));
            return select;
        }
    }

    /// Selects by calls with no descriptor left for a queue: what is there, nothing, and what comes.
    static final class SelectsWithoutAQueue {
        public static void main(String[] arguments) throws Exception {
            load();
            try (var pair = SocketPair.stream();
                    var socket = RawSocket.own(
                            Numbers.another(pair.right()), Platforms.current().AF_UNIX());
                    var _ = FullTable.fill()) {
                System.out.print(select(socket, Deadline.after(Duration.ofMillis(1))));
                var selecting = new FutureTask<>(() -> select(socket, Deadline.never()));
                Thread thread = Thread.ofPlatform().start(selecting);
                Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING, Duration.ofSeconds(10));
                pair.left().write(ByteBuffer.allocate(1));
                System.out.print(selecting.get());
                System.out.print(select(socket, Deadline.after(Duration.ZERO)));
                pair.right().read(ByteBuffer.allocate(1));
                Thread.currentThread().interrupt();
                System.out.print(Errno.of(select(socket, Deadline.never())).name());
            }
        }

        private static long select(RawSocket socket, Deadline deadline) {
            FdSelection selection = FdSelection.borrow(socket);
            try {
                selection.want(socket, FdSelection.READ);
                return selection.select(deadline);
            } finally {
                selection.giveBack();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "poll"})
    void a_selector_takes_two_descriptors_or_is_a_clear_error(String poller) throws Exception {
        String first = poller.equals("epoll") ? "epoll_create1" : "eventfd";
        assertThat(probe(Opens.class, poller).run().toString())
                .isEqualTo("exit 0\n" + first + ":EMFILE eventfd:EMFILE open ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true epoll", "true poll", "false epoll", "false poll"})
    void a_selector_that_is_closed_leaves_no_descriptor(String how) throws Exception {
        String[] words = how.split(" ");
        assertThat(probe(OpensAndCloses.class, words[1], words[0]).run().toString())
                .isEqualTo("exit 0\n" + "1".repeat(4 * FEW));
    }

    @Test
    void a_virtual_thread_selects_though_no_descriptor_is_left_to_wait_with() throws Exception {
        assertThat(probe(SelectsWithoutAPoller.class, "epoll").run().toString()).isEqualTo("exit 0\n10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "poll"})
    void a_selection_by_calls_selects_though_no_descriptor_is_left_for_a_queue(String poller) throws Exception {
        assertThat(probe(SelectsWithoutAQueue.class, poller).run().toString()).isEqualTo("exit 0\n011EINTR");
    }

    @Test
    void its_descriptors_are_close_on_exec() throws Exception {
        var before = Set.copyOf(Descriptors.open().values());
        try (var selector = SocketSelector.open()) {
            assertThat(selector.isOpen()).isTrue();
            var opened = Descriptors.open().values().stream()
                    .filter(open -> !before.contains(open))
                    .toList();
            assertThat(opened).hasSize(2).allMatch(open -> open.closeOnExec());
        }
    }

    private static JavaProbe probe(Class<?> main, String poller, String... arguments) {
        return JavaProbe.of(main, arguments).descriptors(FEW).options("-Ddyad.poller=" + poller);
    }

    /// What needs a descriptor the first time: class files, and the linker's own library.
    private static void load() throws Exception {
        FewDescriptors.load();
        assertThat(Platforms.current().whyNotNative()).isNull();
    }
}
