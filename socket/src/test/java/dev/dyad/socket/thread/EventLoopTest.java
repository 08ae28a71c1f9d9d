package dev.dyad.socket.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Pipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private record Counting(int fd, AtomicInteger times, Semaphore told) implements EventLoop.Watcher {

        static Counting of(BorrowedFd fd) {
            return new Counting(fd.fd(), new AtomicInteger(), new Semaphore(0));
        }

        @Override
        public void ready() {
            times.incrementAndGet();
            told.release();
        }

        @Override
        public void failed(Throwable why) {
            throw new AssertionError(why);
        }
    }

    @Test
    void who_forgets_a_descriptor_is_told_nothing_of_it_even_before_the_kernel_has_forgotten_it() throws Exception {
        EventLoop loop = new EventLoop.OnDemand("loop-test", false, true).use();
        try (Pipe forgotten = Pipe.open();
                Pipe other = Pipe.open();
                BorrowedFd fd = forgotten.source().borrow();
                BorrowedFd otherFd = other.source().borrow()) {
            var first = Counting.of(fd);
            var second = Counting.of(otherFd);
            long key = loop.watch(first);
            Thread forgets;
            synchronized (loop) { // which the loop holds while it asks for all once more
                forgets = Thread.ofPlatform().start(() -> loop.forget(fd.fd(), key));
                Await.until(() -> forgets.getState() == Thread.State.BLOCKED, SOON);
                forgotten.sink().write(ByteBuffer.allocate(1));
                other.sink().write(ByteBuffer.allocate(1));
                for (int round = 0; round < 2; round++) { // what was ready before is told by then
                    long _ = loop.watch(second);
                    second.told().acquire();
                }
            }
            forgets.join();
            assertThat(first.times()).hasValue(0);
            loop.forget(otherFd.fd());
        } finally {
            loop.release();
        }
    }
}
