package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PollingTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void a_thread_in_a_selector_waits_for_descriptors_and_one_at_a_latch_does_not() throws Exception {
        var latch = new CountDownLatch(1);
        try (Selector selector = Selector.open()) {
            Thread polls = Thread.ofPlatform().name("polls").start(() -> select(selector));
            Thread parked = Thread.ofPlatform().name("parked").start(() -> Await.latch(latch));

            Await.until(() -> Polling.isIn(polls), LIMIT);
            Await.until(() -> parked.getState() == Thread.State.WAITING, LIMIT);
            assertThat(Polling.isIn(parked)).isFalse();

            selector.wakeup();
            latch.countDown();
            polls.join();
            parked.join();
            assertThat(Polling.isIn(polls)).isFalse();
        }
    }

    private static void select(Selector selector) {
        try {
            int _ = selector.select();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
