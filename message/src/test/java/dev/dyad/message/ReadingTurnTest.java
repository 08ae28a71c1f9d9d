package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.socket.Descriptor;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who closes the descriptors that nobody has received, when a channel is closed while a thread reads.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class ReadingTurnTest {

    private static final ThreadFactory THREADS = Thread.ofPlatform().factory();
    private static final int ROUNDS = 3_000; // of which some find the two at the same step

    private final Ending ending = new Ending(ChannelPeer.UNKNOWN, _ -> {});
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

    /// A descriptor that is closed once the test says so.
    private static final class ClosedLater extends AbstractList<Descriptor> {
        final CountDownLatch now = new CountDownLatch(1);
        final Descriptor one;

        ClosedLater(Descriptor one) {
            this.one = one;
        }

        @Override
        public Descriptor get(int index) {
            return one;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void forEach(Consumer<? super Descriptor> action) {
            try {
                now.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            action.accept(one);
        }
    }

    @Test
    void a_reader_that_comes_as_the_channel_is_closed_after_its_end_is_told_of_that() throws Exception {
        ending.end(new Closed.Ended()); // after which what came is still received
        try (Descriptor memory = Descriptor.memory("passed")) {
            var later = new ClosedLater(memory);
            descriptors.add(later, 0, 1);
            Call<Void> closing = Call.parked(THREADS, () -> {
                turn.closeDescriptors();
                return null;
            });

            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(turn::use)
                    .matches(e -> e.closed() instanceof Closed.Ended);
            turn.closeDescriptors(); // by another close, which waits for none
            later.now.countDown();

            assertThat(closing.get()).isNull();
            assertThat(memory.isOpen()).isFalse();
            turn.use();
            turn.endUse();
        }
    }
}
