package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PairExamplesTest {

    private static String throughAPair() throws IOException {
        // @start region="pair"
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            pair.left().write(UTF_8.encode("hello"));
            pair.left().shutdownOutput(); // nothing more comes from the left

            return new String(pair.right().inputStream().readAllBytes(), UTF_8); // "hello"
        }
        // @end
    }

    @Test
    void what_one_end_writes_the_other_reads() throws Exception {
        assertThat(throughAPair()).isEqualTo("hello");
    }

    // @start region="endpoint"
    static void enlargeSendBuffer(Endpoint end, int bytes) throws IOException {
        if (end.supportedOptions().contains(StandardSocketOptions.SO_SNDBUF)) { // a pipe has none
            end.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
        }
    }
    // @end

    @Test
    void an_option_is_set_on_what_has_it() throws Exception {
        try (var pair = SocketPair.stream();
                var pipe = Pipe.open()) {
            enlargeSendBuffer(pair.left(), 65_536);
            enlargeSendBuffer(pipe.sink(), 65_536);

            assertThat(pair.left().getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(65_536);
        }
    }

    // @start region="capability"
    static boolean canGoToAChild(Endpoint end) {
        return end.capabilities().contains(Capability.DESCRIPTOR);
    }
    // @end

    @Test
    void an_end_says_what_it_can_do() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(canGoToAChild(pair.left())).isTrue();
        }
    }

    private static String throughAPipe() throws IOException {
        // @start region="pipe"
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(UTF_8.encode("one\ntwo\n"));
            pipe.sink().close(); // the end of what is read from the source

            return new String(pipe.source().inputStream().readAllBytes(), UTF_8); // "one\ntwo\n"
        }
        // @end
    }

    @Test
    void what_goes_into_a_pipe_comes_out() throws Exception {
        assertThat(throughAPipe()).isEqualTo("one\ntwo\n");
    }

    // @start region="pipe-end"
    static ByteBuffer firstBytes(PipeEnd source, Duration patience) throws IOException {
        var bytes = ByteBuffer.allocate(512);
        Deadline deadline = Deadline.after(patience);
        while (bytes.hasRemaining() && source.read(bytes, deadline) >= 0) {}
        return bytes.flip();
    }
    // @end

    @Test
    void an_end_of_a_pipe_is_read_with_a_deadline() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(UTF_8.encode("magic"));
            pipe.sink().close();

            assertThat(firstBytes(pipe.source(), Duration.ofMinutes(1))).isEqualTo(UTF_8.encode("magic"));
        }
    }
}
