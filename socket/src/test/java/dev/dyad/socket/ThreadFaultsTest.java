package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.posix.Faults;
import dev.dyad.socket.waiting.SignalSender;
import dev.dyad.socket.waiting.SignalledCall;
import dev.dyad.socket.waiting.WakeSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is thrown on a thread of ours that is no poller's, at whichever of its calls: it is told to the one whose
/// call it was, or was not needed, and the next one works.
@Timeout(60)
class ThreadFaultsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MOST_CALLS = 8;

    static List<Error> errors() {
        return List.of(new OutOfMemoryError("on purpose"), new StackOverflowError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_accept_is_told_and_the_next_one_works(Error error) throws Exception {
        try (var original = SharedListenerTest.listening();
                var shared = SharedListenerTest.sharing(original)) {
            accept(original, shared);
            boolean met = true;
            for (int index = 0; index < MOST_CALLS && met; index++) {
                Faults.strike("dyad-accept", index, false, error);
                try {
                    accept(original, shared);
                } catch (Error told) {
                    assertThat(told).isSameAs(error);
                    shared.accept(Deadline.after(LONG)).close(); // the one that was not accepted
                } finally {
                    met = Faults.end().size() > index;
                }
                accept(original, shared);
            }
        }
    }

    private static void accept(Listener<StreamSocket> original, Listener<StreamSocket> shared) throws IOException {
        try (var client = StreamSocket.open(original.localAddress());
                var server = shared.accept(Deadline.after(LONG))) {
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void a_thread_that_is_stuck_is_signalled_again(Error error) {
        for (int index = 0; index < 3; index++) {
            strikeSender(index, error);
            strikeSender(-1, error); // whose calls are all made
        }
    }

    /// As many signals as it takes to get beyond the one that fails.
    private static void strikeSender(int index, Error error) {
        var call = new SignalledCall(WakeSignal.ownThread());
        assertThat(call.enter()).isTrue();
        Faults.strike("dyad-signals", index, false, error);
        try {
            SignalSender.goOn(call);
            int enough = index + 2;
            Await.until(() -> Faults.count() > enough, LONG);
        } finally {
            Faults.end();
            call.leave();
        }
    }

    @Test
    void what_is_lost_later_is_closed_all_the_same() throws Exception {
        for (boolean isMade : new boolean[] {false, true}) {
            lose();
            Faults.strike("dyad-cleaner", 0, isMade, new OutOfMemoryError("on purpose"));
            try {
                lose();
            } finally {
                Faults.end();
            }
            lose();
        }
    }

    private static void lose() throws IOException {
        int before = Descriptors.held().size();
        open();
        Await.until(
                () -> {
                    System.gc();
                    return Descriptors.held().size() <= before;
                },
                LONG);
    }

    private static void open() throws IOException {
        var pair = SocketPair.stream();
        pair.left().write(ByteBuffer.allocate(1));
    }
}
