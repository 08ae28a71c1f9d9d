package dev.dyad.process.exit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Exit;
import dev.dyad.process.spawn.ChildDescriptors;
import dev.dyad.process.spawn.Environment;
import dev.dyad.process.spawn.SpawnOperation;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.fd.SocketCalls;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessTest {

    /// The number may be another child's by then.
    @Test
    void an_exit_that_was_taken_is_not_asked_for_again() throws Exception {
        ChildProcess process = ChildProcess.reserve();
        try (var descriptors = new ChildDescriptors(new ChildEnds())) {
            List<String> words = List.of("sh", "-c", "exit 3");
            process.start(new SpawnOperation(words, null, new Environment(), null, descriptors)::run);
        }
        try (Descriptor pidfd = process.descriptor()) {
            pidfd.awaitReadable(Deadline.after(Duration.ofSeconds(30)));

            assertThat(process.take()).isEqualTo(new Exit.Exited(3));
            assertThat(process.take()).isEqualTo(new Exit.Exited(3));
        } finally {
            SocketCalls.closeNow(process.pidfd());
        }
    }
}
