import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.Requests.Payload;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;

/// Asks a PHP worker of RoadRunner's kind each line of standard input, and prints its answers.
///
/// The worker talks over descriptor 3, so that it may print what it likes: its output is ours. It ends with this
/// program, also when that is killed. When it ends, what it is asked fails at once.
///
///     java @examples/options examples/GoridgeWorker.java [SCRIPT]     where SCRIPT is children/worker_goridge.php
public final class GoridgeWorker {

    public static void main(String[] arguments) throws IOException {
        String script = arguments.length > 0 ? arguments[0] : "children/worker_goridge.php";
        Command command = Command.of("php", script)
                .environment("RR_RELAY", "pipes://fd/3:fd/3") // where a worker of RoadRunner's finds its stream
                .stderr(Stdio.lastLines(20));
        try (Child worker = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(worker, Wire.goridge()), Exchange.GORIDGE)) {
            System.out.println("process " + worker.pid());
            var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(ask(requests, line));
            }
        }
    }

    private static String ask(Requests requests, String line) throws RequestFailedException {
        var request = new Payload(UTF_8.encode("{\"attempt\":1}"), UTF_8.encode(line));
        try {
            Payload answer = requests.call(request, Deadline.after(Duration.ofSeconds(60)));
            return UTF_8.decode(answer.body()) + " in " + UTF_8.decode(answer.context());
        } catch (RequestFailedException e) {
            if (e.why() != Why.ANSWERED_ERROR) {
                throw e;
            }
            return e.getMessage(); // the worker goes on
        }
    }
}
