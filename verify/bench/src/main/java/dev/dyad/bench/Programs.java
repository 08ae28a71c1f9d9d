package dev.dyad.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs other programs to their end; what they say on stderr is seen then.
final class Programs {

    private static final int LONGEST = 80;

    private Programs() {}

    /// Returns what a program prints.
    ///
    /// @param hidden variables that it does not see
    /// @throws MissingPeer if it does not exist, or says so of what it measures
    /// @throws IOException if it exits with anything but 0
    static String output(List<String> command, String... hidden) throws IOException, InterruptedException {
        require(command.getFirst());
        var builder = builder(command);
        List.of(hidden).forEach(builder.environment()::remove);
        try (RunningProgram program = RunningProgram.start(builder)) {
            int code = program.await();
            String printed = program.printed();
            if (code == MissingPeer.EXIT_CODE && !printed.isBlank()) {
                throw new MissingPeer(printed.lines().toList().getLast());
            }
            check(command, code);
            return printed.strip();
        }
    }

    /// Returns what a program prints, a number.
    static Contender figure(List<String> command) {
        return () -> number(command, output(command));
    }

    /// Returns the number that a program has printed.
    ///
    /// @throws IOException if it is none
    static double number(List<String> command, String printed) throws IOException {
        try {
            return Double.parseDouble(printed);
        } catch (NumberFormatException e) {
            String shown = printed.replaceAll("\\p{Cntrl}", "?");
            throw new IOException(
                    "%s printed \"%s\", and no figure".formatted(command.getFirst(), shortened(shown)), e);
        }
    }

    /// Makes sure that a program is there.
    ///
    /// @throws MissingPeer if it is not
    static void require(String program) throws MissingPeer {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Stream<Path> places = program.contains("/")
                ? Stream.of(Path.of(program))
                : Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, program));
        if (places.noneMatch(Files::isExecutable)) {
            throw new MissingPeer("there is no %s on this machine".formatted(program));
        }
    }

    /// Returns how many milliseconds a program takes, from before it is started until it has ended.
    ///
    /// @throws IOException if it does not exist, or exits with anything but 0
    static double millis(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder = builder(command);
        builder.environment().putAll(environment);
        try (RunningProgram program = RunningProgram.start(builder)) {
            check(command, program.await());
            return program.millis();
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command).redirectInput(Redirect.from(new File("/dev/null")));
    }

    /// Leaves out an argument that nobody reads, such as a class path or a script.
    private static String shortened(String argument) {
        return argument.length() <= LONGEST ? argument : "…";
    }

    private static void check(List<String> command, int code) throws IOException {
        if (code != 0) {
            String said = command.stream()
                    .skip(1)
                    .map(Programs::shortened)
                    .collect(Collectors.joining(" ", command.getFirst() + " ", ""));
            throw new IOException("%s: exit code %d".formatted(said, code));
        }
    }
}
