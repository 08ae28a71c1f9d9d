package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/// Each class inside leaks one thing, and is run by a launcher of its own.
@Timeout(30)
class NoLeaksTest {

    /// Undoes what the classes inside did, so that this test itself leaves nothing.
    private static final Deque<AutoCloseable> LEFT = new ArrayDeque<>();

    static class LeavesASocket {
        @Test
        void test() throws IOException {
            LEFT.add(SocketChannel.open());
        }
    }

    static class LeavesAFile {
        @Test
        void test() throws IOException {
            Path file = Files.createTempFile("leak", ".txt");
            LEFT.add(() -> Files.delete(file));
            LEFT.add(FileChannel.open(file, StandardOpenOption.READ));
        }
    }

    static class LeavesAChild {
        @Test
        void test() throws IOException {
            Process child = new ProcessBuilder("sleep", "60").start();
            LEFT.add(() -> child.destroyForcibly().waitFor());
        }
    }

    static class LeavesAThread {
        @Test
        void test() {
            var end = new CountDownLatch(1);
            var thread = new Thread(() -> await(end), "left alone");
            thread.start();
            LEFT.add(thread::join);
            LEFT.addLast(end::countDown);
        }
    }

    static class LeavesADaemon {
        @Test
        void test() {
            var end = new CountDownLatch(1);
            Thread thread =
                    Thread.ofPlatform().daemon().name("left as a daemon").start(() -> await(end));
            LEFT.add(thread::join);
            LEFT.addLast(end::countDown);
        }
    }

    static class LeavesTooManyEventQueues {
        @Test
        void test() throws IOException {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 16; i++) {
                LEFT.add(Selector.open());
            }
        }
    }

    static class LeavesTheListenerThatIsKept {
        @Test
        void test() throws IOException {
            listen(1);
        }
    }

    static class LeavesTooManyListeners {
        @Test
        void test() throws IOException {
            listen(3);
        }
    }

    static class LeavesASocketOfItsClass {
        @BeforeAll
        static void open() throws IOException {
            LEFT.add(SocketChannel.open());
        }

        @Test
        void test() {}
    }

    static class LeavesNothing {
        @Test
        void test() throws Exception {
            Process child = new ProcessBuilder("true").start();
            try (var selector = Selector.open();
                    var socket = SocketChannel.open()) {
                socket.configureBlocking(false);
                socket.register(selector, 0);
            }
            child.waitFor();
        }
    }

    static class LeavesWhatSettles {
        @Test
        void test() throws IOException {
            new ProcessBuilder("sleep", "0.2").start();
        }
    }

    @Test
    void a_socket_is_caught() throws Exception {
        assertThat(soonAbout(LeavesASocket.class))
                .singleElement()
                .asString()
                .contains("test() left behind: descriptor", "-> socket:[");
    }

    @Test
    void a_file_is_caught_by_its_name() throws Exception {
        assertThat(soonAbout(LeavesAFile.class))
                .singleElement()
                .asString()
                .containsPattern("left behind: descriptor \\d+ -> .*/leak\\d+\\.txt$");
    }

    @Test
    void a_child_is_caught() throws Exception {
        assertThat(soonAbout(LeavesAChild.class)).singleElement().asString().containsPattern("child \\d+ \\(sleep\\)");
    }

    @Test
    void a_thread_is_caught_by_its_name() throws Exception {
        assertThat(soonAbout(LeavesAThread.class))
                .singleElement()
                .asString()
                .endsWith("left behind: thread left alone");
    }

    @Test
    void a_daemon_is_caught_too() throws Exception {
        assertThat(soonAbout(LeavesADaemon.class))
                .singleElement()
                .asString()
                .endsWith("left behind: thread left as a daemon");
    }

    @Test
    void some_event_queues_may_stay_and_more_may_not() throws Exception {
        assertThat(soonAbout(LeavesTooManyEventQueues.class))
                .singleElement()
                .asString()
                .contains("anon_inode:[eventpoll]");
    }

    @Test
    void the_listener_that_is_kept_may_stay_and_more_may_not() throws Exception {
        assertThat(complaintsAbout(LeavesTheListenerThatIsKept.class)).isEmpty();
        assertThat(soonAbout(LeavesTooManyListeners.class))
                .singleElement()
                .asString()
                .contains("-> socket:[");
    }

    @Test
    void what_a_class_opens_for_all_its_tests_is_caught() throws Exception {
        assertThat(soonAbout(LeavesASocketOfItsClass.class))
                .singleElement()
                .asString()
                .contains("-> socket:[");
    }

    @Test
    void what_is_closed_is_no_leak() throws Exception {
        assertThat(complaintsAbout(LeavesNothing.class)).isEmpty();
    }

    @Test
    void what_ends_by_itself_is_waited_for() throws Exception {
        assertThat(complaintsAbout(LeavesWhatSettles.class)).isEmpty();
    }

    /// The complaints about what will not go away, so that there is no use in being patient.
    private static List<String> soonAbout(Class<?> tests) throws Exception {
        System.setProperty(NoLeaks.PATIENCE, "300");
        try {
            return complaintsAbout(tests);
        } finally {
            System.clearProperty(NoLeaks.PATIENCE);
        }
    }

    private static List<String> complaintsAbout(Class<?> tests) throws Exception {
        TestExecutionSummary summary;
        try {
            summary = InnerTests.run(tests, Map.of("junit.jupiter.extensions.autodetection.enabled", "true"));
        } finally {
            while (!LEFT.isEmpty()) {
                LEFT.removeLast().close();
            }
        }
        assertThat(summary.getTestsStartedCount()).isOne();
        return summary.getFailures().stream()
                .map(Failure::getException)
                .map(Throwable::getMessage)
                .toList();
    }

    private static void listen(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            Path folder = Files.createDirectory(temporary.resolve("dyad" + System.nanoTime()));
            Path path = folder.resolve("listener");
            LEFT.add(() -> Files.delete(folder));
            LEFT.add(() -> Files.delete(path));
            var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            LEFT.add(listener);
            listener.bind(UnixDomainSocketAddress.of(path));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
