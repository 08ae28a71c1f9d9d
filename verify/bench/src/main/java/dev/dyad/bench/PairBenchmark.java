package dev.dyad.bench;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A pair on one thread, where neither end ever waits: what the way to the kernel and back costs. Its twin is `pair.c`.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PairBenchmark {

    private static final int MESSAGE = 64;

    /// An open pair, and a message in each kind of memory.
    @State(Scope.Thread)
    public static class Ends {

        private final ByteBuffer direct = ByteBuffer.allocateDirect(MESSAGE);
        private final ByteBuffer heap = ByteBuffer.allocate(MESSAGE);

        @SuppressWarnings("NullAway.Init") // by open, which JMH calls: a state's constructor must not throw
        private SocketPair<StreamSocket> pair;

        /// Opens the pair.
        @Setup
        public void open() throws IOException {
            pair = SocketPair.stream();
        }

        /// Closes the pair.
        @TearDown
        public void close() throws IOException {
            pair.close();
        }

        private int pass(ByteBuffer message) throws IOException {
            int passed = 0;
            for (int i = 0; i < Jmh.BATCH; i++) {
                pair.left().write(message.clear());
                passed += pair.right().read(message.clear());
            }
            return passed;
        }
    }

    /// Writes 64 bytes of native memory, and reads them back.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public int writeAndReadDirect(Ends ends) throws IOException {
        return ends.pass(ends.direct);
    }

    /// Writes 64 bytes of a Java array, and reads them back.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public int writeAndReadHeap(Ends ends) throws IOException {
        return ends.pass(ends.heap);
    }

    /// Creates a pair, and closes it.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public void openAndClose() throws IOException {
        for (int i = 0; i < Jmh.BATCH; i++) {
            SocketPair.stream().close();
        }
    }
}
