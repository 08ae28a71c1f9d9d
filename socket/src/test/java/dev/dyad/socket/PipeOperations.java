package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is done with pipes.
final class PipeOperations {

    private static final byte[] BYTES = Stage.bytes(100);

    private PipeOperations() {}

    static Stream<Operation> all() {
        List<Operation> waiting = List.of(
                Operation.of("wait for a pipe to be written to", "", () -> new Reading(When.MEANWHILE, PipeEnd::read)),
                Operation.inVain(
                        "read from a pipe too late",
                        "PipeEnd.read(ByteBuffer,Deadline)",
                        () -> new Reading(
                                When.TOO_LATE, (end, target) -> Stage.late(() -> end.read(target, Stage.shortly())))));
        return Stream.of(moving(), waiting.stream(), waiting.stream().map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> moving() {
        return Stream.of(
                Operation.of("open a pipe", "Pipe.open()", () -> new Opening(Pipe::open)),
                Operation.of("close a pipe", "Pipe.close()", () -> new Using<>(Pipe.open(), Pipe::close)),
                Operation.of(
                        "read from a pipe", "PipeEnd.read(ByteBuffer)", () -> new Reading(When.BEFORE, PipeEnd::read)),
                Operation.of(
                        "try to read from a pipe",
                        "PipeEnd.tryRead(ByteBuffer)",
                        () -> new Reading(When.BEFORE, PipeEnd::tryRead)),
                Operation.of(
                        "count what is in a pipe",
                        "PipeEnd.unread()",
                        () -> new Reading(
                                When.BEFORE,
                                (end, _) -> assertThat(end.unread()).isEqualTo(BYTES.length))),
                // what the walk says was not written, and was, is written again: no look at what arrives
                Operation.of(
                        "write to a pipe",
                        "PipeEnd.write(ByteBuffer)",
                        () -> new Using<>(Pipe.open(), pipe -> pipe.sink().write(ByteBuffer.wrap(BYTES)))),
                Operation.of(
                        "try to write to a pipe",
                        "PipeEnd.tryWrite(ByteBuffer)",
                        () -> new Using<>(Pipe.open(), pipe -> pipe.sink().tryWrite(ByteBuffer.wrap(BYTES)))),
                Operation.of(
                        "write to a pipe in time",
                        "PipeEnd.write(ByteBuffer,Deadline)",
                        () -> new Using<>(Pipe.open(), pipe -> pipe.sink().write(direct(), Stage.soon()))));
    }

    private static ByteBuffer direct() {
        return ByteBuffer.allocateDirect(BYTES.length).put(BYTES).flip();
    }

    /// Bytes are read from a pipe: whatever happens, none of them is lost.
    private static final class Reading extends Stage {

        private final Pipe pipe = Pipe.open();
        private final When when;
        private final Use use;
        private final ByteBuffer target = ByteBuffer.allocate(40);
        private boolean written;

        /// What is done with the end that is read from.
        interface Use {
            void of(PipeEnd end, ByteBuffer target) throws Exception;
        }

        Reading(When when, Use use) throws IOException {
            this.when = when;
            this.use = use;
            if (when == When.BEFORE) {
                write();
            }
        }

        @Override
        void run() throws Exception {
            use.of(pipe.source(), target);
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == When.MEANWHILE) {
                awaitWaiter(pipe.source(), over);
                write();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (!written) {
                write();
            }
            var all = ByteBuffer.allocate(BYTES.length).put(target.flip());
            while (all.hasRemaining()) {
                assertThat(pipe.source().read(all, soon())).isPositive();
            }
            assertThat(all.array()).isEqualTo(BYTES);
        }

        @Override
        public void close() throws IOException {
            pipe.close();
        }

        private void write() throws IOException {
            pipe.sink().write(ByteBuffer.wrap(BYTES), soon());
            written = true;
        }
    }
}
