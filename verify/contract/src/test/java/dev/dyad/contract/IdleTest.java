package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many virtual threads on one carrier, each in a read of its own.
@Timeout(120)
class IdleTest {

    private static final int READERS = 500;

    /// Has them wait, looks at the processor time of a second, and wakes each of them, the last one first.
    static final class Readers {
        public static void main(String[] arguments) throws Exception {
            var pairs = new ArrayList<SocketPair<StreamSocket>>();
            var reads = new ArrayList<FutureTask<Integer>>();
            for (int i = 0; i < READERS; i++) {
                var pair = SocketPair.stream();
                var read = new FutureTask<>(() -> pair.right().read(ByteBuffer.allocate(8)));
                pairs.add(pair);
                reads.add(read);
                Thread.startVirtualThread(read);
            }
            Await.until(() -> pairs.stream().allMatch(pair -> pair.right().waiters() == 1), Duration.ofSeconds(60));

            long before = processorTime();
            rest();
            System.out.println(processorTime() - before < Duration.ofMillis(500).toNanos() ? "idle" : "busy");

            for (int i = READERS - 1; i >= 0; i--) {
                pairs.get(i).left().write(ByteBuffer.allocate(1));
                if (reads.get(i).get() != 1) {
                    throw new AssertionError("not one byte");
                }
                pairs.get(i).close();
            }
            System.out.println("all woken");
        }

        /// Waits for a second, as a reader does.
        private static void rest() throws IOException {
            try (var pair = SocketPair.stream()) {
                int _ = pair.left().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofSeconds(1)));
            } catch (SocketTimeoutException rested) {
                return;
            }
            throw new AssertionError("nobody wrote");
        }

        private static long processorTime() {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        }
    }

    @Test
    void idle_readers_on_one_carrier_cost_no_processor_time_and_all_wake() throws Exception {
        JavaProbe.Result result = JavaProbe.of(Readers.class)
                .options("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .run();

        assertThat(result.outText()).isEqualTo("idle\nall woken\n");
        assertThat(result.exit()).isZero();
    }
}
