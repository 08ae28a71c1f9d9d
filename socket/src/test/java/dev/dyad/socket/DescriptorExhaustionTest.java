package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.harness.JavaProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Opening and waiting with no descriptor left, in a JVM of its own.
class DescriptorExhaustionTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /// Says what becomes of a pair with 0, 1 and 2 free descriptors.
    static final class Opens {
        public static void main(String[] arguments) throws Exception {
            FewDescriptors.sayWhatOpens(SocketPair::stream);
        }
    }

    /// Says what becomes of the very first pair where there is no descriptor, and of the next.
    static final class OpensFirst {
        public static void main(String[] arguments) throws Exception {
            FewDescriptors.load();
            try (var table = FullTable.fill()) {
                table.freeLowest(Integer.parseInt(arguments[0]));
                SocketPair.stream().close();
            } catch (IOException e) {
                System.out.print(e.getMessage() + "; ");
            }
            try (var pair = SocketPair.stream()) {
                System.out.print(pair.left().capabilities().contains(Capability.DESCRIPTOR) ? "native" : "the JDK's");
            }
        }
    }

    /// Says what becomes of the very first channel where there is no descriptor, and of the next.
    static final class AdoptsFirst {
        public static void main(String[] arguments) throws Exception {
            FewDescriptors.load();
            try (var listener = Listener.stream(UnixAddress.unnamed())) {
                try (var _ = FullTable.fill()) {
                    listener.toServerSocketChannel().close();
                } catch (IOException e) {
                    System.out.print(e.getMessage() + "; ");
                }
                try (var channel = listener.toServerSocketChannel()) {
                    System.out.print(channel.isOpen() ? "open" : "closed");
                }
            }
        }
    }

    /// Says how waits end for which there is no descriptor.
    static final class Waits {
        private static boolean virtual;

        public static void main(String[] arguments) throws Exception {
            FewDescriptors.load();
            virtual = Boolean.parseBoolean(arguments[0]);
            say(wait(left -> left.read(ByteBuffer.allocate(8)), right -> right.write(bytes(3))));
            // not closed: that would free a descriptor, with which the next round of the wait would be a real one
            say(wait(left -> left.read(ByteBuffer.allocate(8)), StreamSocket::shutdownOutput));
            say(wait(left -> left.write(bytes(1 << 20)), Waits::drain));
            say(wait(left -> left.read(bytes(8), Deadline.after(Duration.ofMillis(50))), _ -> {}));
            say(closed());
        }

        private static void say(String outcome) {
            System.out.println(outcome + waitDescriptors());
        }

        private interface Use<T> {
            T of(StreamSocket end) throws IOException;
        }

        private interface Act {
            void on(StreamSocket end) throws IOException;
        }

        private static String wait(Use<Integer> call, Act act) throws Exception {
            try (var pair = SocketPair.stream();
                    var _ = FullTable.fill()) {
                var waiting = start(() -> call.of(pair.left()));
                Await.until(() -> pair.left().waiters() == 1 || waiting.isDone(), SOON);
                act.on(pair.right());
                return outcome(waiting);
            }
        }

        private static String closed() throws Exception {
            var pair = SocketPair.stream();
            try (var _ = FullTable.fill()) {
                var waiting = start(() -> pair.left().read(ByteBuffer.allocate(8)));
                Await.until(() -> pair.left().waiters() == 1, SOON);
                pair.left().close();
                return outcome(waiting);
            } finally {
                pair.close();
            }
        }

        private static FutureTask<Integer> start(Callable<Integer> call) {
            var task = new FutureTask<>(call);
            (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
            return task;
        }

        private static String outcome(FutureTask<Integer> task) throws InterruptedException {
            try {
                return task.get().toString();
            } catch (ExecutionException e) {
                return String.valueOf(e.getCause());
            }
        }

        /// Returns what a wait would have opened, had there been room.
        private static String waitDescriptors() {
            return Descriptors.open().values().stream()
                            .anyMatch(open -> open.target().startsWith("anon_inode:[event"))
                    ? " with a descriptor"
                    : "";
        }

        private static void drain(StreamSocket end) throws IOException {
            for (int left = 1 << 20; left > 0; ) {
                left -= end.read(ByteBuffer.allocate(left));
            }
        }

        private static ByteBuffer bytes(int count) {
            return ByteBuffer.allocate(count);
        }
    }

    /// Says what becomes of a connection for which there is no descriptor, and later is one.
    static final class Accepts {
        public static void main(String[] arguments) throws Exception {
            FewDescriptors.load();
            try (var listener = Listener.stream(UnixAddress.unnamed());
                    var _ = StreamSocket.open(listener.localAddress());
                    var table = FullTable.fill()) {
                System.out.print(FewDescriptors.outcome(listener::accept) + " ");
                table.freeLowest(1);
                System.out.print(FewDescriptors.outcome(listener::accept));
            }
        }
    }

    /// Says what becomes of a channel whose donor finds no descriptor, and of the folders that it needs.
    static final class Adopts {
        public static void main(String[] arguments) throws Exception {
            FewDescriptors.load();
            try (var listener = Listener.stream(UnixAddress.unnamed())) {
                Listener.stream(UnixAddress.unnamed()).toServerSocketChannel().close();
                try (var _ = FullTable.fill()) {
                    listener.toServerSocketChannel().close();
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void a_channel_without_a_descriptor_says_where_it_was_tried_and_leaves_no_folder(@TempDir Path folder)
            throws Exception {
        String missing = folder.resolve("missing").toString();
        Path present = Files.createDirectory(folder.resolve("present"));

        String out = JavaProbe.of(Adopts.class)
                .environment("XDG_RUNTIME_DIR", missing)
                .options("-Djava.io.tmpdir=" + present)
                .descriptors(64)
                .run()
                .toString();

        assertThat(out)
                .startsWith("exit 0\nno place for a private folder: " + missing + ": No such file or directory; "
                        + present + ": Too many open files; /dev/shm: ");
        assertThat(present).isEmptyDirectory();
    }

    @Test
    void a_connection_without_a_descriptor_stays_in_the_backlog() throws Exception {
        assertThat(JavaProbe.of(Accepts.class).descriptors(64).run().toString())
                .isEqualTo("exit 0\naccept4:EMFILE open");
    }

    @Test
    void a_pair_takes_two_descriptors_or_is_a_clear_error() throws Exception {
        assertThat(JavaProbe.of(Opens.class).descriptors(64).run().toString())
                .isEqualTo("exit 0\nsocketpair:EMFILE socketpair:EMFILE open ");
    }

    @Test
    void the_first_pair_without_a_descriptor_costs_nothing_but_itself() throws Exception {
        assertThat(JavaProbe.of(OpensFirst.class, "0").descriptors(64).run().toString())
                .isEqualTo("exit 0\nsocketpair: Too many open files (EMFILE); native");
    }

    @Test
    void the_first_channel_without_a_descriptor_costs_nothing_but_itself() throws Exception {
        assertThat(JavaProbe.of(AdoptsFirst.class).descriptors(64).run().toString())
                .isEqualTo("exit 0\nfcntl: Too many open files (EMFILE); open");
    }

    @ParameterizedTest(name = "free: {0}")
    @ValueSource(strings = {"0", "1", "3"})
    void the_first_pair_without_native_access_leaves_the_sockets_of_the_jdk_as_they_are(String free) throws Exception {
        JavaProbe probe = JavaProbe.of(OpensFirst.class, free)
                .options("-Ddyad.platform=none")
                .descriptors(64);

        assertThat(probe.run().toString())
                .isEqualTo("exit 0\nthe first pair of the JDK's sockets needs 16 free descriptors: /dev/null"
                        + " (Too many open files); the JDK's");
    }

    @ParameterizedTest(name = "virtual: {0}")
    @ValueSource(strings = {"false", "true"})
    void waits_end_as_they_should_without_a_descriptor_to_wait_with(String virtual) throws Exception {
        assertThat(JavaProbe.of(Waits.class, virtual).descriptors(64).run().toString())
                .isEqualTo("""
                        exit 0
                        3
                        -1
                        1048576
                        java.net.SocketTimeoutException: recv: the deadline has passed
                        java.nio.channels.AsynchronousCloseException
                        """);
    }
}
