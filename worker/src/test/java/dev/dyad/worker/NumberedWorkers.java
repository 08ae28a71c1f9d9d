package dev.dyad.worker;

import dev.dyad.message.Exchange;
import dev.dyad.process.Command;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;

/// Workers in Python that have several requests at once, with `children/dyad.py`.
@NullUnmarked // what is not there fails the test
final class NumberedWorkers {

    /// Answers with its pid, and does what else it is told.
    private static final String WORKER = """
            import os, sys, time
            sys.path.insert(0, sys.argv[1])
            import dyad
            sent = 0
            def handle(request):
                global sent
                what, _, argument = request.body.decode().partition(' ')
                if what == 'crash':
                    request.cancelled.wait()
                    os._exit(3)
                if what == 'deaf':
                    while True:
                        time.sleep(1)
                if what == 'fail':
                    raise ValueError('no such city')
                if what == 'hold':
                    while not os.path.exists(argument):
                        request.check()
                        time.sleep(0.005)
                if what == 'parts':
                    for i in range(int(argument)):
                        request.part(str(i).encode())
                        sent += 1
                if what == 'echo':
                    return request.body
                if what == 'sent':
                    return str(sent).encode()
                return str(os.getpid()).encode()
            dyad.serve(handle, threads=8)
            """;

    private NumberedWorkers() {}

    static Command command() {
        return PythonWorkers.python(
                "-c",
                WORKER,
                Path.of(System.getProperty("dyad.root"), "children").toString());
    }

    static WorkerPlan plan() {
        return WorkerPlan.of(command())
                .exchange(Exchange.NUMBERED)
                .readyBy(PythonWorkers.LIMIT, PythonWorkers.words("ready?"));
    }
}
