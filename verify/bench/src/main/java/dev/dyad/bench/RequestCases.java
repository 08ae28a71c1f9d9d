package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import dev.dyad.message.Exchange;
import java.io.IOException;
import java.util.List;

/// Messages and requests between two processes, beside plain sockets, C and Python.
final class RequestCases {

    private static final List<String> NO_OPTIONS = List.of();
    private static final String NO_GAP = "0";
    private static final String SENDERS = "4";
    private static final String LONG_IDLE = "10"; // seconds: in the first, the collector and the compiler go on
    private static final String IN_FLIGHT = "64";

    private static final String PYTHON = """
            import os, sys, time
            from multiprocessing.connection import Pipe
            ours, theirs = Pipe()
            if os.fork() == 0:
                ours.close()
                try:
                    while True:
                        theirs.send_bytes(theirs.recv_bytes())
                except EOFError:
                    os._exit(0)
            theirs.close()
            message = b'x' * 64
            taken = []
            end = time.perf_counter() + float(sys.argv[1])
            while time.perf_counter() < end:
                begun = time.perf_counter()
                ours.send_bytes(message)
                ours.recv_bytes()
                taken.append(time.perf_counter() - begun)
            taken.sort()
            print(taken[len(taken) // 2] * 1e6)
            ours.close()
            os.wait()
            """;

    private static final String NODE = """
            const { spawn } = require('child_process');
            const echo = "process.on('message', (message) => process.send(message));";
            const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
            const child = spawn(process.execPath, ['-e', echo], { stdio });
            const message = 'x'.repeat(64);
            const taken = [];
            const end = performance.now() + 1e3 * Number(process.argv[1]);
            let begun = performance.now();
            child.on('message', () => {
                taken.push(performance.now() - begun);
                if (performance.now() > end) {
                    taken.sort((a, b) => a - b);
                    console.log(taken[taken.length >> 1] * 1e3);
                    child.disconnect();
                    return;
                }
                begun = performance.now();
                child.send(message);
            });
            child.send(message);
            """;

    private final CTwin twin;
    private final Pace pace;

    private RequestCases(CTwin twin, Pace pace) {
        this.twin = twin;
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compile("processes")) {
            var cases = new RequestCases(twin, pace);
            return Case.runAll(
                    pace,
                    progress,
                    cases.inTurn(),
                    cases.inFlight(),
                    cases.small(),
                    cases.longOnes(),
                    cases.streamedOnes(),
                    new Case(
                            "a 64-byte message, heap beyond what is handed out",
                            "B",
                            Goal.atMost(64),
                            Jvm.figureOf(MessageMemory.class, NO_OPTIONS, MessageMemory.MESSAGE),
                            List.of()),
                    new Case(
                            "an idle channel of 10,000, heap beyond its end",
                            "B",
                            Goal.atMost(1024),
                            Jvm.figureOf(MessageMemory.class, NO_OPTIONS, MessageMemory.CHANNEL),
                            List.of()),
                    new Case(
                            "10,000 idle channels that are received from, CPU of a core",
                            "%",
                            Goal.atMost(0.5),
                            Jvm.figureOf(IdleChannels.class, NO_OPTIONS, pace.size(5000), LONG_IDLE),
                            List.of()));
        }
    }

    private Case inTurn() {
        Contender plain =
                Jvm.figureOf(RoundTrip.class, NO_OPTIONS, RoundTrip.JAVA, pace.seconds(), NO_GAP, RoundTrip.P50);
        List<String> python = List.of("python3", "-c", PYTHON, pace.seconds());
        List<String> node = List.of("node", "-e", NODE, pace.seconds());
        return new Case(
                "64-byte request and answer, in turn",
                "µs",
                Jvm.figureOf(AskedRequests.class, NO_OPTIONS, AskedRequests.IN_TURN, pace.seconds()),
                new Rival("our plain sockets", Goal.atMost(1.15), plain),
                new Rival("Python's Pipe", Goal.atMost(0.5), figureOf(python)),
                new Rival("Node's process.send", null, figureOf(node)));
    }

    private static Contender figureOf(List<String> command) {
        return Programs.figure(command);
    }

    private Case inFlight() {
        return new Case(
                "64-byte requests, numbered, 64 in flight",
                "k/s",
                rate(Exchange.NUMBERED, IN_FLIGHT),
                new Rival("in turn, one thread", Goal.atLeast(3), rate(Exchange.IN_TURN, "1")));
    }

    private Contender rate(Exchange exchange, String threads) {
        return Jvm.figureOf(
                AskedRequests.class, NO_OPTIONS, AskedRequests.RATE, pace.seconds(), exchange.name(), threads);
    }

    private Case small() {
        return new Case(
                "64-byte messages to C, four threads",
                "M/s",
                Jvm.figureOf(SentMessages.class, NO_OPTIONS, SENDERS, twin.program(), pace.seconds()),
                new Rival("C, a send each", Goal.atLeast(4), twin.figure("messages", pace.seconds())));
    }

    private Case longOnes() {
        return new Case(
                "64 MiB messages to C",
                "GB/s",
                longOnes(SentMessages.WHOLE),
                new Rival("C to C, 64 KiB each", Goal.atLeast(0.9), twin.figure("throughput", pace.seconds())),
                new Rival("C to C, 64 MiB each", Goal.atLeast(0.9), twin.figure("long", pace.seconds())));
    }

    private Case streamedOnes() {
        return new Case(
                "64 MiB messages to C, in pieces",
                "GB/s",
                longOnes(SentMessages.STREAMED),
                new Rival("C to C, 64 KiB each", Goal.atLeast(0.9), twin.figure("throughput", pace.seconds())));
    }

    private Contender longOnes(String what) {
        return Jvm.figureOf(SentMessages.class, NO_OPTIONS, what, twin.program(), pace.seconds());
    }
}
