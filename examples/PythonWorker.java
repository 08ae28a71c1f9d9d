import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;

/// Asks a worker in Python each line of standard input, and prints its answers.
///
/// The worker is eight lines of Python's standard library. It ends with this program, also when that is killed: it then
/// finds the end of its stream. When the worker ends, what it is asked fails at once.
///
///     java @examples/options examples/PythonWorker.java [SCRIPT]     where SCRIPT is children/worker.py
public final class PythonWorker {

    public static void main(String[] arguments) throws IOException {
        String script = arguments.length > 0 ? arguments[0] : "children/worker.py";
        Command command = Command.of("python3", script).stderr(Stdio.lastLines(20)); // which an error shows
        try (Child worker = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(worker, Wire.framed()))) {
            System.out.println("process " + worker.pid());
            var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(ask(requests, line));
            }
        }
    }

    private static String ask(Requests requests, String line) throws RequestFailedException {
        var answer = requests.call(UTF_8.encode(line), Deadline.after(Duration.ofSeconds(60)));
        return UTF_8.decode(answer).toString();
    }
}
