package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests to real workers, and channels to Python's `multiprocessing.connection` in both roles.
@Timeout(120)
class RequestsInteropTest {

    private static final int MANY = 100;

    @TempDir
    static Path folder;

    private static Deadline patience() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static String ask(Requests requests, String request) throws IOException {
        return UTF_8.decode(requests.call(UTF_8.encode(request), patience())).toString();
    }

    private static Wire wire(ChildLanguage language) {
        return language == ChildLanguage.SH ? Wire.lines() : Wire.framed();
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_answers_in_turn_and_its_death_is_told_at_once(ChildLanguage language) throws Exception {
        try (Child child = language.command(language.worker(), folder).spawn();
                Requests requests = Requests.over(MessageChannel.to(child, wire(language)))) {
            assertThat(ask(requests, "hello")).isEqualTo("HELLO");
            assertThat(ask(requests, "")).isEmpty();
            byte[] much = new byte[language == ChildLanguage.SH ? 10_000 : 3_000_000];
            Arrays.fill(much, (byte) 'x');
            ByteBuffer answer = requests.call(ByteBuffer.wrap(much), patience());
            assertThat(answer.remaining()).isEqualTo(much.length);
            assertThat(answer.get(much.length - 1)).isEqualTo((byte) 'X');

            child.signal(Signal.STOP);
            Await.until(() -> isStopped(child.pid()), Duration.ofSeconds(10));
            CompletableFuture<ByteBuffer> underWay = requests.submit(UTF_8.encode("never"), Deadline.never());
            Await.until(() -> requests.underWay() == 1, Duration.ofSeconds(10));
            child.signal(Signal.KILL);

            assertThat(underWay)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(RequestFailedException.class)
                    .satisfies(e -> assertThat(((RequestFailedException) e.getCause()).closed())
                            .hasValueSatisfying(how -> assertThat(((Closed.ChildEnded) how).exit())
                                    .isEqualTo(new Exit.Signaled(9, false))));
        }
    }

    /// Returns whether each thread of a process has stopped.
    private static boolean isStopped(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path task : tasks.toList()) {
                if (!Files.readString(task.resolve("stat")).contains(") T ")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void a_worker_answers_many_at_once(ChildLanguage language, String file) throws Exception {
        try (Child child =
                        language.command(ChildLanguage.inChildren(file), folder).spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), Exchange.NUMBERED)) {
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                answers.add(requests.submit(UTF_8.encode("request " + i), patience()));
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(UTF_8.decode(answers.get(i).get()).toString()).isEqualTo("REQUEST " + i);
            }
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> ask(requests, "fail"))
                    .withMessageContaining("no answer to this")
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.ANSWERED_ERROR));
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> requests.call(UTF_8.encode("wait"), Deadline.after(Duration.ofMillis(100))))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING));
            try (Requests.Parts parts = requests.stream(UTF_8.encode("count 50"), patience())) {
                for (int i = 0; i < 50; i++) {
                    assertThat(UTF_8.decode(parts.next()).toString()).isEqualTo(String.valueOf(i));
                }
                assertThat(UTF_8.decode(parts.next()).toString()).isEqualTo("COUNT 50");
                assertThat(parts.next()).isNull();
            }
            assertThat(ask(requests, "left")).isNotEqualTo("LEFT");
            requests.drain(patience());
            requests.channel().shutdownOutput();
            assertThat(child.waitFor(patience())).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void python_connects_and_is_answered() throws Exception {
        Path path = folder.resolve("ours");
        String client = """
                import sys
                from multiprocessing.connection import Client
                with Client(sys.argv[1], 'AF_UNIX') as server:
                    for size in (0, 1, 16384, 16385, 100000):
                        server.send_bytes(b'x' * size)
                        assert server.recv_bytes() == b'X' * size, size
                """;
        try (Listener<StreamSocket> listener = Listener.stream(UnixAddress.of(path));
                Child child = Command.of("python3", "-c", client, path.toString())
                        .withoutSocket()
                        .spawn();
                Requests requests = Requests.over(MessageChannel.over(listener.accept(patience()), Wire.framed()))) {
            requests.handler(
                    1,
                    request ->
                            UTF_8.encode(UTF_8.decode(request.body()).toString().toUpperCase(Locale.ROOT)));
            assertThat(child.waitFor(patience())).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void python_listens_and_answers() throws Exception {
        Path path = folder.resolve("theirs");
        String server = """
                import sys
                from multiprocessing.connection import Connection, Listener
                with Listener(sys.argv[1], 'AF_UNIX') as listener:
                    Connection(3).send_bytes(b'ready')
                    with listener.accept() as client:
                        try:
                            while True:
                                client.send_bytes(client.recv_bytes().upper())
                        except EOFError:
                            pass
                """;
        try (Child child = Command.of("python3", "-c", server, path.toString()).spawn();
                MessageChannel told = MessageChannel.to(child, Wire.framed())) {
            try (Message ready = told.receive(patience())) {
                assertThat(UTF_8.decode(ready.bytes()).toString()).isEqualTo("ready");
            }
            try (Requests requests = Requests.over(
                    MessageChannel.over(StreamSocket.open(UnixAddress.of(path), patience()), Wire.framed()))) {
                assertThat(ask(requests, "over a name")).isEqualTo("OVER A NAME");
            }
            assertThat(child.waitFor(patience())).isEqualTo(new Exit.Exited(0));
        }
    }
}
