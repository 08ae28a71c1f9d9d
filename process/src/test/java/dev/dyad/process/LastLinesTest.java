package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The last lines that a child writes, which nobody has to read.
@Tag("both")
@Timeout(120)
class LastLinesTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void they_are_there_when_the_exit_is() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (Child child = sh("echo one >&2; echo two >&2; printf three >&2; exit 4")
                    .stderr(Stdio.lastLines(2))
                    .spawn()) {
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(4));
                assertThat(child.lastLines()).containsExactly("two", "three");
            }
        }
    }

    @Test
    void a_child_that_writes_much_never_waits_for_anybody() throws Exception {
        try (Child child = sh("seq 1 2000000").stdout(Stdio.lastLines(3)).spawn()) {
            assertThat(child.waitFor(Deadline.after(Duration.ofSeconds(60)))).isEqualTo(new Exit.Exited(0));
            assertThat(child.lastLines(1)).containsExactly("1999998", "1999999", "2000000");
        }
    }

    @Test
    void they_can_be_read_while_the_child_runs() throws Exception {
        try (Child child =
                sh("echo started >&2; read line <&3").stderr(Stdio.lastLines(9)).spawn()) {
            Await.until(() -> child.lastLines().equals(List.of("started")), SOON);

            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void a_process_that_was_left_behind_holds_up_nothing() throws Exception {
        Child child = sh("{ read line <&4; echo late >&2; } & echo early >&2")
                .stderr(Stdio.lastLines(9))
                .with(4, Stdio.pair())
                .spawn();
        try (child) {
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            assertThat(child.lastLines()).containsExactly("early");

            child.pair(4).write(UTF_8.encode("go on\n"));
            Await.until(() -> child.lastLines().equals(List.of("early", "late")), SOON);
        }
        assertThat(child.lastLines()).containsExactly("early", "late");
    }

    @Test
    void many_children_are_read_by_one_thread() throws Exception {
        var children = new ArrayList<Child>();
        try (Child first = sh("exit 0").spawn()) {
            assertThat(first.waitFor()).isEqualTo(new Exit.Exited(0));
            Set<Thread> before = threads();
            for (int i = 0; i < 40; i++) {
                children.add(sh("echo " + i + " >&2; read line <&3")
                        .stderr(Stdio.lastLines(1))
                        .spawn());
            }
            for (int i = 0; i < children.size(); i++) {
                Child child = children.get(i);
                List<String> expected = List.of("" + i);
                Await.until(() -> child.lastLines().equals(expected), SOON);
            }

            assertThat(threads())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .isSubsetOf("dyad-reaper");
        } finally {
            for (Child child : children) {
                child.close();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void the_last_bytes_are_those_however_they_come(long seed) {
        var random = new Random(seed);
        var last = new LastBytes();
        var all = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String more = "x".repeat(random.nextInt(random.nextBoolean() ? 10 : LastBytes.MOST)) + "\n";
            last.add(UTF_8.encode(more));
            all.append(more);
        }

        assertThat(all.toString()).endsWith(text(last));
        assertThat(text(last).length()).isLessThanOrEqualTo(LastBytes.MOST);
        if (all.length() > LastBytes.MOST) {
            int whole = all.indexOf("\n", all.length() - LastBytes.MOST) + 1;
            assertThat(text(last))
                    .isEqualTo(whole < all.length() ? all.substring(whole) : "x".repeat(LastBytes.MOST - 1) + "\n");
        } else {
            assertThat(text(last)).isEqualTo(all.toString());
        }
    }

    @Test
    void the_end_of_a_line_that_is_too_long_is_kept() {
        var last = new LastBytes();
        for (int i = 0; i < 3; i++) {
            last.add(ByteBuffer.wrap("y".repeat(LastBytes.MOST).getBytes(UTF_8)));
        }
        last.add(UTF_8.encode("end"));

        assertThat(text(last)).hasSize(LastBytes.MOST).endsWith("yend");
    }

    private static String text(LastBytes last) {
        return new String(last.bytes(), UTF_8);
    }

    /// Of Java alone: HotSpot's own come and go.
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }
}
