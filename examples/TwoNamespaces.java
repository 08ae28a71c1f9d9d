import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Asks one pool over two network namespaces the lines of standard input, prints the answers in their order, and then
/// how many each worker gave.
///
/// The namespaces have been made by `ip netns add`, and only the superuser can start something in them. A worker there
/// is a child as any other: it has its end on descriptor 3, and ends with this program, also when that is killed.
///
///     java @examples/options examples/TwoNamespaces.java ONE OTHER [SCRIPT]     where SCRIPT is children/worker.py
public final class TwoNamespaces {

    private static final int AT_ONCE = 16; // lines that are asked before the first of them is answered

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("TwoNamespaces: say two network namespaces, as ip netns add has made them");
            System.exit(2);
        }
        String script = arguments.length > 2 ? arguments[2] : "children/worker.py";
        List<Command> commands = Stream.of(arguments[0], arguments[1])
                .map(namespace -> worker(namespace, script))
                .toList();

        try (Workers workers = WorkerPlan.of(commands)
                        .workers(2)
                        .readyBy(Duration.ofSeconds(30), UTF_8.encode("are you ready?"))
                        .start();
                var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            lines.lines()
                    .gather(Gatherers.mapConcurrent(AT_ONCE, line -> ask(workers, line)))
                    .forEach(System.out::println);
            for (Worker worker : workers.workers()) {
                System.out.println(worker.answered() + " by worker " + worker.place());
            }
        }
    }

    private static Command worker(String namespace, String script) {
        return Command.of("ip", "netns", "exec", namespace, "python3", script)
                .stderr(Stdio.lastLines(20)) // which an error shows
                .parentDeathSignal(Signal.KILL);
    }

    private static String ask(Workers workers, String line) {
        try {
            var answer = workers.call(UTF_8.encode(line), Deadline.after(Duration.ofSeconds(60)));
            return UTF_8.decode(answer).toString();
        } catch (RequestFailedException e) {
            return e.getMessage(); // the others are answered all the same
        }
    }
}
