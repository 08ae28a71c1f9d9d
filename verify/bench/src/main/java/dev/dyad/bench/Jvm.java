package dev.dyad.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM like this one.
final class Jvm {

    /// None of the JDK's complaints about those who access memory by `Unsafe`.
    static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /// Whether JVMs are to be there soon, and nobody looks at how fast they are then: one tells it to those it starts.
    private static final String SOON = "dyad.bench.soon";

    private Jvm() {}

    /// From now on, has JVMs without the second compiler, which takes more time than it saves in those that end soon.
    static void startSooner() {
        System.setProperty(SOON, "true");
    }

    private static List<String> sooner() {
        return Boolean.getBoolean(SOON) ? List.of("-XX:TieredStopAtLevel=1", "-D" + SOON + "=true") : List.of();
    }

    /// Returns the options of a JVM in which JMH measures: the consent to native access, and to what JMH does.
    static String[] optionsForJmh() {
        var options = new ArrayList<>(List.of(NATIVE_ACCESS, ALLOW_UNSAFE));
        options.addAll(sooner());
        return options.toArray(String[]::new);
    }

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
        command.add(NATIVE_ACCESS);
        command.addAll(sooner());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
