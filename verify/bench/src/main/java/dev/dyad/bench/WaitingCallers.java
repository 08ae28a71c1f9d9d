package dev.dyad.bench;

import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.ObjectName;

/// Has many virtual threads wait for four workers that never answer: prints how many bytes of the heap that takes for
/// each of them, beyond a thread that is parked, and without what its stack takes.
///
/// The classes of all objects that live are counted: the stacks of virtual threads are objects of one class. A deadline
/// is waited for in the pool, and not before, so that its timer counts as the pool's.
public final class WaitingCallers {

    private static final int WORKERS = 4;
    private static final String STACKS_AND_FILLERS = "jdk.internal.vm."; // which fill what no object lives in
    private static final Duration LONG = Duration.ofHours(1);
    private static final long PAUSE_NANOS = 1_000_000;

    private WaitingCallers() {}

    /// Measures.
    ///
    /// @param arguments how many threads wait, and a program that takes requests and never answers
    public static void main(String[] arguments) throws Exception {
        int callers = Integer.parseInt(arguments[0]);
        var begin = new AtomicBoolean();
        try (Workers workers = WorkerPlan.of(Command.of(arguments[1], "take"))
                .workers(WORKERS)
                .queue(callers)
                .start()) {
            workers.awaitReady(Deadline.after(LONG));
            startCallers(WORKERS, workers, new AtomicBoolean(true)); // so that all classes are there
            List<Thread> threads = startCallers(callers, workers, begin);
            while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            long before = bytesBesideStacks();
            begin.set(true);
            threads.forEach(LockSupport::unpark);
            while (workers.waiting() < callers) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            System.out.println((bytesBesideStacks() - before) / (double) callers);
        }
    }

    private static List<Thread> startCallers(int number, Workers workers, AtomicBoolean begin) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            var request = ByteBuffer.allocate(RoundTrip.MESSAGE);
            threads.add(Thread.startVirtualThread(() -> ask(workers, request, begin)));
        }
        return threads;
    }

    private static void ask(Workers workers, ByteBuffer request, AtomicBoolean begin) {
        try {
            while (!begin.get()) {
                LockSupport.park(begin);
            }
            workers.call(request, Deadline.after(LONG));
        } catch (RequestFailedException e) {
            // the workers were closed
        }
    }

    /// Returns how many bytes live in the heap, after a collection.
    private static long bytesBesideStacks() throws IOException, JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        long bytes = 0;
        for (String line : histogram.toString().lines().toList()) { // number, instances, bytes, class
            String[] words = line.strip().split("\\s+");
            if (words[0].endsWith(":") && !words[3].contains(STACKS_AND_FILLERS)) {
                bytes += Long.parseLong(words[2]);
            }
        }
        if (bytes == 0) {
            throw new IOException("no class histogram: " + histogram);
        }
        return bytes;
    }
}
