package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.socket.Readiness;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One selector with 16,000 ends, in a JVM that may open as many.
@Timeout(60)
class ManyEndsTest {

    private static final int PAIRS = 8_000;
    private static final int LIMIT = 20_000;

    /// Selects among all of them: none, all, some, and those that are left.
    static final class Selects {

        private final List<SocketPair<StreamSocket>> pairs = new ArrayList<>();
        private final SocketSelector selector;

        private final int rounds;

        private Selects(SocketSelector selector, int rounds) {
            this.selector = selector;
            this.rounds = rounds;
        }

        public static void main(String[] arguments) throws Exception {
            var threads = Boolean.parseBoolean(arguments[0]) ? Thread.ofVirtual() : Thread.ofPlatform();
            try (var selector = SocketSelector.open()) {
                var all = new FutureTask<>(() -> new Selects(selector, Integer.parseInt(arguments[1])).all());
                threads.start(all);
                System.out.println(all.get());
            }
        }

        private String all() throws IOException {
            try {
                for (int i = 0; i < PAIRS; i++) {
                    var pair = SocketPair.stream();
                    pairs.add(pair);
                    selector.register(pair.left(), Set.of(Readiness.READ), i);
                    selector.register(pair.right(), Set.of(Readiness.READ), i);
                }
                return selector.registrations().size() + " " + told() + " " + writable() + " " + some() + " " + left();
            } finally {
                for (var pair : pairs) {
                    pair.close();
                }
            }
        }

        private int told() throws IOException {
            return selector.selectNow(_ -> {});
        }

        private int writable() throws IOException {
            for (Registration registration : selector.registrations()) {
                registration.interest(Set.of(Readiness.READ, Readiness.WRITE));
            }
            var told = new HashSet<Registration>();
            int count = selector.select(told::add);
            for (Registration registration : told) {
                registration.interest(Set.of(Readiness.READ));
            }
            return count == told.size() ? count : -1;
        }

        /// Returns how often the one that was written to was the one that was told, and nothing else.
        private int some() throws IOException {
            var random = new Random(7);
            int found = 0;
            for (int i = 0; i < rounds; i++) {
                int index = random.nextInt(PAIRS);
                pairs.get(index).left().write(ByteBuffer.allocate(1));
                var told = new ArrayList<Registration>();
                int _ = selector.select(told::add);
                if (told.size() == 1
                        && told.getFirst().endpoint() == pairs.get(index).right()) {
                    found += pairs.get(index).right().read(ByteBuffer.allocate(1));
                }
            }
            return found;
        }

        private String left() throws IOException {
            for (var pair : pairs) {
                pair.left().close();
            }
            return selector.registrations().size() + " " + told();
        }
    }

    /// With `poll(2)` each select costs what all of them cost.
    @ParameterizedTest(name = "{1}, {2} selects, virtual: {0}")
    @CsvSource({"true, epoll, 1000", "false, epoll, 1000", "true, poll, 10", "false, poll, 10"})
    void each_of_16_000_ends_is_told_when_it_is_ready(String virtual, String poller, String rounds) throws Exception {
        assertThat(JavaProbe.of(Selects.class, virtual, rounds)
                        .descriptors(LIMIT)
                        .options("-Ddyad.poller=" + poller)
                        .run()
                        .toString())
                .isEqualTo("exit 0\n16000 0 16000 " + rounds + " 8000 8000\n");
    }
}
