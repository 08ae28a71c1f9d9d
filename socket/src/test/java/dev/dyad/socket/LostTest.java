package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
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
        assertThat(result.errText()).contains("a socket was lost without being closed");
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
