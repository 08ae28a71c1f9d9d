package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static java.lang.Integer.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Limit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A pool of two places, of which one has a worker that is no good: it is told how, with the command, and the other one
/// goes on. And plans that make no sense.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class BadWorkerTest {

    private static final Duration READY_BY = Duration.ofSeconds(20); // for a good one on a busy machine, too
    private static final int BAD = 1;
    private static final String NOT_READY = "Command[";

    /// Answers with what it was asked.
    private static final String GOOD = """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    parent.send_bytes(parent.recv_bytes())
            except EOFError:
                pass
            """;

    /// What is wrong with a worker, and what is told of it.
    enum Bad {
        IS_NOT_THERE(Command.of("/nonexistent/worker"), "Command[/nonexistent/worker] was not started", "ENOENT"),
        EXITS_AT_ONCE(python("-c", "import sys; sys.exit('no licence')"), NOT_READY, "no licence"),
        PRINTS_NOTHING(python("-c", "import os; os.read(3, 100)"), NOT_READY, "Exited[code=0]"),
        NEVER_GETS_READY(python("-c", "import signal; signal.pause()"), NOT_READY, "deadline"),
        ANSWERS_GARBAGE(
                python("-c", "import os; os.write(3, b'Could not open input file: worker.php\\n'); os.read(3, 100)"),
                NOT_READY,
                "Could not open input file"),
        CUTS_ITS_ANSWER(
                python("-c", "import os; os.read(3, 100); os.write(3, b'\\0\\0\\0\\7rea')"),
                NOT_READY,
                "Exited[code=0]"),
        ANSWERS_TWICE(python("-c", """
                        from multiprocessing.connection import Connection
                        import os
                        parent = Connection(3)
                        while True:
                            asked = parent.recv_bytes()
                            os.write(3, (len(asked).to_bytes(4, 'big') + asked) * 2)
                        """), "", "an answer that nobody has asked for"),
        EATS_MEMORY(
                python("-c", GOOD.replace("parent.send", "x = bytearray(200 << 20); parent.send"))
                        .limit(Limit.AS, 100 << 20),
                NOT_READY,
                "MemoryError"),
        IGNORES_SIGTERM(python("-c", """
                        import os, signal
                        signal.signal(signal.SIGTERM, signal.SIG_IGN)
                        os.write(3, b'no message')
                        while True:
                            signal.pause()
                        """), NOT_READY, "no message"),
        LEAVES_GRANDCHILDREN( // which find that nobody asks, as their end of the socket is the worker's
                Command.of("sh", "-c", "exec 2>/dev/null; cat <&3 >/dev/null & exit 5"), NOT_READY, "Exited[code=5]");

        @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
        private final Command command;

        private final String what;
        private final String why;

        Bad(Command command, String what, String why) {
            this.command = command;
            this.what = what;
            this.why = why;
        }

        private boolean isToldBy(WorkerEvent.Failed event) {
            return event.place() == BAD
                    && event.how().startsWith(what)
                    && event.how().contains(why);
        }
    }

    @ParameterizedTest
    @EnumSource
    void is_told_with_what_is_wrong_and_harms_no_other(Bad bad) throws Exception {
        var events = new ToldEvents();
        try (Workers workers = WorkerPlan.of(List.of(python("-c", GOOD), bad.command))
                .workers(2)
                .readyBy(READY_BY, words("ready?"))
                .onEvent(events)
                .start()) {
            var keys = new AtomicInteger();
            Await.until(
                    () -> {
                        askOrFail(workers, keys.incrementAndGet(), "request");
                        return events.of(WorkerEvent.Failed.class).stream().anyMatch(bad::isToldBy);
                    },
                    LIMIT);
            Await.until(() -> workers.workers().getFirst().state() == Worker.State.READY, LIMIT);
            for (int i = 0; i < 20; i++) {
                askOrFail(workers, i, "afterwards");
            }

            assertThat(workers.workers().getFirst().generation()).isZero();
            assertThat(events.of(WorkerEvent.Failed.class))
                    .extracting(WorkerEvent.Failed::place)
                    .containsOnly(BAD);
        }
    }

    /// Asks, and takes the answer to this request, or a failure that says something, and nothing else.
    private static void askOrFail(Workers workers, int key, String what) {
        String request = what + " " + key;
        try {
            String answer = text(workers.call(key, words(request), Deadline.after(LIMIT)));
            assertThat(answer).isEqualTo(request);
        } catch (RequestFailedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }

    private static WorkerPlan plan() {
        return WorkerPlan.of(python());
    }

    private static void assertRefused(ThrowingCallable plan, String why) {
        assertThatIllegalArgumentException().isThrownBy(plan).withMessageContaining(why);
    }

    /// Starts a pool of what would run.
    static final class Starts {
        public static void main(String[] arguments) {
            try (Workers _ = WorkerPlan.of(Command.of("cat")).start()) {
                System.out.println("started");
            } catch (UnsupportedOperationException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void without_native_access_a_plan_is_refused_at_once() throws Exception {
        assertThat(JavaProbe.of(Starts.class)
                        .withoutNativeAccess()
                        .options("--illegal-native-access=deny")
                        .run()
                        .outText())
                .startsWith("native access is denied; --enable-native-access=");
    }

    @Test
    void a_plan_that_makes_no_sense_is_refused_at_once() {
        assertRefused(() -> WorkerPlan.of(List.of()), "no command");
        assertRefused(() -> plan().workers(0), "workers: at least 1, not 0");
        assertRefused(() -> plan().workers(2, 1), "most workers: at least 2, not 1");
        assertRefused(() -> plan().spares(-1), "spares: at least 0, not -1");
        assertRefused(() -> plan().workers(MAX_VALUE), "workers: at most 65536, not 2147483647");
        assertRefused(() -> plan().workers(1, 65_537), "most workers: at most 65536, not 65537");
        assertRefused(() -> plan().spares(MAX_VALUE), "spares: at most 65536, not 2147483647");
        assertRefused(
                () -> plan().workers(32_769).spares(32_768).start(), "workers and spares: at most 65536, not 65537");
        assertRefused(() -> plan().recycleAfter(Duration.ZERO), "after some time, not after PT0S");
        assertRefused(() -> plan().recycleAfter(0), "at least one request, not 0");
        assertRefused(() -> plan().recycleAbove(0), "some memory, not 0 bytes");
        assertRefused(() -> plan().limit(-1), "a limit of -1 bytes");
        assertRefused(() -> plan().queue(-1), "requests that wait: at least 0, not -1");
        assertRefused(() -> plan().atOnce(0), "requests at once: at least 1, not 0");
        assertRefused(() -> plan().atOnce(2).start(), "only with numbered requests");
        assertRefused(() -> plan().exchange(Exchange.GORIDGE).atOnce(2).start(), "only with numbered requests");
        assertRefused(() -> plan().exchange(Exchange.GORIDGE).start(), "goridge's requests go over Wire.goridge()");
        assertRefused(() -> plan().giveUpAfter(0), "failures: at least 1, not 0");
        assertRefused(() -> plan().askAgain(-1), "times to ask again: at least 0, not -1");
        assertRefused(() -> plan().readyBy(Duration.ZERO, ByteBuffer.allocate(0)), "not within PT0S");
        assertRefused(
                () -> WorkerPlan.of(List.of(python(), python())).workers(1).start(),
                "2 commands are started by as many");
    }

    @Test
    void an_answer_that_is_longer_than_the_limit_is_none() throws Exception {
        try (Workers workers =
                WorkerPlan.of(python("-c", GOOD)).workers(1).limit(4).start()) {
            assertThat(text(workers.call(words("four"), Deadline.after(LIMIT)))).isEqualTo("four");
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.call(words("fives"), Deadline.after(LIMIT)))
                    .withMessageContaining("5 bytes (the limit is 4)");
        }
    }

    @Test
    void the_greatest_numbers_of_a_plan_are_as_good_as_none() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        try (Workers workers = WorkerPlan.of(python("-c", GOOD))
                .workers(1, 65_536)
                .readyBy(forEver, words("ready?"))
                .queue(MAX_VALUE)
                .askAgain(MAX_VALUE)
                .giveUpAfter(MAX_VALUE)
                .recycleAfter(Long.MAX_VALUE)
                .recycleAfter(forEver)
                .recycleAbove(Long.MAX_VALUE)
                .limit(Long.MAX_VALUE)
                .start()) {
            for (int i = 0; i < 10; i++) {
                assertThat(text(workers.call(words("x"), Deadline.after(forEver))))
                        .isEqualTo("x");
            }

            assertThat(workers.workers().getFirst().generation()).isZero();
        }
    }

    @Test
    void one_whose_output_nobody_would_read_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerPlan.of(python().stderr(Stdio.pipe())).start())
                .withMessageContaining("nobody would read standard error of a worker of Command[python3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerPlan.of(python().stdout(Stdio.pipe())).start())
                .withMessageContaining("nobody would read standard output")
                .withMessageContaining("room in the pipe: say Stdio.lastLines(n)");
    }

    @Test
    void a_command_whose_workers_nobody_can_ask_is_refused_before_any_is_started() {
        Command mute = python().withoutSocket();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerPlan.of(mute).start())
                .withMessage("""
                        no worker of Command[python3] could be asked: it has no socket, so say stdin(Stdio.pipe()) and \
                        stdout(Stdio.pipe())""");
        assertRefused(
                () -> WorkerPlan.of(List.of(python(), mute.stdin(Stdio.pipe()))).start(), "Command[python3]");
        assertRefused(() -> WorkerPlan.of(mute.stdout(Stdio.pipeToChild())).start(), "Command[python3]");
    }
}
