package dev.dyad.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Runs other programs to their end; what they say on stderr is seen.
final class Programs {

    private Programs() {}

    /// Returns what a program prints.
    ///
    /// @param hidden variables that it does not see
    /// @throws IOException if it does not exist, or exits with anything but 0
    static String output(List<String> command, String... hidden) throws IOException, InterruptedException {
        var builder = builder(command);
        List.of(hidden).forEach(builder.environment()::remove);
        Process process = builder.start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        check(command, process);
        return printed.strip();
    }

    /// Returns how many milliseconds a program takes, from before it is started until it has ended.
    ///
    /// @throws IOException if it does not exist, or exits with anything but 0
    static double millis(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder = builder(command).redirectOutput(Redirect.DISCARD);
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        check(command, builder.start());
        return (System.nanoTime() - start) / 1e6;
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectError(Redirect.INHERIT);
    }

    private static void check(List<String> command, Process process) throws IOException, InterruptedException {
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("%s: exit code %d".formatted(String.join(" ", command), code));
        }
    }
}
