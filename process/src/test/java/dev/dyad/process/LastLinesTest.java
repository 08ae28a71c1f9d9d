package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /// Only Java's: HotSpot's own come and go.
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }
}
