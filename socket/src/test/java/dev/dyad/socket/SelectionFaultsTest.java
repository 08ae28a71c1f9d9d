package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.posix.Faults;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many calls a select makes of a platform thread.
@Timeout(60)
class SelectionFaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long A_SLEEP = 1_000_000; // nanoseconds
    private static final Deadline NOW = Deadline.after(Duration.ZERO);
    private static final String WAITING = System.getProperty("dyad.poller", "").equals("poll") ? "ppoll" : "epoll_wait";

    @Test
    void a_select_of_what_is_there_is_one_call() throws Exception {
        try (var pair = SocketPair.stream();
                var socket = RawSocket.own(
                        Numbers.another(pair.left()), Platforms.current().AF_UNIX())) {
            FdSelection selection = FdSelection.borrow(socket);
            try {
                int place = selection.want(socket, FdSelection.READ);
                assertThat(selection.select(NOW)).isZero();
                assertThat(selection.isReady(place, socket, FdSelection.READ)).isFalse();
                pair.right().write(ByteBuffer.allocate(1));

                Faults.watch();
                long ready = selection.select(Deadline.never());
                assertThat(Faults.end()).containsExactly(WAITING);
                assertThat(ready).isOne();
                assertThat(selection.isReady(place, socket, FdSelection.READ)).isTrue();
                assertThat(selection.isReady(place + 1, socket, FdSelection.READ))
                        .as("whatever the place")
                        .isTrue();
            } finally {
                selection.giveBack();
            }
        }
    }

    /// The first one finds out that it pays to wait at once.
    @Test
    void a_selector_that_sleeps_again_makes_one_call() throws Exception {
        try (var pair = SocketPair.stream();
                var selector = SocketSelector.open()) {
            selector.register(pair.left(), Set.of(Readiness.READ), null);
            assertThat(selector.select(_ -> {}, Deadline.after(Duration.ofMillis(1))))
                    .isZero();
            for (Deadline deadline : new Deadline[] {Deadline.never(), Deadline.after(LIMIT)}) {
                FutureTask<Integer> writing = writeOnceItWaits(selector, pair.right());

                Faults.watch();
                int told = selector.select(_ -> {}, deadline);
                assertThat(Faults.end()).containsExactly(WAITING);
                assertThat(told).isOne();
                assertThat(writing.get()).isOne();
                pair.left().read(ByteBuffer.allocate(1));
            }
        }
    }

    private static FutureTask<Integer> writeOnceItWaits(SocketSelector selector, StreamSocket end) {
        var writing = new FutureTask<>(() -> write(selector, end));
        Thread.ofPlatform().start(writing);
        return writing;
    }

    private static int write(SocketSelector selector, StreamSocket end) throws IOException {
        Await.until(() -> selector.waiters() > 0, LIMIT);
        long since = System.nanoTime();
        Await.until(() -> System.nanoTime() - since > A_SLEEP, LIMIT); // or it would learn that to wait pays less
        return end.write(ByteBuffer.allocate(1));
    }
}
