package dev.dyad.process.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.spawn.ChildDescriptors;
import dev.dyad.process.spawn.Environment;
import dev.dyad.process.spawn.SpawnOperation;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessTest {

    private final ChildProcess process = ChildProcess.reserve();

    ChildProcessTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        try (var descriptors = new ChildDescriptors(new ChildEnds())) {
            List<String> words = List.of("sh", "-c", "kill -STOP $$; exit 3");
            process.start(new SpawnOperation(words, null, new Environment(), null, descriptors)::run);
        }
    }

    /// Has it end: it goes on each time that it is told to, and may not have stopped yet.
    private boolean end() throws IOException {
        try (Descriptor pidfd = process.descriptor()) {
            while (true) {
                boolean _ = process.signal(Signal.CONT, false);
                try {
                    pidfd.awaitReadable(Deadline.after(Duration.ofMillis(10)));
                    return true;
                } catch (SocketTimeoutException notYet) {
                    // once more
                }
            }
        }
    }

    @AfterEach
    void close() {
        SocketCalls.closeNow(process.pidfd());
    }

    /// The number may be another child's by then.
    @Test
    void an_exit_that_was_taken_is_not_asked_for_again() throws Exception {
        assertThat(end()).isTrue();

        assertThat(process.take()).isTrue();
        assertThat(process.take()).isTrue();
        assertThat(process.exit()).isEqualTo(new Exit.Exited(3));
    }

    @Test
    void an_exit_is_not_taken_while_the_number_is_needed_and_nobody_waits_for_that() throws Exception {
        assertThat(process.whileItsOwn(() ->
                        end() && CompletableFuture.supplyAsync(process::take).join()))
                .isFalse();
        assertThat(process.take()).isTrue();
        assertThatThrownBy(() -> process.whileItsOwn(() -> true)).isInstanceOf(SystemCallException.class);
    }

    /// Or its exit would not be taken for as long as one joins after the other.
    @Test
    void nobody_joins_the_group_of_a_process_that_has_ended() throws Exception {
        assertThat(end()).isTrue();

        assertThatThrownBy(() -> process.whileItsOwn(() -> true))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContainingAll("setpgid", "ESRCH", "has ended");
        assertThat(process.take()).isTrue();
    }

    @Test
    void a_signal_to_the_group_waits_for_who_joins_it() throws Exception {
        var sending = new FutureTask<>(() -> process.signal(Signal.TERM, true));

        boolean joined = process.whileItsOwn(() -> {
            Thread sender = Thread.ofPlatform().start(sending);
            Await.until(() -> sender.getState() == Thread.State.BLOCKED, Duration.ofSeconds(30));
            return end();
        });

        assertThat(joined).isTrue();
        assertThat(sending.get()).isFalse(); // it leads none
        assertThat(process.take()).isTrue();
    }

    /// As where there is no memory to tell of it.
    @Test
    void an_exit_that_was_taken_stays_known_though_something_fails_then() throws Exception {
        assertThat(end()).isTrue();
        assertThat(process.take()).isTrue();

        process.giveUp(new OutOfMemoryError("on purpose"));

        assertThat(process.take()).isTrue();
        assertThat(process.exit()).isEqualTo(new Exit.Exited(3));
    }
}
