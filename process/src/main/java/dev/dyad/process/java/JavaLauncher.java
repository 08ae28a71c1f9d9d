package dev.dyad.process.java;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The `java` that starts a JVM like this one, and what it is told of the main class.
public final class JavaLauncher {

    /// Variables from which a JVM takes options that no list of ours has seen, and the class path that
    /// `--class-path` overrides only where there is one.
    public static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    private JavaLauncher() {}

    /// Returns the `java` of this JVM's image.
    public static String path() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// Says what is missing where this JVM's image has no `java` to start another one with.
    public static void require(Path java) {
        Path home = java.resolve("../..").normalize();
        if (!Files.isExecutable(java) && Files.exists(home.resolve("lib/modules"))) {
            throw new UnsupportedOperationException(
                    "a Java child needs " + java + ", which this image of a JDK has not:"
                            + " jpackage and jlink leave it out for --strip-native-commands, which jpackage says"
                            + " unless it is given --jlink-options without that");
        }
    }

    /// Returns the words that tell a new JVM, with this one's paths, to run a main class.
    ///
    /// @throws IllegalArgumentException if none can load it
    public static List<String> words(Class<?> main) {
        ClassLoader loader = main.getClassLoader();
        if (ClassLoader.getSystemClassLoader().equals(loader)) {
            return main.getModule().isNamed() ? inItsModule(main) : List.of(main.getName());
        }
        String launcher = FatJar.launcher(loader);
        if (launcher != null) {
            return List.of("-Dloader.main=" + main.getName(), launcher);
        }
        String source = System.getProperty("jdk.launcher.sourcefile", "");
        if (source.endsWith(File.separator + main.getSimpleName() + ".java")) {
            return List.of(source);
        }
        throw new IllegalArgumentException("no new JVM can load " + main + ", which comes from " + loader);
    }

    /// The modules that the parent began with: its main module, or what a program on the class path may use.
    private static List<String> inItsModule(Class<?> main) {
        return List.of(
                "--add-modules",
                System.getProperty("jdk.module.main", "ALL-DEFAULT"),
                "--module",
                main.getModule().getName() + "/" + main.getName());
    }
}
