package dev.dyad.process.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Pipe;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinePipeTest {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void the_end_counts_once_although_two_tell_of_it() throws Exception {
        var called = new CountDownLatch(1);
        try (Pipe pipe = Pipe.open()) {
            var told = new LinePipe(pipe.source(), line -> {
                called.countDown();
                await(done);
                lines.add(line);
            });
            synchronized (told) {
                told.add(UTF_8.encode("whole\n"));
            }
            called.await();
            synchronized (told) {
                told.childEnded();
                told.add(UTF_8.encode("begun by another process"));
                told.childEnded();
            }
            done.countDown();

            told.delivered().get(60, TimeUnit.SECONDS);
            assertThat(lines).containsExactly("whole");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
