package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thousand children at once, and the threads that are there for them.
@Tag("both")
@Timeout(120)
class ManyChildrenTest {

    private static final int CHILDREN = 1000;

    /// Says which threads were added for children that are all alive, and for one that ends with its parent.
    static final class Spawns {
        public static void main(String[] arguments) throws Exception {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            var children = new ArrayList<Child>();
            for (int i = 0; i < CHILDREN; i++) {
                Command command = Command.of("cat").fd(0).stdout(Stdio.ignore());
                children.add((i % 10 == 0 ? command.stderr(Stdio.lastLines(1)) : command).spawn());
            }
            assertThat(children).allMatch(Child::isAlive);
            System.out.println(addedTo(before));
            children.add(Command.of("cat")
                    .fd(0)
                    .stdout(Stdio.ignore())
                    .parentDeathSignal(Signal.KILL)
                    .spawn());
            System.out.println(addedTo(before));
            for (Child child : children) {
                child.socket().shutdownOutput();
            }
            for (Child child : children) {
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
                child.close();
            }
            System.out.println(ProcessHandle.current().children().count() + " left");
        }

        private static List<String> addedTo(Set<Thread> before) {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void they_need_two_threads_and_those_on_a_leash_a_third() throws Exception {
        assertThat(JavaProbe.of(Spawns.class).run().toString()).isEqualTo("""
                        exit 0
                        [dyad-cleaner, dyad-reaper]
                        [dyad-cleaner, dyad-parent, dyad-reaper]
                        0 left
                        """);
    }
}
