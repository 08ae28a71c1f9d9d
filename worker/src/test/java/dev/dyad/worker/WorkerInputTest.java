package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a worker has for its standard input.
@Timeout(90)
class WorkerInputTest {

    private static final String TELLS_ITS_INPUT = """
            import os
            from multiprocessing.connection import Connection
            parent = Connection(int(os.environ['DYAD_FD']))
            try:
                while True:
                    parent.recv_bytes()
                    parent.send_bytes(os.readlink('/proc/self/fd/0').encode())
            except EOFError:
                pass
            """;

    private static Command worker() {
        return python("-c", TELLS_ITS_INPUT);
    }

    /// A program whose own standard input is a pipe.
    static final class Program {

        public static void main(String[] arguments) throws Exception {
            for (Command command : List.of(worker(), worker().stdin(Stdio.inherit()), worker().fd(0))) {
                try (Workers workers = WorkerPlan.of(command).workers(1).start()) {
                    System.out.println(text(workers.call(words("which?"), Deadline.after(LIMIT))));
                }
            }
        }
    }

    @Test
    void a_worker_reads_nothing_of_ours_unless_its_command_says_so() throws Exception {
        JavaProbe.Result told = JavaProbe.of(Program.class).run();

        List<String> inputs = told.outText().lines().toList();
        assertThat(inputs).as("%s", told).hasSize(3);
        assertThat(inputs.getFirst()).isEqualTo("/dev/null");
        assertThat(inputs.get(1)).startsWith("pipe:");
        assertThat(inputs.getLast()).startsWith("socket:");
    }
}
