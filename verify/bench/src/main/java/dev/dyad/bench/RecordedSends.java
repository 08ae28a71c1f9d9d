package dev.dyad.bench;

import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/// What the flight recorder costs a message that is sent and received by one thread: rounds of each state in turn,
/// and their ratios to the state without a recording.
///
/// That a recorder was ever there cannot be taken back: for that, and for what it costs that it may come, see
/// two runs that print only the nanoseconds.
public final class RecordedSends {

    private static final int LENGTH = 64;
    private static final int BATCH = 1000;
    private static final String SEND = "dyad.MessageSend";

    private enum State {
        /// No recording.
        OFF,
        /// What is on by default, which is nothing that a message does.
        DEFAULT,
        /// How many ends, channels and children there are, each second.
        STATISTICS,
        /// Slow sends: each one is timed.
        SLOW,
        /// Every send is told, with its stack.
        EACH;

        private Recording begin() {
            var recording = new Recording();
            switch (this) {
                case OFF, DEFAULT -> {}
                case STATISTICS ->
                    List.of("dyad.SocketStatistics", "dyad.ChannelStatistics", "dyad.ChildStatistics")
                            .forEach(recording::enable);
                case SLOW -> recording.enable(SEND).withThreshold(Duration.ofMillis(20));
                case EACH -> recording.enable(SEND).withoutThreshold();
            }
            if (this != OFF) {
                recording.start();
            }
            return recording;
        }
    }

    private RecordedSends() {}

    /// Measures.
    ///
    /// @param arguments how many rounds, how many milliseconds each state has in one, and `never` for a process
    ///     without a recorder, of which the nanoseconds of a message in the fastest round are printed
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        long nanos = Duration.ofMillis(Long.parseLong(arguments[1])).toNanos();
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                MessageChannel from = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel to = MessageChannel.over(pair.right(), Wire.framed())) {
            double _ = measure(from, to, 10 * nanos); // warms up
            if (arguments.length > 2) {
                List<Double> all = new ArrayList<>();
                for (int i = 0; i < rounds; i++) {
                    all.add(measure(from, to, nanos));
                }
                all.sort(null);
                System.out.println(all.getFirst());
                return;
            }
            requireSends(from, to);
            print(ratios(from, to, rounds, nanos));
        }
    }

    /// Makes sure that sends are recorded: the recorder takes any name, and an event that is not there costs nothing.
    private static void requireSends(MessageChannel from, MessageChannel to) throws IOException {
        try (var folder = TemporaryFolder.make();
                Recording recording = State.EACH.begin()) {
            Path file = folder.resolve("sends.jfr");
            pass(from, to);
            recording.stop();
            recording.dump(file);
            long sends = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(SEND))
                    .count();
            if (sends != BATCH) {
                throw new IllegalStateException(
                        "%,d messages were sent, and %,d are recorded as %s".formatted(BATCH, sends, SEND));
            }
        }
    }

    private static Map<State, List<Double>> ratios(MessageChannel from, MessageChannel to, int rounds, long nanos)
            throws IOException {
        var ratios = new EnumMap<State, List<Double>>(State.class);
        for (int i = 0; i < rounds; i++) {
            var round = new EnumMap<State, Double>(State.class);
            for (int j = 0; j < State.values().length; j++) {
                State state = State.values()[(i + j) % State.values().length];
                try (Recording _ = state.begin()) {
                    round.put(state, measure(from, to, nanos));
                }
            }
            round.forEach((state, value) -> ratios.computeIfAbsent(state, _ -> new ArrayList<>())
                    .add(value / round.getOrDefault(State.OFF, Double.NaN)));
        }
        return ratios;
    }

    /// Returns the nanoseconds of a message.
    private static double measure(MessageChannel from, MessageChannel to, long nanos) throws IOException {
        long start = System.nanoTime();
        long messages = 0;
        while (System.nanoTime() - start < nanos) {
            pass(from, to);
            messages += BATCH;
        }
        return (System.nanoTime() - start) / (double) messages;
    }

    /// Sends and receives a batch.
    private static void pass(MessageChannel from, MessageChannel to) throws IOException {
        var body = ByteBuffer.allocate(LENGTH);
        for (int i = 0; i < BATCH; i++) {
            from.send(body.clear());
            try (Message _ = to.receive()) {
                // closed, as a receiver does
            }
        }
    }

    private static void print(Map<State, List<Double>> ratios) {
        ratios.forEach((state, all) -> {
            all.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %.3f of OFF (middle half %.3f to %.3f)%n",
                    state,
                    all.get(all.size() / 2),
                    all.get(all.size() / 4),
                    all.get(all.size() * 3 / 4));
        });
    }
}
