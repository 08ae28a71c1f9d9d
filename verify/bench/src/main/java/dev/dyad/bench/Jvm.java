package dev.dyad.bench;

import java.nio.file.Path;
import java.util.List;

/// A JVM like this one.
final class Jvm {

    /// The consent to native access, and none of the JDK's complaints about JMH.
    static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private Jvm() {}

    /// Returns the command that runs `main` in a JVM with our class path.
    static List<String> command(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                FLAGS.getFirst(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }
}
