package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Workers of several languages. Each answers `NUMBER WORD ARGUMENT …` with that in upper case, after it has written
/// down the number, and has done what the word says.
enum RandomWorker {
    C(Exchange.IN_TURN, List.of()),
    PYTHON(Exchange.IN_TURN, List.of("nap", "hang", "exit", "garbage", "twice", "print", "fork")),
    PYTHON_NUMBERED(Exchange.NUMBERED, List.of("nap", "hang", "exit", "garbage", "print", "fail", "fork")),
    JAVA(Exchange.IN_TURN, List.of("nap", "hang", "exit", "print")),
    JAVA_NUMBERED(Exchange.NUMBERED, List.of("nap", "hang", "exit", "print", "fail"));

    /// How many requests a numbered worker runs at once.
    static final int AT_ONCE = 4;

    /// Makes a worker ready, and is not written down.
    static final String FIRST = "first ready 0 ";

    /// What a request has a worker do, in Python.
    private static final String DO = """
            import os, signal, struct, sys, time
            begun = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)

            def do(request):
                number, word, argument = request.decode().split(' ', 3)[:3]
                if word == 'ready':
                    return
                os.write(begun, number.encode() + b'\\n')
                if word == 'nap':
                    time.sleep(int(argument) / 1000)
                while word == 'hang':
                    time.sleep(600)
                if word == 'exit':
                    os._exit(int(argument))
                if word == 'garbage':
                    os.write(3, b'\\x90\\0\\0\\0 is no length')
                if word == 'print':
                    print('a line of', number, file=sys.stderr, flush=True)
                    print('a line on the other one', flush=True)
                if word == 'fail':
                    raise ValueError('on purpose')
                if word == 'fork' and os.fork() == 0:
                    os.execvp('sleep', ['sleep', '3'])
            """;

    private static final String IN_TURN = DO + """
            from multiprocessing.connection import Connection
            parent = Connection(3)
            try:
                while True:
                    request = parent.recv_bytes()
                    do(request)
                    if request.split(b' ')[1] == b'twice':
                        os.write(3, 2 * (struct.pack('!i', len(request)) + request.upper()))
                    else:
                        parent.send_bytes(request.upper())
            except EOFError:
                pass
            """;

    private static final String NUMBERED = DO + """
            import dyad

            def handle(request):
                do(request.body)
                return request.body.upper()

            dyad.serve(handle, 4)
            """;

    private final Exchange exchange;

    @SuppressWarnings("ImmutableEnumChecker") // it is of List.of
    private final List<String> words;

    RandomWorker(Exchange exchange, List<String> words) {
        this.exchange = exchange;
        this.words = words;
    }

    Exchange exchange() {
        return exchange;
    }

    /// Returns what it does when asked to, but for an answer.
    List<String> words() {
        return words;
    }

    boolean writesDownWhatItBegins() {
        return this != C;
    }

    /// @param begun where it writes down what it begins
    Command command(Path folder, Path begun) throws Exception {
        return switch (this) {
            case C -> ChildLanguage.C.command(ChildLanguage.C.worker(), folder);
            case PYTHON -> python(IN_TURN, begun);
            case PYTHON_NUMBERED ->
                python(NUMBERED, begun)
                        .environment("PYTHONDONTWRITEBYTECODE", "1")
                        .environment("PYTHONPATH", PhpRuns.ROOT.resolve("children"));
            case JAVA, JAVA_NUMBERED ->
                JavaCommand.of(RandomWorker::work, exchange.name(), begun.toString())
                        .options("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m")
                        .command();
        };
    }

    private static Command python(String script, Path begun) {
        Interpreters.require("python3");
        return Command.of("python3", "-c", script, begun.toString());
    }

    private static void work(String[] arguments) throws IOException, InterruptedException {
        Exchange exchange = Exchange.valueOf(arguments[0]);
        try (var begun = new FileOutputStream(arguments[1], true); // which no interrupt closes
                Requests requests = Requests.over(MessageChannel.over(Inherited.socket(), Wire.framed()), exchange)) {
            requests.handler(exchange == Exchange.NUMBERED ? AT_ONCE : 1, request -> {
                byte[] text = new byte[request.body().remaining()];
                request.body().get(text);
                String said = new String(text, US_ASCII);
                act(said.split(" ", 4), begun);
                return ByteBuffer.wrap(said.toUpperCase(Locale.ROOT).getBytes(US_ASCII));
            });
            var _ = requests.channel().onClosed().join();
        }
    }

    @SuppressWarnings("SystemOut") // which is what it is asked to do
    private static void act(String[] words, FileOutputStream begun) throws IOException, InterruptedException {
        if (!words[1].equals("ready")) {
            begun.write((words[0] + "\n").getBytes(US_ASCII));
        }
        switch (words[1]) {
            case "nap" -> {
                boolean _ = new CountDownLatch(1).await(Long.parseLong(words[2]), TimeUnit.MILLISECONDS);
            }
            case "hang" -> new CountDownLatch(1).await();
            case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(words[2]));
            case "print" -> System.out.println("a line of " + words[0]);
            case "fail" -> throw new IllegalStateException("on purpose");
            default -> {}
        }
    }
}
