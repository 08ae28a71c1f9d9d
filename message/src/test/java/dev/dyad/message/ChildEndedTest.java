package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a child says before it ends is told, also where a write is the first thing that fails.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class ChildEndedTest {

    private static final Exit TWO = new Exit.Exited(2);

    private static Child overStreams(String script) throws Exception {
        return Command.of("sh", "-c", script)
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .spawn();
    }

    private static Child overSocket(String script) throws Exception {
        return Command.of("sh", "-c", "exec >&3; " + script).spawn();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(50));
    }

    private static ByteBuffer hello() {
        return UTF_8.encode("hello");
    }

    private static String received(MessageChannel channel) throws Exception {
        return UTF_8.decode(channel.receive(soon()).bytes()).toString();
    }

    /// Returns how a channel ends over which something is sent once its child has ended.
    private static Closed afterEnd(Child child, Wire wire) throws Exception {
        try (child;
                MessageChannel channel = MessageChannel.to(child, wire)) {
            Exit _ = child.waitFor(soon());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.send(hello(), soon()));
            return channel.closed().orElseThrow();
        }
    }

    @Test
    void text_that_is_no_message_is_shown_where_a_write_fails_first() throws Exception {
        for (Wire wire : List.of(Wire.framed(), Wire.contentLength(), Wire.goridge(), Wire.packet(4))) {
            for (Child child : List.of(overStreams("echo Usage; exit 2"), overSocket("echo Usage; exit 2"))) {
                assertThat(afterEnd(child, wire).toString()).as(wire.toString()).contains("Usage");
            }
        }
    }

    @Test
    void a_line_is_told_with_the_exit() throws Exception {
        var told = new Closed.ChildEnded(TWO, false, List.of("Usage: x", " y"));
        assertThat(afterEnd(overStreams("echo Usage: x; echo ' y'; exit 2"), Wire.lines()))
                .isEqualTo(told);
        assertThat(afterEnd(overSocket("echo Usage: x; echo ' y'; exit 2"), Wire.lines()))
                .isEqualTo(told);
    }

    @Test
    void a_line_can_still_be_received() throws Exception {
        try (Child child = overStreams("echo Usage; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.lines())) {
            Exit _ = child.waitFor(soon());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.send(hello(), soon()));
            assertThat(received(channel)).isEqualTo("Usage");
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.receive(soon()));
        }
    }

    @Test
    void the_only_line_is_told_also_while_somebody_has_it() throws Exception {
        try (Child child = overStreams("echo Usage; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.lines())) {
            assertThat(received(channel)).isEqualTo("Usage");
            Exit _ = child.waitFor(soon());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.send(hello(), soon()));
            assertThat(channel.closed()).contains(new Closed.ChildEnded(TWO, false, List.of("Usage")));
        }
    }

    @Test
    void an_answer_that_somebody_has_received_and_closed_is_told_to_nobody_else() throws Exception {
        try (Child child = overStreams("echo secret; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.lines())) {
            try (Message message = channel.receive(soon())) {
                assertThat(message.bytes()).isEqualTo(UTF_8.encode("secret"));
            }
            Exit _ = child.waitFor(soon());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.send(hello(), soon()));
            assertThat(channel.closed()).contains(new Closed.ChildEnded(TWO, false, List.of()));
        }
    }

    @Test
    void no_line_is_told_of_a_child_that_has_sent_several() throws Exception {
        try (Child child = overStreams("echo 1; echo 2; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.lines())) {
            for (String line : List.of("1", "2")) {
                assertThat(received(channel)).isEqualTo(line);
            }
            Exit _ = child.waitFor(soon());
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.send(hello(), soon()));
            assertThat(channel.closed()).contains(new Closed.ChildEnded(TWO, false, List.of()));
        }
    }

    @Test
    void text_shorter_than_a_head_is_told_with_the_exit() throws Exception {
        var told = new Closed.ChildEnded(TWO, false, List.of("no"));
        assertThat(afterEnd(overStreams("printf no; exit 2"), Wire.framed())).isEqualTo(told);
        try (Child child = overStreams("printf no; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> channel.receive(soon()));
            assertThat(channel.closed()).contains(told);
        }
    }

    @Test
    void who_waits_for_a_message_is_told_the_same_as_who_sends() throws Exception {
        try (Child child = overStreams("read -r line; echo Usage; exit 2");
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            Call<?> waiting = Call.parked(Thread.ofVirtual().factory(), () -> channel.receive(soon()));
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> {
                while (true) {
                    channel.send(UTF_8.encode("hello\n"), soon());
                }
            });
            assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(waiting::get);
            assertThat(channel.closed().orElseThrow())
                    .isInstanceOf(Closed.Misbehaved.class)
                    .asString()
                    .contains("Usage");
        }
    }

    @Test
    void a_program_that_is_no_worker_is_shown_each_time() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (Child child = overStreams("echo Usage; exit 2");
                    Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> requests.call(hello(), soon()))
                        .withMessageContaining("Usage");
            }
        }
    }
}
