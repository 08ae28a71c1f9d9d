package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Children that have ended and that nobody has closed, or knows any more.
@Timeout(60)
class LostChildTest {

    @Test
    void the_ends_of_a_child_that_ended_and_was_lost_are_closed_and_told_of() throws Exception {
        var result = JavaProbe.of(Loses.class).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("closed\n");
        assertThat(result.errText()).contains("was lost without being closed");
    }

    /// Loses some, and waits until all that they had is gone.
    static final class Loses {

        private static final int COUNT = 5;

        public static void main(String[] arguments) throws Exception {
            Set<String> lost = lose();
            Await.until(
                    () -> {
                        System.gc();
                        return ours().stream().noneMatch(lost::contains);
                    },
                    Duration.ofSeconds(30));
            System.out.println("closed");
        }

        /// Returns what the children had.
        private static Set<String> lose() throws Exception {
            Set<String> before = ours();
            var children = new ArrayList<Child>();
            for (int i = 0; i < COUNT; i++) {
                Child child = Command.of("true").stdin(Stdio.pipe()).spawn();
                children.add(child);
                Exit _ = child.waitFor();
            }
            Set<String> lost = ours();
            lost.removeAll(before);
            assertThat(lost).hasSizeGreaterThanOrEqualTo(2 * COUNT);
            assertThat(children).noneMatch(Child::isAlive); // known until here
            return lost;
        }

        /// Returns the sockets and pipes that are open.
        private static Set<String> ours() {
            var targets = new HashSet<>(Descriptors.targets().values());
            targets.removeIf(target -> !target.startsWith("socket:") && !target.startsWith("pipe:"));
            return targets;
        }
    }
}
