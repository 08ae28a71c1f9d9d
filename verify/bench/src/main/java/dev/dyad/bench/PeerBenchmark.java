package dev.dyad.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What [PairBenchmark] does, on channels of the peers.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerBenchmark {

    private static final int MESSAGE = 64;

    /// The open channels of a peer, and a message in each kind of memory.
    @State(Scope.Thread)
    public static class Channels {

        private final ByteBuffer direct = ByteBuffer.allocateDirect(MESSAGE);
        private final ByteBuffer heap = ByteBuffer.allocate(MESSAGE);

        /// Whose they are.
        @Param
        @SuppressWarnings("NullAway.Init") // by JMH
        Peer peer;

        @SuppressWarnings("NullAway.Init") // by open
        private Peer.Ends ends;

        /// Opens them.
        @Setup
        public void open() throws IOException {
            ends = peer.open();
        }

        /// Closes them.
        @TearDown
        public void close() throws IOException {
            ends.close();
        }

        private int pass(ByteBuffer message) throws IOException {
            int passed = 0;
            for (int i = 0; i < Jmh.BATCH; i++) {
                ends.left().write(message.clear());
                passed += ends.right().read(message.clear());
            }
            return passed;
        }
    }

    /// Writes 64 bytes of native memory, and reads them back.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public int writeAndReadDirect(Channels channels) throws IOException {
        return channels.pass(channels.direct);
    }

    /// Writes 64 bytes of a Java array, and reads them back.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public int writeAndReadHeap(Channels channels) throws IOException {
        return channels.pass(channels.heap);
    }
}
