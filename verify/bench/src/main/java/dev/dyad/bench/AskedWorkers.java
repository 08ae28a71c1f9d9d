package dev.dyad.bench;

import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// Asks two workers: prints how many thousand requests a second are answered.
public final class AskedWorkers {

    /// Through a pool.
    static final String POOL = "pool";
    /// By a channel to each, which a half of the threads ask.
    static final String CHANNELS = "channels";

    static final int WORKERS = 2;

    private static final Duration LONG = Duration.ofMinutes(1);

    private AskedWorkers() {}

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments how the workers are asked, by how many threads, how many seconds count, and the command of
    ///     a worker
    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        Command command = Command.of(List.of(arguments).subList(3, arguments.length));
        System.out.println(
                arguments[0].equals(POOL) ? ofPool(command, threads, seconds) : ofChannels(command, threads, seconds));
    }

    private static double ofPool(Command command, int threads, double seconds) throws Exception {
        try (Workers workers = plan(command).workers(WORKERS).start()) {
            workers.awaitReady(Deadline.after(LONG));
            return RequestRate.thousands(_ -> workers::call, threads, seconds);
        }
    }

    /// Returns a plan of workers that have to answer before they are asked.
    static WorkerPlan plan(Command command) {
        return WorkerPlan.of(command).readyBy(LONG, ByteBuffer.allocate(RoundTrip.MESSAGE));
    }

    private static double ofChannels(Command command, int threads, double seconds) throws Exception {
        try (Child one = command.spawn();
                Requests first = Requests.over(MessageChannel.to(one, Wire.framed()));
                Child other = command.spawn();
                Requests second = Requests.over(MessageChannel.to(other, Wire.framed()))) {
            return RequestRate.thousands(i -> (i % WORKERS == 0 ? first : second)::call, threads, seconds);
        }
    }
}
