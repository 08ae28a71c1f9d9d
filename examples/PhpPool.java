import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.stream.Gatherers;

/// Asks four PHP workers of RoadRunner's kind the lines of standard input, and prints the answers in their order.
///
/// A worker is replaced after some hundred requests, as PHP programs leak; when it asks for it itself; when it dies;
/// and when it is late. All end with this program, also when that is killed.
///
///     java @examples/options examples/PhpPool.java [SCRIPT]     where SCRIPT is children/worker_goridge.php
public final class PhpPool {

    private static final int AT_ONCE = 16; // lines that are asked before the first of them is answered

    public static void main(String[] arguments) throws IOException {
        String script = arguments.length > 0 ? arguments[0] : "children/worker_goridge.php";
        Command php = Command.of("php", script)
                .environment("RR_RELAY", "pipes://fd/3:fd/3") // where a worker of RoadRunner's finds its stream
                .stdout(Stdio.sameAs(2)) // it may print
                .stderr(Stdio.lastLines(20)) // which an error shows
                .parentDeathSignal(Signal.KILL); // one that hangs does not see that its stream has ended
        WorkerPlan plan = WorkerPlan.of(php)
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(4)
                .recycleAfter(500);

        try (Workers workers = plan.start();
                var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            lines.lines()
                    .gather(Gatherers.mapConcurrent(AT_ONCE, line -> ask(workers, line)))
                    .forEach(System.out::println);
        }
    }

    private static String ask(Workers workers, String line) {
        try {
            var answer = workers.call(UTF_8.encode(line), Deadline.after(Duration.ofSeconds(10)));
            return UTF_8.decode(answer).toString();
        } catch (RequestFailedException e) {
            return e.getMessage(); // the others are answered all the same
        }
    }
}
