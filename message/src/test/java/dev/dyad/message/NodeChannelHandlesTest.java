package dev.dyad.message;

import static dev.dyad.message.NodeConversation.ACK;
import static dev.dyad.message.NodeConversation.FRAME;
import static dev.dyad.message.NodeConversation.NACK;
import static dev.dyad.message.NodeConversation.converse;
import static dev.dyad.message.NodeConversation.hear;
import static dev.dyad.message.NodeConversation.receive;
import static dev.dyad.message.NodeConversation.say;
import static dev.dyad.message.NodeConversation.socket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.harness.Await;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Handles and their answers, against a peer that says what the test says. The test fails where a descriptor is left.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class NodeChannelHandlesTest {

    private static final Deadline NEVER = Deadline.never();

    enum Threads {
        PLATFORM,
        VIRTUAL;

        private ThreadFactory factory() {
            return this == VIRTUAL
                    ? Thread.ofVirtual().factory()
                    : Thread.ofPlatform().factory();
        }
    }

    private static void pass(NodeChannel channel, Descriptor handle, Deadline deadline) throws IOException {
        channel.send("1", NodeHandle.SOCKET, handle, deadline);
    }

    private static Call<Void> passing(Threads threads, NodeChannel channel, Descriptor handle) {
        return Call.start(threads.factory(), () -> {
            pass(channel, handle, NEVER);
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_handle_goes_with_its_frame_and_is_there_once_it_is_acknowledged(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var sent = passing(threads, channel, handle);
                assertThat(hear(node)).isEqualTo(FRAME + " +1");
                assertThat(sent.isDone()).isFalse();
                say(node, ACK);
                sent.get();
                assertThat(handle.isOpen()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void what_is_sent_meanwhile_waits_for_the_acknowledgement(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var handed = passing(threads, channel, handle);
                assertThat(hear(node)).isEqualTo(FRAME + " +1");
                var behind = Call.parked(threads.factory(), () -> {
                    channel.send("2");
                    return null;
                });
                assertThat(node.tryReceive()).isNull();
                assertThat(behind.isDone()).isFalse();

                say(node, ACK);
                handed.get();
                behind.get();
                assertThat(hear(node)).isEqualTo("2");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_thread_that_receives_reads_the_answer_for_the_one_that_sends(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var received = Call.start(threads.factory(), () -> receive(channel));
                var sent = passing(threads, channel, handle);
                assertThat(hear(node)).isEqualTo(FRAME + " +1");
                say(node, ACK);
                sent.get();
                assertThat(received.isDone()).isFalse();
                say(node, "\"hello\"");
                assertThat(received.get()).isEqualTo("\"hello\"");
            }
        });
    }

    @Test
    void messages_before_the_answer_are_kept_for_who_receives() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                for (int i = 0; i < 100; i++) {
                    say(node, "" + i);
                }
                say(node, ACK.replace("ACK", "UNKNOWN"));
                var sent = passing(Threads.VIRTUAL, channel, handle);
                assertThat(hear(node)).isEqualTo(FRAME + " +1");
                say(node, ACK);
                sent.get();
                for (int i = 0; i < 100; i++) {
                    assertThat(receive(channel)).isEqualTo("" + i);
                }
            }
        });
    }

    @Test
    void no_more_is_kept_than_the_limit_and_the_answer_behind_it_needs_a_receiver() throws Exception {
        converse((channel, node) -> {
            String large = "\"" + "x".repeat(100_000) + "\"";
            int count = 40; // four times as much as is kept
            try (Descriptor handle = socket()) {
                var flood = Call.start(Threads.VIRTUAL.factory(), () -> {
                    assertThat(hear(node)).isEqualTo(FRAME + " +1");
                    for (int i = 0; i < count; i++) {
                        say(node, large);
                    }
                    say(node, ACK);
                    return null;
                });
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> pass(channel, handle, Deadline.after(Duration.ofMillis(500))))
                        .satisfies(late -> assertThat(late.bytesTransferred).isEqualTo(FRAME.length()));
                assertThat(flood.isDone()).isFalse();

                for (int i = 0; i < count; i++) {
                    assertThat(receive(channel)).isEqualTo(large);
                }
                flood.get();
                channel.send("2"); // reads the answer first
                assertThat(hear(node)).isEqualTo("2");
            }
        });
    }

    @Test
    void a_handle_that_does_not_arrive_is_sent_three_times_again() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var sent = passing(Threads.VIRTUAL, channel, handle);
                for (int i = 0; i < 4; i++) {
                    assertThat(hear(node)).isEqualTo(FRAME + " +1");
                    say(node, NACK);
                }
                assertThatExceptionOfType(NodeHandleRefusedException.class)
                        .isThrownBy(sent::get)
                        .withMessageContaining("4 times");

                SocketPair<StreamSocket> pair = SocketPair.stream();
                try (StreamSocket first = pair.left();
                        StreamSocket second = pair.right()) {
                    for (StreamSocket connection : List.of(first, second)) {
                        assertThatIllegalArgumentException()
                                .isThrownBy(() -> channel.send("1", NodeHandle.SERVER, connection, NEVER))
                                .withMessageStartingWith("Node would end at a server that does not listen");
                    }
                }
                channel.send("2");
                assertThat(hear(node)).isEqualTo("2");
            }
        });
    }

    @Test
    void one_that_arrives_after_all_is_sent() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var sent = passing(Threads.VIRTUAL, channel, handle);
                hear(node);
                say(node, NACK);
                assertThat(hear(node)).isEqualTo(FRAME + " +1");
                say(node, ACK);
                sent.get();
            }
        });
    }

    @Test
    void a_handle_that_comes_is_acknowledged_once() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                for (int i = 0; i < 3; i++) {
                    say(
                            node,
                            "{\"type\":\"net.Server\",\"msg\":{\"i\":" + i + "},\"key\":1,\"cmd\":\"NODE_HANDLE\"}",
                            handle);
                    try (NodeMessage message = channel.receive()) {
                        assertThat(message.json()).isEqualTo("{\"i\":" + i + "}");
                        assertThat(message.kind()).contains(NodeHandle.SERVER);
                        if (i == 1) {
                            message.takeHandle().close();
                        }
                    }
                    assertThat(hear(node)).isEqualTo(ACK);
                }
                assertThat(node.tryReceive()).isNull();
            }
        });
    }

    @Test
    void a_handle_line_without_a_descriptor_is_answered_by_nack_and_shows_nothing() throws Exception {
        converse((channel, node) -> {
            say(node, FRAME);
            say(node, "2");
            assertThat(receive(channel)).isEqualTo("2");
            assertThat(hear(node)).isEqualTo(NACK);
        });
    }

    @Test
    void handles_that_nobody_receives_are_closed_with_the_channel() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                say(node, FRAME, handle);
                say(node, "2");
                var sent = passing(Threads.VIRTUAL, channel, handle);
                assertThat(List.of(hear(node), hear(node))).containsExactlyInAnyOrder(ACK, FRAME + " +1");
                say(node, ACK);
                sent.get(); // has read all three
            }
        });
    }

    @Test
    void two_sides_that_hand_over_at_the_same_time_answer_each_other() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (NodeChannel left = NodeChannel.over(pair.left());
                NodeChannel right = NodeChannel.over(pair.right());
                Descriptor handle = socket()) {
            for (int i = 0; i < 100; i++) {
                var there = passing(Threads.VIRTUAL, left, handle);
                var back = passing(Threads.PLATFORM, right, handle);
                there.get();
                back.get();
                assertThat(receive(left)).isEqualTo("1");
                assertThat(receive(right)).isEqualTo("1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_deadline_or_an_interrupt_ends_one_call_and_the_next_waits_for_the_answer(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> pass(channel, handle, Deadline.after(Duration.ofMillis(20))))
                        .withMessage("send: no answer to a handle: the deadline has passed");
                assertThat(hear(node)).isEqualTo(FRAME + " +1");

                var behind = Call.start(threads.factory(), () -> {
                    pass(channel, handle, NEVER);
                    return null;
                });
                behind.interrupt();
                assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(behind::get);
                assertThat(node.tryReceive()).isNull();

                say(node, NACK); // for the one that gave up, which is not sent again
                channel.send("2");
                assertThat(hear(node)).isEqualTo("2");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_close_ends_every_call_by_the_same_event(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var sent = passing(threads, channel, handle);
                hear(node);
                var behind = Call.parked(threads.factory(), () -> {
                    channel.send("2");
                    return null;
                });
                var received = Call.parked(threads.factory(), channel::receive);
                channel.close();
                for (Call<?> call : List.of(sent, behind, received)) {
                    assertThatExceptionOfType(ChannelClosedException.class)
                            .isThrownBy(call::get)
                            .satisfies(ended -> assertThat(ended.closed()).isEqualTo(new Closed.Here("closed")));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_peer_that_disconnects_ends_who_waits_for_an_answer(Threads threads) throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                var sent = passing(threads, channel, handle);
                hear(node);
                say(node, "2");
                node.close();
                assertThatExceptionOfType(ChannelClosedException.class)
                        .isThrownBy(sent::get)
                        .satisfies(ended -> assertThat(ended.closed()).isInstanceOf(Closed.Ended.class));
                assertThat(receive(channel)).isEqualTo("2");
                assertThat(channel.receive()).isNull();
                assertThat(channel.tryReceive()).isNull();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void a_child_that_is_killed_behind_what_is_kept_ends_who_waits_for_an_answer(Threads threads) throws Exception {
        String flood =
                "line=$(head -c 100000 /dev/zero | tr '\\0' 1); i=0; while :; do echo $line >&3; i=$((i + 1)); echo $i >&2; done";
        try (Child child = Command.of("sh", "-c", flood)
                        .stderr(Stdio.lastLines(50))
                        .spawn();
                NodeChannel channel = NodeChannel.to(child);
                Descriptor handle = socket()) {
            var sent = Call.parked(threads.factory(), () -> {
                pass(channel, handle, NEVER);
                return null;
            });
            Await.until(() -> child.lastLines().contains("11"), Duration.ofSeconds(30)); // more than the kernel keeps
            assertThat(sent.isDone()).isFalse();
            child.signal(Signal.KILL);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(sent::get)
                    .satisfies(ended -> assertThat(ended.closed()).isInstanceOf(Closed.ChildEnded.class));
            assertThat(receive(channel)).hasSize(100_000);
        }
    }

    @Test
    void a_disconnect_is_the_end_for_the_other_side_which_may_still_send() throws Exception {
        converse((channel, node) -> {
            channel.send("1");
            channel.disconnect().disconnect();
            assertThat(hear(node)).isEqualTo("1");
            assertThat(node.receive()).isNull();
            say(node, "2");
            assertThat(receive(channel)).isEqualTo("2");
            assertThatExceptionOfType(java.nio.channels.ClosedChannelException.class)
                    .isThrownBy(() -> channel.send("3"));
        });
    }

    @Test
    void what_node_would_end_at_is_not_sent() throws Exception {
        SocketPair<MessageSocket> packets = SocketPair.seqpacket();
        converse((channel, node) -> {
            try (Descriptor memory = Descriptor.memory("handle");
                    var left = packets.left();
                    var right = packets.right()) {
                for (DescriptorSource handle : List.of(memory, left, right)) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> channel.send("1", NodeHandle.SOCKET, handle, NEVER))
                            .withMessageStartingWith("Node would end at a handle that is no stream socket");
                }
                channel.send("2");
                assertThat(hear(node)).isEqualTo("2");
            }
        });
    }

    @Test
    void a_closed_descriptor_fails_only_its_call() throws Exception {
        converse((channel, node) -> {
            Descriptor handle = socket();
            handle.close();
            assertThatExceptionOfType(java.nio.channels.ClosedChannelException.class)
                    .isThrownBy(() -> pass(channel, handle, NEVER))
                    .isNotInstanceOf(ChannelClosedException.class);
            channel.send("2");
            assertThat(hear(node)).isEqualTo("2");
        });
    }

    @Test
    void an_internal_message_with_a_handle_is_acknowledged_and_closed() throws Exception {
        converse((channel, node) -> {
            try (Descriptor handle = socket()) {
                say(node, FRAME.replace(":1}", ":{\"cmd\":\"NODE_CLUSTER\"}}"), handle);
                say(node, "2");
                assertThat(receive(channel)).isEqualTo("2");
                assertThat(hear(node)).isEqualTo(ACK);
            }
        });
    }
}
