package dev.dyad.bench;

import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
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

/// Many datagrams by one call, on one thread, where neither end ever waits. Its twin is in `pair.c`.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBenchmark {

    static final int MESSAGES = 32;
    private static final int MESSAGE = 64;

    /// An open pair, and a batch for each of its ends.
    @State(Scope.Thread)
    public static class Ends {

        private final MessageBatch outgoing = MessageBatch.allocate(MESSAGES, MESSAGE);
        private final MessageBatch incoming = MessageBatch.allocate(MESSAGES, MESSAGE);

        @SuppressWarnings("NullAway.Init") // by open
        private SocketPair<MessageSocket> pair;

        /// Opens the pair, and fills the batch that is sent.
        @Setup
        public void open() throws IOException {
            pair = SocketPair.datagram();
            for (int i = 0; i < MESSAGES; i++) {
                outgoing.add(ByteBuffer.allocate(MESSAGE));
            }
        }

        /// Closes the pair.
        @TearDown
        public void close() throws IOException {
            pair.close();
        }
    }

    /// Sends a batch, and receives it.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public int sendAndReceive(Ends ends) throws IOException {
        int received = 0;
        for (int i = 0; i < Jmh.BATCH; i++) {
            ends.pair.left().send(ends.outgoing.rewind());
            received += ends.pair.right().receive(ends.incoming);
        }
        if (received != MESSAGES * Jmh.BATCH) {
            throw new IOException("not all messages came at once");
        }
        return received;
    }
}
