import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Gives a persistent worker of Bazel three requests at once, and cancels the first when the others are answered.
///
///     java @examples/options examples/BazelWorker.java proto|json COMMAND...
///     where COMMAND is python3 children/bazel_worker.py
public final class BazelWorker {

    private final Map<Integer, CompletableFuture<BazelProtocol.WorkResponse>> pending = new ConcurrentHashMap<>();
    private final Child child;
    private final BazelProtocol protocol;
    private volatile IOException ended;

    private BazelWorker(Child child, boolean json) {
        this.child = child;
        protocol = BazelProtocol.to(child, json);
        Thread.ofVirtual().start(this::receive);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("BazelWorker: say proto or json, and the worker's command");
            System.exit(2);
        }
        var words = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
        words.addAll(List.of("--persistent_worker", "--worker_protocol=" + arguments[0]));
        Command command = Command.of(words)
                .withoutSocket()
                .stdin(Stdio.pipe()) // whose end ends the worker
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(20)) // which an error shows
                .parentDeathSignal(Signal.KILL); // a worker that is busy does not see that its input has ended
        try (Child child = command.spawn()) {
            new BazelWorker(child, arguments[0].equals("json")).ask();
        }
    }

    private void ask() throws IOException {
        CompletableFuture<String> slow = submit(1, "sleep");
        Stream.of(submit(2, "hello"), submit(3, "world"))
                .map(CompletableFuture::join)
                .forEach(System.out::println);
        send(new BazelProtocol.WorkRequest(List.of(), 1, true));
        System.out.println(slow.join()); // cancelled, or answered just before
    }

    /// Returns the response, or why there is none.
    private CompletableFuture<String> submit(int requestId, String... arguments) throws IOException {
        var response = new CompletableFuture<BazelProtocol.WorkResponse>();
        pending.put(requestId, response);
        send(new BazelProtocol.WorkRequest(List.of(arguments), requestId, false));
        if (ended != null) { // perhaps before this one was among those that failed
            response.completeExceptionally(ended);
        }
        return response.handle((answer, failed) -> failed == null ? answer.toString() : failed.getMessage());
    }

    private void send(BazelProtocol.WorkRequest request) throws IOException {
        try {
            protocol.send(request);
        } catch (IOException e) {
            child.close(); // so that receive() finds how it ended, which all are told
        }
    }

    private void receive() {
        String how = "it answers no more";
        try {
            for (var response = protocol.receive(); response != null; response = protocol.receive()) {
                CompletableFuture<BazelProtocol.WorkResponse> request = pending.remove(response.requestId());
                if (request == null) {
                    throw new IOException("an answer to no request: " + response);
                }
                request.complete(response);
            }
        } catch (IOException e) {
            how = e.getMessage();
        }
        ended = new IOException(how + "; the worker: " + exit());
        pending.values().forEach(request -> request.completeExceptionally(ended));
    }

    /// Ends the child, if it has not ended, and says how it did.
    private String exit() {
        try {
            child.close();
            return child.waitFor() + " " + child.lastLines();
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }
}
