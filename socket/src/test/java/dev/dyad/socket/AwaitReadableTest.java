package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Waiting for a descriptor, and what ends that.
@Timeout(60)
class AwaitReadableTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private SocketPair<StreamSocket> pair;
    private Descriptor descriptor;
    private Thread waiter = Thread.currentThread();

    @BeforeEach
    void open() throws IOException {
        pair = SocketPair.stream();
        descriptor = Descriptor.adopt(Numbers.another(pair.left()));
    }

    @AfterEach
    void close() throws IOException {
        descriptor.close();
        pair.close();
    }

    static Stream<ThreadFactory> threads() {
        return Stream.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory());
    }

    /// A thread that waits, and tells whether it is still interrupted afterwards.
    private FutureTask<Boolean> waiting(ThreadFactory threads) {
        var wait = new FutureTask<>(() -> {
            try {
                descriptor.awaitReadable(Deadline.after(LIMIT));
                return false;
            } catch (InterruptedIOException interrupted) {
                return Thread.interrupted();
            }
        });
        waiter = threads.newThread(wait);
        waiter.start();
        Await.until(() -> descriptor.waiters() == 1, LIMIT);
        return wait;
    }

    @ParameterizedTest
    @MethodSource("threads")
    void something_to_read_ends_it(ThreadFactory threads) throws Exception {
        var wait = waiting(threads);

        pair.right().write(ByteBuffer.allocate(1));

        assertThat(wait.get()).isFalse();
        assertThatCode(() -> descriptor.awaitReadable(Deadline.after(Duration.ZERO)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void an_interrupt_ends_it_and_closes_nothing(ThreadFactory threads) throws Exception {
        var wait = waiting(threads);

        waiter.interrupt();

        assertThat(wait.get()).isTrue();
        assertThat(descriptor.isOpen()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_close_ends_it(ThreadFactory threads) throws Exception {
        var wait = waiting(threads);

        descriptor.close();

        assertThatThrownBy(wait::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> descriptor.awaitReadable(Deadline.never()))
                .isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void a_deadline_ends_it() {
        assertThatThrownBy(() -> descriptor.awaitReadable(Deadline.after(Duration.ofMillis(20))))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void a_file_can_be_read_at_once() throws Exception {
        try (var file = Descriptor.open(Path.of("/dev/null"))) {
            assertThatCode(() -> file.awaitReadable(Deadline.never())).doesNotThrowAnyException();
        }
    }
}
