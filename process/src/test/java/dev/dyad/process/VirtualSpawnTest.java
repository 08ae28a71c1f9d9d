package dev.dyad.process;

import static dev.dyad.harness.Threads.virtually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Threads;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A virtual thread spawns by way of another thread, which nobody else holds up.
@Timeout(60)
class VirtualSpawnTest {

    /// Waits in every thread of the common pool for what a virtual thread spawns.
    static final class InCommonPool {
        public static void main(String[] arguments) throws Exception {
            var spawned = new CountDownLatch(1);
            CompletableFuture<?>[] waiting = new CompletableFuture<?>[8];
            for (int i = 0; i < waiting.length; i++) {
                waiting[i] = CompletableFuture.runAsync(() -> Await.latch(spawned));
            }
            System.out.println(virtually(InCommonPool::exits).get(20, TimeUnit.SECONDS));
            spawned.countDown();
            CompletableFuture.allOf(waiting).join();
        }

        private static Exit exits() throws Exception {
            try (Child child = Command.of("true").spawn()) {
                return child.onExit().get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void a_spawn_and_its_exit_need_nothing_of_the_common_pool() throws Exception {
        assertThat(JavaProbe.of(InCommonPool.class).run().toString()).isEqualTo("exit 0\nExited[code=0]\n");
    }

    @Test
    void a_fifo_that_nobody_writes_to_holds_up_no_other_spawn(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(Command.of("mkfifo", fifo.toString()).output().exit()).isEqualTo(new Exit.Exited(0));
        var first = virtually(
                () -> Command.of("cat").stdin(Stdio.file(fifo)).output().text());
        for (int i = 0; i < 3; i++) {
            assertThat(virtually(() -> Command.of("true").output().exit()).get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Exit.Exited(0));
        }
        assertThat(virtually(() -> leashed()).get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(0));
        assertThat(first.isDone()).isFalse();

        Files.writeString(fifo, "written");
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("written");
    }

    /// More than there are threads that open files.
    @Test
    void so_many_fifos_that_nobody_writes_to_hold_up_no_spawn_that_opens_none(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(Command.of("mkfifo", fifo.toString()).output().exit()).isEqualTo(new Exit.Exited(0));
        Command command = Command.of("/no/such/program").stdin(Stdio.file(fifo));
        var waiting =
                Stream.generate(() -> virtually(command::spawn)).limit(300).toList();
        try {
            Await.until(() -> Threads.named("dyad-opener") == 256, Duration.ofSeconds(20));

            Deadline deadline = Deadline.after(Duration.ofSeconds(20));
            assertThat(virtually(() -> Command.of("true").output(deadline).exit())
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Exit.Exited(0));
            assertThat(virtually(() -> leashed()).get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(0));
        } finally {
            try (var _ = Descriptor.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                for (FutureTask<Child> one : waiting) {
                    assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS)).hasMessageContaining("ENOENT");
                }
            }
        }
    }

    private static Exit leashed() throws Exception {
        return Command.of("true").parentDeathSignal(Signal.TERM).output().exit();
    }
}
