package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.Threads;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lines that a child writes and a callback gets.
@Tag("both")
@Timeout(120)
class LinesTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Exit SUCCESS = new Exit.Exited(0);

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void a_standard_input_has_no_lines_to_read() {
        for (Stdio what : List.of(Stdio.lines(line -> {}), Stdio.lastLines(1))) {
            assertThatThrownBy(() -> sh("exit 0").stdin(what).spawn())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Stdio.pipe()");
        }
    }

    @Test
    void all_are_delivered_when_the_exit_is_told() throws Exception {
        for (int round = 0; round < 30; round++) {
            lines.clear();
            try (Child child = sh("echo one; echo; printf 'two\\r\\nthree\\rfour'; exit 4")
                    .stdout(Stdio.lines(lines::add))
                    .spawn()) {
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(4));
                assertThat(lines).containsExactly("one", "", "two", "three", "four");
            }
        }
    }

    @Test
    void a_future_of_the_exit_waits_for_them_too() throws Exception {
        try (Child child = sh("seq 1 50000").stdout(Stdio.lines(lines::add)).spawn()) {
            assertThat(child.onExit().thenApply(exit -> lines.size()).get(60, TimeUnit.SECONDS))
                    .isEqualTo(50_000);
        }
        assertThat(lines).containsExactlyElementsOf(numbers(50_000));
    }

    @Test
    void two_streams_have_callbacks_of_their_own() throws Exception {
        var errors = new ConcurrentLinkedQueue<String>();
        try (Child child = sh("for i in 1 2 3; do echo out $i; echo err $i >&2; done")
                .stdout(Stdio.lines(lines::add))
                .stderr(Stdio.lines(errors::add))
                .spawn()) {
            assertThat(child.waitFor(Deadline.after(SOON))).isEqualTo(SUCCESS);
        }
        assertThat(lines).containsExactly("out 1", "out 2", "out 3");
        assertThat(errors).containsExactly("err 1", "err 2", "err 3");
    }

    @Test
    void a_slow_callback_slows_its_child_and_nobody_else() throws Exception {
        var called = new CountDownLatch(1);
        var slow = new ConcurrentLinkedQueue<String>();
        Command much = sh("seq 1 100000").stdout(Stdio.lines(line -> {
            called.countDown();
            await(done);
            slow.add(line);
        }));
        try (Child child = much.spawn();
                Child other = sh("echo other").stdout(Stdio.lines(lines::add)).spawn()) {
            called.await();
            assertThat(other.waitFor()).isEqualTo(SUCCESS);
            assertThat(lines).containsExactly("other");
            assertThat(sh("echo kept").output().text()).isEqualTo("kept\n");
            assertThat(child.isAlive()).isTrue(); // since it has more to write than is read in advance

            done.countDown();
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        }
        assertThat(slow).containsExactlyElementsOf(numbers(100_000));
    }

    @Test
    void what_a_callback_throws_is_told_and_the_next_line_follows() throws Exception {
        var told = new ConcurrentLinkedQueue<Throwable>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            told.add(thrown);
            throw new IllegalStateException("of the handler");
        });
        var failures = List.of(
                new IllegalStateException("1"), new OutOfMemoryError("2"), new StackOverflowError("3"), new Error("4"));
        try (Child child =
                sh("seq 0 4").stdout(Stdio.lines(line -> fail(line, failures))).spawn()) {
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(told).containsExactlyElementsOf(failures);
        assertThat(lines).containsExactly("0", "1", "2", "3", "4");
        assertThat(sh("echo later").output().text()).isEqualTo("later\n");
    }

    private void fail(String line, List<? extends Throwable> failures) {
        lines.add(line);
        Thread.currentThread().interrupt(); // which the next line takes no notice of
        switch (line.equals("0") ? null : failures.get(Integer.parseInt(line) - 1)) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    @Test
    void a_callback_is_not_interrupted_by_the_one_before() throws Exception {
        var interrupted = new ConcurrentLinkedQueue<Boolean>();
        try (Child child = sh("seq 1 3")
                .stdout(Stdio.lines(line -> {
                    interrupted.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                }))
                .spawn()) {
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        }
        assertThat(interrupted).containsExactly(false, false, false);
    }

    @Test
    void a_process_that_was_left_behind_holds_up_nothing() throws Exception {
        Child child = sh("{ read line <&4; echo late; } & printf early")
                .stdout(Stdio.lines(lines::add))
                .with(4, Stdio.pair())
                .spawn();
        try (child) {
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
            assertThat(lines).containsExactly("early");

            child.pair(4).write(UTF_8.encode("go on\n"));
            Await.until(() -> lines.size() == 2, SOON);
        }
        assertThat(lines).containsExactly("early", "late");
    }

    @Test
    void a_process_that_was_left_behind_and_goes_on_to_write_holds_up_nothing_either() throws Exception {
        var early = new CountDownLatch(1);
        Child child = sh("{ read line <&4; echo late; echo told >&4; exec yes; } & echo early")
                .stdout(Stdio.lines(line -> await(line.equals("early") ? early : done)))
                .with(4, Stdio.pair())
                .spawn();
        try (child) {
            Await.until(() -> !child.isAlive(), SOON); // or what is late would not be
            child.pair(4).write(UTF_8.encode("go on\n"));
            assertThat(Talk.line(child.pair(4))).isEqualTo("told");
            try (Child other = sh("exit").spawn()) { // which the reaper takes after it has read that
                assertThat(other.onExit().get(60, TimeUnit.SECONDS)).isEqualTo(SUCCESS);
            }
            early.countDown();

            assertThat(child.onExit().get(60, TimeUnit.SECONDS)).isEqualTo(SUCCESS);
            done.countDown();
        }
    }

    @Test
    void many_children_need_no_threads_of_their_own() throws Exception {
        var children = new ArrayList<Child>();
        try {
            for (int i = 0; i < 100; i++) {
                children.add(sh("echo " + i + "; read line <&3; echo end " + i)
                        .stdout(Stdio.lines(lines::add))
                        .spawn());
            }
            Await.until(() -> lines.size() == 100, SOON);
            Await.until(() -> Threads.named("dyad-lines") == 0, SOON);
            for (Child child : children) {
                child.socket().shutdownOutput();
            }
            for (Child child : children) {
                assertThat(child.waitFor()).isEqualTo(SUCCESS);
            }
        } finally {
            for (Child child : children) {
                child.close();
            }
        }
        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100)
                        .boxed()
                        .<String>mapMulti((i, all) -> {
                            all.accept("" + i);
                            all.accept("end " + i);
                        })
                        .toList());
    }

    @Test
    void a_callback_may_close_its_child_or_wait_for_it() throws Exception {
        var made = new AtomicReference<Child>();
        var exits = new ConcurrentLinkedQueue<Exit>();
        var spawned = new CountDownLatch(1);
        Command command = sh("echo ready; read line <&3; exit 5").stdout(Stdio.lines(line -> {
            await(spawned);
            Child child = Objects.requireNonNull(made.get());
            try {
                child.close();
                exits.add(child.waitFor());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        try (Child child = command.spawn()) {
            made.set(child);
            spawned.countDown();
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(5));
        }
        assertThat(exits).containsExactly(new Exit.Exited(5));
    }

    @Test
    void two_callbacks_of_a_child_may_wait_for_it_at_the_same_time() throws Exception {
        var made = new AtomicReference<Child>();
        var exits = new ConcurrentLinkedQueue<Exit>();
        var called = new CountDownLatch(2);
        Stdio waiting = Stdio.lines(line -> {
            called.countDown();
            await(done);
            Child child = Objects.requireNonNull(made.get());
            try {
                exits.add(line.equals("out") ? child.waitFor() : child.waitFor(Deadline.never()));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try (Child child = sh("echo out; echo err >&2; exit 5")
                .stdout(waiting)
                .stderr(waiting)
                .spawn()) {
            made.set(child);
            called.await();
            done.countDown();
            assertThat(child.onExit().get(60, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(5));
        }
        assertThat(exits).containsExactly(new Exit.Exited(5), new Exit.Exited(5));
    }

    @Test
    @SuppressWarnings("try") // the close is what is tested
    void a_callback_that_never_returns_holds_up_no_deadline_and_no_close() throws Exception {
        var called = new CountDownLatch(1);
        try (Child child = sh("echo one; echo two")
                .stdout(Stdio.lines(line -> {
                    called.countDown();
                    await(done);
                    lines.add(line);
                }))
                .spawn()) {
            called.await();
            Await.until(() -> !child.isAlive(), SOON);
            assertThat(child.waitFor(Deadline.after(Duration.ofMillis(1)))).isEqualTo(SUCCESS);
            child.close();

            done.countDown();
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        }
        assertThat(lines).containsExactly("one", "two");
    }

    @Test
    void a_line_that_is_too_long_comes_in_pieces_of_whole_characters() throws Exception {
        String character = "ü";
        try (Child child = sh("printf x; yes '" + character + "' | head -c 300000 | tr -d '\\n'; echo; echo next")
                .stdout(Stdio.lines(lines::add))
                .spawn()) {
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        }
        assertThat(String.join("|", lines)).matches("xü{32767}\\|(ü{32768}\\|){2}ü{1697}\\|next");
    }

    @Test
    void bytes_that_are_no_text_are_replaced() throws Exception {
        try (Child child =
                sh("printf 'a\\377b\\n\\303'").stdout(Stdio.lines(lines::add)).spawn()) {
            assertThat(child.waitFor()).isEqualTo(SUCCESS);
        }
        assertThat(lines).containsExactly("a\uFFFDb", "\uFFFD");
    }

    @Test
    void a_command_that_runs_for_its_output_may_deliver_its_errors() throws Exception {
        Output output =
                sh("echo out; echo err >&2").stderr(Stdio.lines(lines::add)).output();

        assertThat(output.text()).isEqualTo("out\n");
        assertThat(output.errorLines()).isEmpty();
        assertThat(lines).containsExactly("err");
        assertThatIllegalStateException()
                .isThrownBy(() -> sh("exit").stdout(Stdio.lines(lines::add)).output())
                .withMessage("output() reads the standard output, and with(1, …) or stdout(…) has sent it elsewhere:"
                        + " leave that out");
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
