package dev.dyad.worker;

import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Commands of the workers that the tests write in Python.
final class PythonWorkers {

    private PythonWorkers() {}

    /// Returns a command whose last lines are kept, and that is soon killed where it does not end.
    static Command python(String... arguments) {
        List<String> line = new ArrayList<>(List.of("python3"));
        line.addAll(List.of(arguments));
        return Command.of(line).stderr(Stdio.lastLines(10)).patience(Duration.ZERO, Duration.ofSeconds(1));
    }
}
