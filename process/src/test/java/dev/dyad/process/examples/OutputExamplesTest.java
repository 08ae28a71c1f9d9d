package dev.dyad.process.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Command;
import dev.dyad.process.Output;
import dev.dyad.process.OutputTimeoutException;
import dev.dyad.process.ServiceManager;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputExamplesTest {

    // @start region="output"
    static String sorted(String lines) throws IOException, InterruptedException {
        Output output = Command.of("sort").output(lines.getBytes(UTF_8));
        if (!output.isSuccess()) {
            throw new IOException("sort: " + output); // its exit, and what it wrote to its standard error
        }
        return output.text();
    }
    // @end

    @Test
    void a_command_is_run_for_its_output() throws Exception {
        assertThat(sorted("b\na\n")).isEqualTo("a\nb\n");
    }

    // @start region="output-timeout"
    static String firstWords(Command command) throws IOException, InterruptedException, TimeoutException {
        try {
            return command.output(Deadline.after(Duration.ofMillis(200))).text();
        } catch (OutputTimeoutException e) {
            return e.output().text(); // what it wrote until it was ended
        }
    }
    // @end

    @Test
    void what_was_written_until_the_deadline_is_kept() throws Exception {
        assertThat(firstWords(Command.of("sh", "-c", "exec sleep 600"))).isEmpty();
    }

    // @start region="service-manager"
    static void start(Runnable load) throws IOException {
        ServiceManager.status("loading"); // as `systemctl status` shows it
        load.run();
        ServiceManager.ready(); // for units of Type=notify; does nothing where no manager listens
    }
    // @end

    /// Is started by nobody who wants to know.
    static final class Serves {
        public static void main(String[] arguments) throws IOException {
            start(() -> System.out.println("loaded"));
        }
    }

    @Test
    void a_service_says_that_it_is_ready() throws Exception {
        assertThat(JavaProbe.of(Serves.class)
                        .withoutEnvironment("NOTIFY_SOCKET")
                        .run())
                .hasToString("exit 0\nloaded\n");
    }
}
