package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request to something that says back what it is asked.
final class AskingStage implements ChannelFaultWalk.Stage {

    private static final ByteBuffer QUESTION = UTF_8.encode("question");

    private final Requests requests;
    private final Closeable other;

    private AskingStage(Requests requests, Closeable other) {
        this.requests = requests;
        this.other = other;
    }

    /// One to a child, over its standard streams.
    static AskingStage ofChild() throws Exception {
        Child child = Command.of("sh", "-c", "while read -r line; do echo \"$line\"; done")
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .spawn();
        return new AskingStage(Requests.over(MessageChannel.to(child, Wire.lines())), child);
    }

    /// One by its number.
    static AskingStage numbered() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        Requests other = Requests.over(MessageChannel.over(pair.right(), Wire.framed()), Exchange.NUMBERED)
                .handler(1, Requests.Request::body);
        return new AskingStage(
                Requests.over(MessageChannel.over(pair.left(), Wire.framed()), Exchange.NUMBERED), other);
    }

    @Override
    public void run() throws Exception {
        ByteBuffer answer = requests.call(QUESTION.duplicate(), Deadline.after(Duration.ofSeconds(20)));
        assertThat(answer).isEqualTo(QUESTION);
    }

    /// Looks whether the channel has ended, and each request with it, or another request is answered.
    @Override
    public void verify(@Nullable Throwable thrown) throws Exception {
        assertThat(requests.underWay()).isZero();
        Closed closed = requests.channel().closed().orElse(null);
        if (closed == null) {
            run();
        } else {
            assertThat(thrown).isInstanceOf(RequestFailedException.class);
            assertThat(((RequestFailedException) thrown).closed()).hasValue(closed);
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(this::run)
                    .satisfies(next -> assertThat(next.closed()).hasValue(closed))
                    .satisfies(next -> assertThat(next.mayHaveRun()).isFalse());
        }
    }

    @Override
    public void close() throws IOException {
        try (other) {
            requests.close();
        }
    }
}
