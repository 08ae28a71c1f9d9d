package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import dev.dyad.interop.ChannelFaultWalk.Operation;
import dev.dyad.interop.ChannelStage.Plan;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call of every operation of a channel fails: it goes on, or ends by one event that says so, and nothing is
/// lost.
@Sampled
@Timeout(120)
class ChannelFaultsTest {

    private static final ByteBuffer SMALL = bytes(100);
    private static final ByteBuffer LARGE = bytes(600_000); // for which there is no room at once
    private static final ByteBuffer STREAMED = bytes(1_200_000);
    private static final ByteBuffer PACKET = bytes(3000);

    private static ByteBuffer bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /// What makes two channels.
    private interface Opener {
        List<MessageChannel> open() throws IOException;
    }

    private static List<MessageChannel> sockets() throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        return List.of(
                MessageChannel.over(pair.left(), Wire.framed()), MessageChannel.over(pair.right(), Wire.framed()));
    }

    private static List<MessageChannel> passing() throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        return List.of(
                MessageChannel.over(pair.left(), Wire.framed(), 4),
                MessageChannel.over(pair.right(), Wire.framed(), 4));
    }

    private static List<MessageChannel> pipes() throws IOException {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        return List.of(
                MessageChannel.over(back.source(), there.sink(), Wire.framed()),
                MessageChannel.over(there.source(), back.sink(), Wire.framed()));
    }

    private static List<MessageChannel> packets() throws IOException {
        SocketPair<MessageSocket> pair = SocketPair.seqpacket();
        return List.of(MessageChannel.over(pair.left()), MessageChannel.over(pair.right()));
    }

    static Stream<Operation> operations() {
        var all = new ArrayList<Operation>();
        Map<String, Opener> streams = Map.of("sockets", ChannelFaultsTest::sockets, "pipes", ChannelFaultsTest::pipes);
        streams.forEach((over, opener) -> {
            all.addAll(both("send a small message over " + over, opener, sending(SMALL)));
            all.addAll(both("send a large message over " + over, opener, sending(LARGE)));
            all.addAll(both("receive a small message over " + over, opener, Plan.receiving(SMALL)));
            all.addAll(both("receive a large message over " + over, opener, Plan.receiving(LARGE)));
            all.addAll(both("receive a streamed message over " + over, opener, Plan.receiving(STREAMED)));
            all.addAll(both("ask in turn over " + over, opener, Plan.asking(SMALL, ChannelFaultsTest::ask)));
            all.addAll(both("ask much in turn over " + over, opener, Plan.asking(LARGE, ChannelFaultsTest::ask)));
            all.addAll(both(
                    "send piece by piece over " + over,
                    opener,
                    Plan.sending(
                            LARGE, stage -> stage.ours().send(body(LARGE), LARGE.remaining(), ChannelStage.soon()))));
            all.addAll(both("try to send over " + over, opener, Plan.sending(SMALL, ChannelFaultsTest::trySend)));
            all.addAll(both("end sending over " + over, opener, Plan.ending(SMALL, stage -> {
                stage.ours().send(SMALL.duplicate());
                MessageChannel _ = stage.ours().shutdownOutput();
            })));
            all.addAll(both("close over " + over, opener, Plan.ending(SMALL, stage -> {
                stage.ours().send(SMALL.duplicate());
                stage.ours().close();
            })));
        });
        all.addAll(both("send a packet", ChannelFaultsTest::packets, sending(PACKET)));
        all.addAll(both("receive a packet", ChannelFaultsTest::packets, Plan.receiving(PACKET)));
        all.addAll(both("send descriptors", ChannelFaultsTest::passing, withDescriptors(SMALL)));
        all.addAll(both("send descriptors and much", ChannelFaultsTest::passing, withDescriptors(LARGE)));
        all.addAll(both("send descriptors in a packet", ChannelFaultsTest::packets, withDescriptors(PACKET)));
        all.addAll(both("receive where descriptors may come", ChannelFaultsTest::passing, Plan.receiving(LARGE)));
        all.add(new Operation("ask a child", Thread.ofPlatform().factory(), AskingStage::ofChild, true));
        all.add(new Operation("ask by number", Thread.ofPlatform().factory(), AskingStage::numbered, false));
        return all.stream();
    }

    private static List<Operation> both(String name, Opener opener, Plan plan) {
        ChannelFaultWalk.Scene scene = () -> {
            List<MessageChannel> channels = opener.open();
            return new ChannelStage(channels.getFirst(), channels.getLast(), plan);
        };
        return List.of(
                new Operation(name, Thread.ofPlatform().factory(), scene, false),
                new Operation(name + ", on a virtual thread", Thread.ofVirtual().factory(), scene, false));
    }

    private static Plan sending(ByteBuffer message) {
        return Plan.sending(message, stage -> stage.ours().send(message.duplicate(), ChannelStage.soon()));
    }

    private static ReadableByteChannel body(ByteBuffer message) {
        var bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    /// A try may be told that there is no room.
    private static void trySend(ChannelStage stage) throws IOException {
        if (!stage.ours().trySend(SMALL.duplicate())) {
            stage.ours().send(SMALL.duplicate());
        }
    }

    private static void ask(ChannelStage stage) throws IOException {
        ByteBuffer question = stage.sent().getFirst();
        Requests requests = Requests.over(stage.ours()); // which is closed with its channel
        assertThat(requests.call(question.duplicate(), ChannelStage.soon())).isEqualTo(question);
    }

    private static Plan withDescriptors(ByteBuffer message) {
        return Plan.sending(message, stage -> {
            try (Descriptor passed = Descriptor.memory("passed")) {
                stage.ours().send(message.duplicate(), List.of(passed), ChannelStage.soon());
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void whatever_call_fails_is_told_and_nothing_is_lost(Operation operation) throws Exception {
        assertThat(ChannelFaultWalk.complaintsAbout(operation)).isEmpty();
    }
}
