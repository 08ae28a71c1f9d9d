package dev.dyad.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM like this one.
final class Jvm {

    /// None of the JDK's complaints about those who access memory by `Unsafe`.
    static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /// The consent to native access, and to what JMH does.
    static final List<String> FLAGS = List.of("--enable-native-access=ALL-UNNAMED", ALLOW_UNSAFE);

    private Jvm() {}

    /// Returns the command that runs `main` in a JVM with our class path.
    static List<String> command(Class<?> main) {
        return command(main, List.of());
    }

    /// Returns what a `main` method prints when it is run in a JVM of its own, with further options of the JVM.
    static Contender figureOf(Class<?> main, List<String> options, String... arguments) {
        List<String> command = command(main, options, arguments);
        return Programs.figure(command);
    }

    /// Returns the command that runs `main` in a JVM with our class path and further options.
    static List<String> command(Class<?> main, List<String> options, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(FLAGS.getFirst());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
