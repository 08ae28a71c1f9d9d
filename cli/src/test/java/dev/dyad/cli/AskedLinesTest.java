package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.cli.AskedLines.Asked;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AskedLinesTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void lines_come_in_their_order_and_with_their_numbers() throws Exception {
        AskedLines lines = asking(text("a\nbc\n"));

        assertThat(next(lines)).satisfies(line -> {
            assertThat(line.line()).isEqualTo(1);
            assertThat(line.answer().join()).isEqualTo(ByteBuffer.wrap(new byte[] {'a'}));
        });
        assertThat(next(lines)).satisfies(line -> {
            assertThat(line.line()).isEqualTo(2);
            assertThat(line.bytes()).isEqualTo(2);
        });
        assertThat(lines.next()).isNull();
        assertThat(lines.stop()).isEqualTo(2);
    }

    @Test
    void no_line_is_asked_once_it_has_been_stopped() throws Exception {
        Pipe pipe = Pipe.open();
        try (var out = pipe.sink();
                var in = pipe.source()) {
            AskedLines lines = asking(Channels.newInputStream(in));
            out.write(UTF_8.encode("a\n"));
            next(lines);

            assertThat(lines.stop()).isEqualTo(1);
            out.write(UTF_8.encode("b\n"));

            assertThat(lines.next()).isNull();
            assertThat(asked).containsExactly("a");
        }
    }

    @Test
    void an_input_that_fails_is_told_behind_the_lines_before_it() throws Exception {
        AskedLines lines = asking(new SequenceInputStream(text("a\n"), failing()));
        next(lines);

        assertThatThrownBy(lines::next).isInstanceOf(Problem.class).hasMessage("standard input: Stream closed");
    }

    @Test
    void a_failure_to_ask_is_told_too() {
        AskedLines lines = AskedLines.start(text("a\n"), line -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(lines::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
    }

    private AskedLines asking(InputStream in) {
        return AskedLines.start(in, line -> {
            asked.add(UTF_8.decode(line.duplicate()).toString());
            return CompletableFuture.completedFuture(line);
        });
    }

    private static Asked next(AskedLines lines) throws Exception {
        return Objects.requireNonNull(lines.next());
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static InputStream failing() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        return closed;
    }
}
