package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostTest {

    @Test
    void a_socket_that_nobody_holds_is_closed_with_a_warning() throws Exception {
        var result = JavaProbe.of(Loses.class).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("closed\n");
        assertThat(result.errText())
                .contains("a socket was lost without being closed: descriptor ")
                .contains("(-Ddyad.lost=stack says where it was opened)");
        assertThat(result.exit()).isZero();
    }

    @Test
    void a_selector_that_nobody_holds_is_closed_with_a_warning() throws Exception {
        var result = JavaProbe.of(LosesASelector.class).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("closed\n");
        assertThat(result.errText()).contains("a selector was lost without being closed");
        assertThat(result.exit()).isZero();
    }

    @Test
    void the_warning_says_which_one_it_was_and_where_it_was_opened() throws Exception {
        var result =
                JavaProbe.of(LosesOneOfEach.class).options("-Ddyad.lost=stack").run();

        assertThat(result.exit()).describedAs(result.toString()).isZero();
        List<String> lost = result.outText().lines().toList();
        assertThat(lost).hasSize(LosesOneOfEach.COUNT);
        assertThat(lost).allSatisfy(line -> assertThat(result.errText()).containsPattern(line));
        assertThat(result.errText())
                .containsPattern("opened by Thread\\[#\\d+,main,")
                .contains("LostTest$LosesOneOfEach.openAPipe(")
                .contains("LostTest$LosesOneOfEach.openSockets(")
                .doesNotContain("-Ddyad.lost=stack says");
    }

    @Test
    void one_that_was_closed_is_nobodys_loss() throws Exception {
        var result = JavaProbe.of(Closes.class).run();

        assertThat(result.errText()).describedAs(result.toString()).isEmpty();
        assertThat(result.exit()).isZero();
    }

    /// Loses a pair, and waits until its descriptors are gone: both, as the warning comes after the first one's close.
    static final class Loses {
        public static void main(String[] arguments) throws Exception {
            List<String> both = lose();
            Await.until(
                    () -> {
                        System.gc();
                        return both.stream().noneMatch(Descriptors.targets()::containsValue);
                    },
                    Duration.ofSeconds(30));
            System.out.println("closed");
        }

        private static List<String> lose() throws Exception {
            var pair = SocketPair.stream();
            pair.right().write(ByteBuffer.allocate(1));
            pair.left().read(ByteBuffer.allocate(1)); // from its first call on, a direction keeps the descriptor
            try (var left = pair.left().borrow();
                    var right = pair.right().borrow()) {
                return List.of(target(left), target(right));
            }
        }
    }

    /// Not the number: the next file may have it.
    private static String target(BorrowedFd fd) {
        return Objects.requireNonNull(Descriptors.targets().get(fd.fd()), "not open");
    }

    /// Loses a selector and what is in it, and waits until all descriptors are gone.
    static final class LosesASelector {
        public static void main(String[] arguments) throws Exception {
            Collection<String> before = Descriptors.targets().values();
            lose();
            Await.until(
                    () -> {
                        System.gc();
                        return Descriptors.targets().values().stream()
                                .noneMatch(target -> isOurs(target) && !before.contains(target));
                    },
                    Duration.ofSeconds(30));
            System.out.println("closed");
        }

        private static boolean isOurs(String target) {
            return target.startsWith("socket:") || target.contains("[event");
        }

        private static void lose() throws Exception {
            var pair = SocketPair.stream();
            var _ = SocketSelector.open().register(pair.left(), Set.of(Readiness.READ), null);
        }
    }

    /// Loses one of each, says how that is to be told, and waits until all is told.
    static final class LosesOneOfEach {

        static final int COUNT = 7;

        public static void main(String[] arguments) throws Exception {
            PrintStream errors = System.err;
            var told = new ByteArrayOutputStream(); // as a warning comes after its close
            System.setErr(new PrintStream(told, true, UTF_8));
            openSockets();
            openAPipe();
            expect("a descriptor", Descriptor.memory("one-of-each"), "/memfd:one-of-each .deleted..");
            Await.until(
                    () -> {
                        System.gc();
                        return told.toString(UTF_8).split("was lost", -1).length > COUNT;
                    },
                    Duration.ofSeconds(30));
            errors.print(told.toString(UTF_8));
        }

        private static void openSockets() throws Exception {
            var address =
                    UnixAddress.ofAbstract("lost-" + ProcessHandle.current().pid());
            var listener = Listener.stream(address);
            expect("a socket", StreamSocket.open(address), "socket:.*, UNIX stream, connected to " + address);
            expect("a socket", listener.accept(), "socket:.*, UNIX stream, at " + address);
            expect("a listener", listener, "socket:.*, UNIX stream, at " + address);
            try (var pair = SocketPair.seqpacket()) {
                expect("a socket", pair.left().toDescriptor().toMessageSocket(), "socket:.*, UNIX seqpacket");
            }
            var tcp = Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            expect("a listener", tcp, "socket:.*, IPv4 stream, at " + tcp.localAddress());
        }

        private static void openAPipe() throws Exception {
            var pipe = Pipe.open();
            pipe.source().close();
            expect("an end of a pipe", pipe.sink(), "pipe:.*");
        }

        private static void expect(String what, DescriptorSource lost, String which) throws Exception {
            try (var fd = lost.borrow()) {
                System.out.println(what + " was lost without being closed: descriptor " + fd.fd() + " ." + which);
            }
        }
    }

    /// Closes many pairs, and collects.
    static final class Closes {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 1_000; i++) {
                SocketPair.stream().close();
            }
            System.gc();
        }
    }
}
