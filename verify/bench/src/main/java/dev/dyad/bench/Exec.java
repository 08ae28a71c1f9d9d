package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The shortest thing that the launcher can do, as a whole process, in milliseconds.
final class Exec {

    private final List<String> command;

    Exec(Path launcher) {
        command = List.of(launcher.toString(), "exec", "--", "true");
    }

    /// Measures it as everybody runs it.
    double cached() throws IOException, InterruptedException {
        return Programs.millis(command, Map.of());
    }

    /// Measures it without the AOT cache.
    double uncached() throws IOException, InterruptedException {
        return Programs.millis(command, Map.of("DYAD_AOT", "off"));
    }
}
