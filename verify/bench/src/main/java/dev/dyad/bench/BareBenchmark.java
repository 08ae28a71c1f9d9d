package dev.dyad.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
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

/// What [PairBenchmark] does by nothing but the two calls: no lock, no state, no look at the answer's meaning.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BareBenchmark {

    private static final long MESSAGE = 64;
    private static final MethodHandle SEND = Bare.linkTransfer("send");
    private static final MethodHandle RECV = Bare.linkTransfer("recv");

    /// The descriptors of a pair, and native memory.
    @State(Scope.Thread)
    public static class Numbers {

        private final Arena arena = Arena.ofConfined();
        private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
        private final MemorySegment bytes = arena.allocate(MESSAGE);
        private int left;
        private int right;

        /// Opens the pair.
        @Setup
        public void open() throws Throwable {
            int[] ends = Bare.open(state);
            left = ends[0];
            right = ends[1];
        }

        /// Closes the pair.
        @TearDown
        public void close() throws Throwable {
            Bare.close(state, left, right);
            arena.close();
        }
    }

    /// Sends 64 bytes of native memory, and receives them.
    @Benchmark
    @OperationsPerInvocation(Jmh.BATCH)
    public long sendAndReceive(Numbers numbers) throws Throwable {
        long passed = 0;
        for (int i = 0; i < Jmh.BATCH; i++) {
            passed += (long) SEND.invokeExact(numbers.state, numbers.left, numbers.bytes, MESSAGE, 0);
            passed += (long) RECV.invokeExact(numbers.state, numbers.right, numbers.bytes, MESSAGE, 0);
        }
        return passed;
    }
}
