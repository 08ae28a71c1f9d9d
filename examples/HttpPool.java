import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// Answers HTTP requests, each on a virtual thread, by four workers in Python, which may crash, hang, leak and print.
///
/// The body of a request is what a worker is asked. A worker that fails takes its own request with it, and another one
/// takes its place: 502 says that it ended, 504 that it was late, 503 that none was free. All end with this program,
/// which answers what it has taken when it gets SIGTERM.
///
///     java @examples/options examples/HttpPool.java [PORT] [SCRIPT]     where SCRIPT is children/worker_faulty.py
///     curl --data crash http://127.0.0.1:8080/
///     curl http://127.0.0.1:8080/workers
public final class HttpPool {

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration TO_STOP = Duration.ofSeconds(8); // once this program is told to end
    private static final int LARGEST = 1 << 20; // bytes of a request, so that memory stays bounded

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8080;
        Workers workers = start(arguments.length > 1 ? arguments[1] : "children/worker_faulty.py");

        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> ask(workers, exchange));
        server.createContext("/workers", exchange -> answer(exchange, 200, UTF_8.encode(describe(workers))));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, workers)));
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static Workers start(String script) {
        Command python = Command.of("python3", script)
                .stdout(Stdio.sameAs(2)) // it may print
                .stderr(Stdio.lastLines(50)) // which an error shows
                .parentDeathSignal(Signal.KILL); // one that hangs does not see that its stream has ended
        return WorkerPlan.of(python)
                .workers(4)
                .readyBy(Duration.ofSeconds(30), UTF_8.encode("are you ready?"))
                .recycleAbove(150 << 20)
                .closedByHook(TO_STOP)
                .onEvent(HttpPool::tell)
                .start();
    }

    /// Takes no more requests, and lets those that are here be answered.
    private static void stop(HttpServer server, Workers workers) {
        server.stop((int) LONGEST.toSeconds() + 1);
        workers.close();
    }

    private static void ask(Workers workers, HttpExchange exchange) throws IOException {
        byte[] request = exchange.getRequestBody().readNBytes(LARGEST + 1);
        if (request.length > LARGEST) {
            answer(exchange, 413, UTF_8.encode("a request has a megabyte at most\n"));
            return;
        }
        int status = 200;
        ByteBuffer answer;
        try {
            answer = workers.call(ByteBuffer.wrap(request), Deadline.after(LONGEST));
        } catch (RequestFailedException e) {
            status = status(e);
            answer = UTF_8.encode(e.getMessage() + "\n");
        }
        answer(exchange, status, answer);
    }

    private static int status(RequestFailedException e) {
        return switch (e.why()) {
            case CHANNEL_ENDED, ANSWERED_ERROR -> 502;
            case EXPIRED_RUNNING -> 504;
            default -> 503; // nothing has run
        };
    }

    private static void answer(HttpExchange exchange, int status, ByteBuffer body) throws IOException {
        try (exchange) {
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String describe(Workers workers) {
        return workers.workers().stream().map(HttpPool::describe).collect(Collectors.joining());
    }

    private static String describe(Worker worker) {
        return "worker %d: process %d is %s, %d answered%n"
                .formatted(worker.place(), worker.pid(), worker.state(), worker.answered());
    }

    private static void tell(WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Failed failed ->
                System.err.println("worker " + failed.place() + " failed: " + failed.how());
            case WorkerEvent.Retired retired ->
                System.err.println("worker " + retired.place() + " is replaced: " + retired.why());
            case WorkerEvent.GaveUp gaveUp -> System.err.println("every worker fails: " + gaveUp.how());
            default -> {} // it goes well
        }
    }
}
