package dev.dyad.worker.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked // what is not there fails the test
@Timeout(120)
class ClosedByHookExampleTest {

    // @start region="closed-by-hook"
    static Workers startUntilHook(Command command, Runnable stopAsking) {
        Workers workers =
                WorkerPlan.of(command).closedByHook(Duration.ofSeconds(30)).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopAsking.run(); // such as HttpServer.stop(20), which waits until what was asked is answered
            try (workers) {
                workers.drain(Deadline.after(Duration.ofSeconds(5)));
            } catch (IOException | InterruptedException e) {
                System.err.println("not every request has been answered: " + e.getMessage());
            }
        }));
        return workers;
    }
    // @end

    /// Ends, and asks while it does.
    static final class Stops {
        public static void main(String[] arguments) {
            var started = new AtomicReference<Workers>();
            Command worker = Command.of("python3", arguments[0]);
            started.set(startUntilHook(worker, () -> ask(started.get())));
        }

        private static void ask(Workers workers) {
            try {
                System.out.println(UTF_8.decode(workers.call(UTF_8.encode("hello"))));
            } catch (RequestFailedException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void what_is_asked_before_the_close_is_answered_though_the_jvm_ends() throws Exception {
        String script =
                Path.of(System.getProperty("dyad.root"), "children/worker.py").toString();

        assertThat(JavaProbe.of(Stops.class, script).run().toString()).isEqualTo("exit 0\nHELLO\n");
    }
}
