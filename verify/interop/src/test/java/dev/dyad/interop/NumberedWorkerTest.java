package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Output;
import dev.dyad.process.Stdio;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Workers that answer several requests at once, by `dyad.py` and `dyad.mjs`.
@Sampled
@Timeout(120)
class NumberedWorkerTest {

    private static final int HEAD = 16;
    private static final int WINDOW = 16;
    private static final int NO_LIMIT = 0;
    private static final int MANY = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    /// In the order of their numbers, from 1 on.
    private enum Kind {
        REQUEST,
        PART,
        ANSWER,
        ERROR,
        CANCEL,
        MORE
    }

    private record Message(long number, Kind kind, String body) {}

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void requests_are_answered_cancelled_and_failed_while_others_run(ChildLanguage language, String file)
            throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, "wait");
            say(child, Kind.REQUEST, 3, "hello, 我");
            assertThat(hear(child)).isEqualTo(new Message(3, Kind.ANSWER, "HELLO, 我"));

            say(child, Kind.REQUEST, 5, "fail");
            assertThat(hear(child))
                    .matches(failed -> failed.number == 5 && failed.kind == Kind.ERROR)
                    .extracting(Message::body)
                    .asString()
                    .endsWith("no answer to this");

            say(child, Kind.CANCEL, 1, "");
            assertThat(hear(child)).matches(cancelled -> cancelled.number == 1 && cancelled.kind == Kind.ERROR);

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @CsvSource({"None, NoneType", "str(1), str"})
    void a_handler_in_python_that_returns_no_bytes_is_told_so(String returned, String type) throws Exception {
        try (Child child = serving(returned).spawn()) {
            say(child, Kind.REQUEST, 1, "anything");

            assertThat(hear(child).body).isEqualTo("TypeError: the handler has to return bytes, not " + type);
        }
    }

    @Test
    void a_worker_in_python_without_a_parent_says_what_is_missing() throws Exception {
        Output output = serving("b''").withoutSocket().output();

        assertThat(output.errorLines())
                .containsExactly("no parent on descriptor 3; for standard streams call serve(handle, stdio=True)");
        assertThat(output.exit()).isEqualTo(new Exit.Exited(1));
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void an_answer_in_parts_has_no_more_of_them_under_way_than_were_granted(ChildLanguage language, String file)
            throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, "count 40");
            assertHearsParts(child, 1, 0, WINDOW);
            assertIsNext(child, 3);

            grant(child, 1, 5);
            assertHearsParts(child, 1, WINDOW, WINDOW + 5);
            assertIsNext(child, 5);

            grant(child, 1, Integer.MAX_VALUE);
            assertHearsParts(child, 1, WINDOW + 5, 40);
            assertThat(hear(child)).isEqualTo(new Message(1, Kind.ANSWER, "COUNT 40"));

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void a_request_that_waits_to_send_a_part_can_be_cancelled(ChildLanguage language, String file) throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, "count 40");
            assertHearsParts(child, 1, 0, WINDOW);

            say(child, Kind.CANCEL, 1, "");

            assertThat(hear(child)).matches(cancelled -> cancelled.number == 1 && cancelled.kind == Kind.ERROR);
            say(child, Kind.CANCEL, 1, ""); // as one whose answer is on its way
            grant(child, 1, 1);
            assertIsNext(child, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py, inf", "NODE, numbered.mjs, Infinity"})
    void a_request_knows_how_many_seconds_are_left(ChildLanguage language, String file, String unlimited)
            throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, 600_000, "left".getBytes(UTF_8));
            assertThat(Double.parseDouble(hear(child).body)).isPositive().isLessThanOrEqualTo(600);

            say(child, Kind.REQUEST, Long.MIN_VALUE + 1, "left"); // a number of 64 bits
            assertThat(hear(child)).isEqualTo(new Message(Long.MIN_VALUE + 1, Kind.ANSWER, unlimited));
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void the_end_of_the_stream_cancels_what_is_under_way(ChildLanguage language, String file) throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, "wait");
            say(child, Kind.REQUEST, 3, "count 17");
            assertHearsParts(child, 3, 0, WINDOW);
            child.socket().shutdownOutput();

            assertThat(List.of(hear(child), hear(child)))
                    .allMatch(message -> message.kind == Kind.ERROR)
                    .extracting(Message::number)
                    .containsExactlyInAnyOrder(1L, 3L);
            assertEnds(child);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void many_at_once_and_a_large_one_are_each_answered_once(ChildLanguage language, String file) throws Exception {
        try (Child child = spawn(language, file)) {
            for (int number = 0; number < MANY; number++) {
                say(child, Kind.REQUEST, number, "request " + number);
            }
            say(child, Kind.REQUEST, MANY, "x".repeat(3_000_000));

            Map<Long, String> answers = new HashMap<>();
            for (int i = 0; i <= MANY; i++) {
                Message answer = hear(child);
                assertThat(answer.kind).isEqualTo(Kind.ANSWER);
                assertThat(answers.put(answer.number, answer.body)).isNull();
            }
            for (int number = 0; number < MANY; number++) {
                assertThat(answers).containsEntry((long) number, "REQUEST " + number);
            }
            assertThat(answers.get((long) MANY)).isEqualTo("X".repeat(3_000_000));
            assertEnds(child);
        }
    }

    /// The function of a worker that is used wrongly: the parent would wait for ever without an answer.
    @ParameterizedTest
    @EnumSource(names = {"PYTHON", "NODE"})
    void an_answer_that_is_no_bytes_and_an_exit_fail_their_request_only(ChildLanguage language) throws Exception {
        String library = ChildLanguage.inChildren("dyad.mjs").toUri().toString();
        Path wrong = language == ChildLanguage.PYTHON
                ? Files.writeString(folder.resolve("wrong.py"), """
                        import dyad, sys
                        dyad.serve(lambda request: sys.exit(3) if request.body == b"exit" else None)
                        """)
                : Files.writeString(folder.resolve("wrong.mjs"), """
                        import { serve } from '%s';
                        await serve((request) => (String(request.body) === 'exit' ? Promise.reject() : undefined));
                        """.formatted(library));
        try (Child child = spawn(language, wrong)) {
            say(child, Kind.REQUEST, 1, "nothing");
            assertThat(hear(child)).matches(failed -> failed.number == 1 && failed.kind == Kind.ERROR);

            say(child, Kind.REQUEST, 3, "exit");
            assertThat(hear(child)).matches(failed -> failed.number == 3 && failed.kind == Kind.ERROR);

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, numbered.py", "NODE, numbered.mjs"})
    void a_message_that_is_cut_ends_the_worker_which_says_so(ChildLanguage language, String file) throws Exception {
        try (Child child = spawn(language, file)) {
            say(child, Kind.REQUEST, 1, "wait");
            child.socket().write(ByteBuffer.allocate(10).putInt(HEAD).rewind());
            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(1));
            assertThat(child.lastLines()).isNotEmpty();
        }
    }

    /// As of a parent that asks in turn.
    @ParameterizedTest
    @CsvSource({
        "PYTHON, numbered.py, hello",
        "NODE, numbered.mjs, hello",
        "PYTHON, numbered.py, hello to a worker",
        "NODE, numbered.mjs, hello to a worker"
    })
    void a_request_without_a_number_ends_the_worker_which_says_what_is_wrong(
            ChildLanguage language, String file, String request) throws Exception {
        try (Child child = spawn(language, file)) {
            child.socket()
                    .write(ByteBuffer.allocate(4 + request.length())
                            .putInt(request.length())
                            .put(request.getBytes(UTF_8))
                            .flip());

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(1));
            assertThat(String.join("\n", child.lastLines())).contains("the parent has to say Exchange.NUMBERED");
        }
    }

    /// Python's worker has four threads: a fifth request waits for one of them.
    @Test
    void a_request_whose_time_is_over_before_its_turn_is_not_run() throws Exception {
        try (Child child = spawn(ChildLanguage.PYTHON, "numbered.py")) {
            for (int number = 1; number <= 3; number++) {
                say(child, Kind.REQUEST, number, "wait");
            }
            say(child, Kind.REQUEST, 4, "count 40");
            assertHearsParts(child, 4, 0, WINDOW);

            say(child, Kind.REQUEST, 5, 1, "late".getBytes(UTF_8));
            grant(child, 4, 1);
            assertHearsParts(child, 4, WINDOW, WINDOW + 1); // so it has heard of the fifth
            long heard = System.nanoTime();
            Await.until(() -> System.nanoTime() - heard > 2_000_000, PATIENCE);
            say(child, Kind.CANCEL, 1, "");

            assertThat(hear(child).number).isEqualTo(1);
            assertThat(hear(child)).matches(late -> late.number == 5 && late.kind == Kind.ERROR);
        }
    }

    /// @param returned what its handler returns
    private static Command serving(String returned) {
        return Command.of("python3", "-c", "import dyad; dyad.serve(lambda request: " + returned + ")")
                .environment("PYTHONDONTWRITEBYTECODE", "1")
                .environment("PYTHONPATH", PhpRuns.ROOT.resolve("children").toString());
    }

    private static Child spawn(ChildLanguage language, String file) throws Exception {
        return spawn(language, ChildLanguage.inChildren(file));
    }

    private static Child spawn(ChildLanguage language, Path source) throws Exception {
        return language.command(source, folder)
                .environment("PYTHONDONTWRITEBYTECODE", "1")
                .environment("PYTHONPATH", PhpRuns.ROOT.resolve("children").toString())
                .stderr(Stdio.lastLines(50))
                .spawn();
    }

    private static void assertHearsParts(Child child, long number, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            assertThat(hear(child)).isEqualTo(new Message(number, Kind.PART, String.valueOf(i)));
        }
    }

    /// Asserts that nothing but the answer to a request comes that is made now.
    private static void assertIsNext(Child child, long number) throws IOException {
        say(child, Kind.REQUEST, number, "next");
        assertThat(hear(child)).isEqualTo(new Message(number, Kind.ANSWER, "NEXT"));
    }

    private static void assertEnds(Child child) throws Exception {
        child.socket().shutdownOutput();
        assertThat(child.socket().inputStream().readAllBytes()).isEmpty();
        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
    }

    private static void grant(Child child, long number, int parts) throws IOException {
        say(
                child,
                Kind.MORE,
                number,
                NO_LIMIT,
                ByteBuffer.allocate(4).putInt(parts).array());
    }

    private static void say(Child child, Kind kind, long number, String body) throws IOException {
        say(child, kind, number, NO_LIMIT, body.getBytes(UTF_8));
    }

    @SuppressWarnings("EnumOrdinal") // the order is the wire's
    private static void say(Child child, Kind kind, long number, int millisLeft, byte[] body) throws IOException {
        child.socket()
                .write(ByteBuffer.allocate(4 + HEAD + body.length)
                        .putInt(HEAD + body.length)
                        .put((byte) (kind.ordinal() + 1))
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(millisLeft)
                        .putLong(number)
                        .put(body)
                        .flip());
    }

    private static Message hear(Child child) throws IOException {
        var in = new DataInputStream(child.socket().inputStream());
        ByteBuffer message = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        Kind kind = Kind.values()[message.get() - 1];
        assertThat(message.get() + message.getShort() + message.getInt()).isZero();
        return new Message(message.getLong(), kind, UTF_8.decode(message).toString());
    }
}
