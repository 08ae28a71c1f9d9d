package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What closes an end.
final class ClosingOperations {

    private ClosingOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                Operation.of("close an end", "", () -> new Closing(false)),
                Operation.of("close an end that was waited for", "", () -> new Closing(true))
                        .where("epoll_ctl", ManualErrors.Meaning.GOES_ON), // what is closed leaves it some day
                Operation.of("close what was borrowed last", "BorrowedFd.close()", Borrowing::new),
                Operation.of("make a descriptor of an end", "Endpoint.toDescriptor()", HandingOn::new)
                        .withForeignNumber(),
                Operation.of("close an end in which a thread waits", "", () -> new Interrupting(Thread.ofPlatform())),
                Operation.of(
                                "close an end in which a virtual thread waits",
                                "",
                                () -> new Interrupting(Thread.ofVirtual()))
                        .where("epoll_ctl", ManualErrors.Meaning.GOES_ON)); // it is the close that makes it
    }

    /// An end is closed, and its peer finds the end.
    private static final class Closing extends StreamStage {

        Closing(boolean waitedFor) throws Exception {
            if (waitedFor) {
                var reader = new FutureTask<>(() -> end.read(ByteBuffer.allocate(1)));
                Thread.ofVirtual().start(reader);
                awaitWaiter(end, reader::isDone);
                peer.write(ByteBuffer.allocate(1));
                assertThat(reader.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
            }
        }

        @Override
        void run() throws IOException {
            end.close();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(end.isOpen()).isFalse();
            assertEnded(peer);
        }
    }

    /// An end is closed while its descriptor is lent, and with that when it comes back.
    private static final class Borrowing extends StreamStage {

        Borrowing() throws IOException {}

        @Override
        void run() throws IOException {
            try (BorrowedFd borrowed = end.borrow()) {
                assertThat(borrowed.fd()).isPositive();
                end.close();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertEnded(peer);
        }
    }

    /// An end becomes a descriptor, or stays what it was.
    private static final class HandingOn extends StreamStage {
        private @Nullable Descriptor descriptor;

        HandingOn() throws IOException {}

        @Override
        void run() throws IOException {
            descriptor = end.toDescriptor();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            Descriptor own = descriptor;
            if (own == null) {
                assertUsable(end, peer);
            } else {
                assertThat(end.isOpen()).isFalse();
                try (StreamSocket again = own.toStreamSocket()) {
                    assertUsable(again, peer);
                }
            }
        }
    }

    /// An end is closed under a reader.
    private static final class Interrupting extends StreamStage {
        private final FutureTask<Integer> reader = new FutureTask<>(() -> end.read(ByteBuffer.allocate(1)));

        Interrupting(Thread.Builder threads) throws IOException {
            threads.start(reader);
            awaitWaiter(end, reader::isDone);
        }

        @Override
        void run() throws IOException {
            end.close();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThatThrownBy(() -> reader.get(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AsynchronousCloseException.class);
            assertEnded(peer);
        }
    }
}
