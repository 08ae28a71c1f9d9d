package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Platform;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.EventLoop;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Spawning with fewer descriptors than that takes.
class DescriptorExhaustionTest {

    /// Says what becomes of a spawn with 0, 1, 2, … free descriptors, until one succeeds.
    static final class Walks {
        public static void main(String[] arguments) throws Exception {
            FullTable.load(Walks.class, Command.class, StreamSocket.class, Platform.class, FullTable.class);
            walk(sh("echo here >&3")); // the first time, with a reaper to start
            EventLoop kept = Launch.REAPER.use(); // or it would end when it has had nothing to do for a while
            walk(sh("echo here >&3"));
            for (int free = 0; free < 6; free++) { // a copy at 41 or above is wanted, and only low numbers are free
                System.out.print(attempt(sh("exit 0").fd(40), free, false) + " ");
            }
            System.out.println(Talk.answer(sh("echo here >&9").fd(9)).strip());
            kept.release();
        }

        private static void walk(Command command) throws Exception {
            String outcome = "";
            for (int free = 0; !outcome.startsWith("here") && free < 20; free++) {
                outcome = attempt(command, free, true);
                System.out.print(outcome + " ");
            }
            System.out.println();
        }

        private static String attempt(Command command, int free, boolean highest) throws Exception {
            Set<String> before = open();
            String outcome;
            try (var table = FullTable.fill()) {
                if (highest) {
                    table.freeHighest(free);
                } else {
                    table.freeLowest(free);
                }
                outcome = Talk.answer(command).strip();
            } catch (SystemCallException e) {
                outcome = e.call() + ":" + e.errno().name();
            }
            return outcome + leftSince(before);
        }

        private static String leftSince(Set<String> before) {
            Set<String> left = open();
            left.removeAll(before);
            long children = ProcessHandle.current().children().count(); // zombies are counted too
            return (left.isEmpty() ? "" : "!" + left) + (children == 0 ? "" : "!" + children + " children");
        }

        private static Set<String> open() {
            var open = new TreeSet<String>();
            Descriptors.held().forEach((fd, target) -> open.add(fd + "=" + target));
            return open;
        }
    }

    /// Spawns with so few descriptors as a spawn takes, and asks which signals are ignored.
    static final class KeepsSignals {
        public static void main(String[] arguments) throws Exception {
            FullTable.load(Walks.class, Command.class, StreamSocket.class, Platform.class, FullTable.class);
            Talk.answer(sh("exit 0"));
            try (var table = FullTable.fill()) {
                table.freeHighest(3);
                System.out.println(Talk.answer(sh("echo here >&3").keepIgnoredSignals()));
            }
        }
    }

    @Test
    void each_number_of_free_descriptors_is_enough_or_a_clear_error_that_leaves_nothing() throws Exception {
        var result = JavaProbe.of(Walks.class).descriptors(64).run();

        assertThat(result.toString()).isEqualTo("""
                        exit 0
                        socketpair:EMFILE socketpair:EMFILE epoll_create1:EMFILE eventfd:EMFILE pidfd_open:EMFILE here\s
                        socketpair:EMFILE socketpair:EMFILE pidfd_open:EMFILE here\s
                        socketpair:EMFILE socketpair:EMFILE pidfd_open:EMFILE fcntl:EMFILE fcntl:EMFILE fcntl:EMFILE here
                        """);
    }

    /// A child's program.
    static final class Nothing {
        public static void main(String[] arguments) {
            assertThat(arguments).isEmpty();
        }
    }

    /// Describes the very first Java child where there is no descriptor, and the next.
    static final class DescribesFirst {
        public static void main(String[] arguments) throws Exception {
            FullTable.load(Walks.class, Command.class, StreamSocket.class, Platform.class, FullTable.class);
            boolean _ = Files.exists(Path.of("/proc")); // the JDK's own first time
            try (var _ = FullTable.fill()) {
                System.out.print(JavaCommand.of(Nothing.class));
            } catch (UncheckedIOException e) {
                System.out.print(Objects.requireNonNull(e.getCause()).getMessage());
            }
            System.out.print(
                    "; " + JavaCommand.of(Nothing.class).command().output().isSuccess());
        }
    }

    @Test
    void the_first_java_child_without_a_descriptor_costs_nothing_but_itself() throws Exception {
        assertThat(JavaProbe.of(DescribesFirst.class).descriptors(64).run().toString())
                .isEqualTo(
                        "exit 0\nmemfd_create: the JDK needs 16 descriptors to tell the options of this JVM, the first"
                                + " time: Too many open files (EMFILE); true");
    }

    @Test
    void to_know_which_signals_are_ignored_takes_no_descriptor() throws Exception {
        assertThat(JavaProbe.of(KeepsSignals.class).descriptors(64).run().toString())
                .isEqualTo("exit 0\nhere\n\n");
    }
}
