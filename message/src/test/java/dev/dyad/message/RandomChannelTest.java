package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Traffic.Arrived;
import dev.dyad.message.Traffic.Told;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Many senders and receivers that are in a hurry, slow, interrupted or cut short, over each kind of end.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class RandomChannelTest {

    private static final int ROUNDS = 4; // for each seed
    private static final int LONG = (1 << 20) + 300_000; // which is handed out as it comes
    private static final int KEPT = 900_000; // which a channel writes on where its sender gives up
    private static final int PACKET = 60_000;

    private enum Ends {
        SOCKETS,
        PIPES,
        PACKETS
    }

    private enum Ending {
        ORDERLY,
        CLOSED_BY_SENDERS,
        CLOSED_BY_RECEIVERS
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void what_arrives_is_what_was_sent_in_the_order_of_each_sender(long seed) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            for (Ends ends : Ends.values()) {
                run(ends, Ending.values()[random.nextInt(Ending.values().length)], random);
            }
        }
    }

    private static void run(Ends ends, Ending ending, Random random) throws Exception {
        List<MessageChannel> channels = open(ends);
        boolean isCalm = random.nextBoolean();
        int longest = ends == Ends.PACKETS ? PACKET : isCalm ? LONG : KEPT;
        try (MessageChannel from = channels.getFirst();
                MessageChannel to = channels.getLast()) {
            var traffic = new Traffic(from, to, longest, !isCalm);
            int messages = 1 + random.nextInt(150);
            List<Call<List<Told>>> senders = IntStream.range(0, 1 + random.nextInt(5))
                    .mapToObj(
                            sender -> Call.start(threads(random), traffic.sender(sender, messages, random.nextLong())))
                    .toList();
            List<Call<Closed>> receivers = IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(_ -> Call.start(threads(random), traffic.receiver(random.nextLong())))
                    .toList();
            int wanted = ending == Ending.ORDERLY ? Integer.MAX_VALUE : random.nextInt(messages);
            disturb(traffic, senders, receivers, wanted, isCalm ? null : random);
            end(ending, from, to);

            List<List<Told>> told = new ArrayList<>();
            for (Call<List<Told>> sender : senders) {
                told.add(sender.get());
            }
            if (ending == Ending.ORDERLY) {
                MessageChannel _ = from.shutdownOutput();
            }
            for (Call<Closed> receiver : receivers) {
                Closed closed = receiver.get();
                assertThat(closed).isSameAs(to.closed().orElseThrow());
                assertThat(ending != Ending.ORDERLY || closed instanceof Closed.Ended)
                        .as("orderly: " + closed)
                        .isTrue();
            }
            assertArrived(traffic, told, ending, receivers.size() == 1);
        }
    }

    private static ThreadFactory threads(Random random) {
        return random.nextBoolean()
                ? Thread.ofPlatform().factory()
                : Thread.ofVirtual().factory();
    }

    private static List<MessageChannel> open(Ends ends) throws IOException {
        if (ends == Ends.PACKETS) {
            SocketPair<MessageSocket> pair = SocketPair.seqpacket();
            return List.of(MessageChannel.over(pair.left()), MessageChannel.over(pair.right()));
        }
        Line line = ends == Ends.SOCKETS ? Line.ofSockets(Wire.framed()) : Line.ofPipes(Wire.framed());
        return List.of(line.channel(), line.other(Wire.framed()));
    }

    /// Interrupts some thread now and then, until so much has arrived or all is sent.
    private static void disturb(
            Traffic traffic, List<Call<List<Told>>> senders, List<Call<Closed>> receivers, int wanted, Random random) {
        List<Call<?>> all = new ArrayList<>(senders);
        all.addAll(receivers);
        while (traffic.arrived.size() < wanted && !senders.stream().allMatch(Call::isDone)) {
            if (random != null) {
                all.get(random.nextInt(all.size())).interrupt();
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static void end(Ending ending, MessageChannel from, MessageChannel to) throws IOException {
        switch (ending) {
            case ORDERLY -> {} // once all is sent
            case CLOSED_BY_SENDERS -> from.close();
            case CLOSED_BY_RECEIVERS -> to.close();
        }
    }

    private static void assertArrived(Traffic traffic, List<List<Told>> told, Ending ending, boolean isOrdered) {
        assertThat(traffic.arrived).doesNotHaveDuplicates();
        for (int sender = 0; sender < told.size(); sender++) {
            int its = sender;
            List<Integer> come = traffic.arrived.stream()
                    .filter(one -> one.sender() == its)
                    .map(Arrived::number)
                    .toList();
            List<Told> said = told.get(sender);
            List<Integer> begun = IntStream.range(0, said.size())
                    .filter(number -> said.get(number) != Told.NOTHING_SENT)
                    .boxed()
                    .toList();
            List<Integer> inOrder = isOrdered ? come : come.stream().sorted().toList();
            assertThat(begun.subList(0, Math.min(come.size(), begun.size())))
                    .as("of sender %d, which was told %s", sender, said)
                    .isEqualTo(inOrder);
            if (ending == Ending.ORDERLY) {
                assertThat(said).doesNotContain(Told.ENDED);
                assertThat(inOrder).isEqualTo(begun);
            }
        }
    }
}
