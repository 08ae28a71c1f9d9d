package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Descriptor;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who closes the descriptors that nobody has received, when a channel is closed while a thread reads.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class ReadingTurnTest {

    private static final ThreadFactory THREADS = Thread.ofPlatform().factory();
    private static final int ROUNDS = 3_000; // of which some find the two at the same step

    private final Ending ending = new Ending(ChannelPeer.UNKNOWN, _ -> {}, _ -> {});
    private final MessageDescriptors descriptors = new MessageDescriptors();
    private final ReadingTurn turn = new ReadingTurn(ending, descriptors);
    private final AtomicInteger met = new AtomicInteger();

    /// Lets both threads go on at the same moment, as nearly as can be.
    private void meet() {
        int both = met.getAndIncrement() / 2 * 2 + 2;
        while (met.get() < both && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_reader_that_leaves_as_the_channel_is_closed_leaves_no_descriptor() throws Exception {
        var barrier = new CyclicBarrier(2);
        try (Descriptor memory = Descriptor.memory("passed")) {
            Call<?> reader = Call.start(THREADS, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    turn.use();
                    descriptors.addToCurrent(List.of(memory));
                    meet();
                    turn.endUse();
                    int _ = barrier.await();
                    int _ = barrier.await();
                }
                return null;
            });
            int left = 0;
            for (int i = 0; i < ROUNDS; i++) {
                meet();
                turn.closeDescriptors();
                int _ = barrier.await();
                left += descriptors.take().size();
                int _ = barrier.await();
            }

            assertThat(reader.get()).isNull();
            assertThat(left).isZero();
        }
    }
}
