package dev.dyad.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM like this one.
final class Jvm {

    /// The consent to native access, and none of the JDK's complaints about JMH.
    static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private Jvm() {}

    /// Returns the command that runs `main` in a JVM with our class path.
    static List<String> command(Class<?> main) {
        return command(main, List.of());
    }

    /// Returns what a `main` method prints when it is run in a JVM of its own, with further options of the JVM.
    static Contender figureOf(Class<?> main, List<String> options, String... arguments) {
        List<String> command = command(main, options, arguments);
        return () -> Double.parseDouble(Programs.output(command));
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
